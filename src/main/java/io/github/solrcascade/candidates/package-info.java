/** The documents in play, and what is known of them. */
package io.github.solrcascade.candidates;
