/** Models of LTR's model store, as stages use them, and the wiring of LTR's two stores. */
package io.github.solrcascade.model;
