/**
 * Rerankers behind HTTP. The only room that calls other machines, and only those that the
 * configuration names.
 */
package io.github.solrcascade.remote;
