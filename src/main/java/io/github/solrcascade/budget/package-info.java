/** A request's time: when it is up, and how that is said. */
package io.github.solrcascade.budget;
