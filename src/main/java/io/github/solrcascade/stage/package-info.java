/** The cascade itself: stages, how they rerank candidates, and what became of each. */
package io.github.solrcascade.stage;
