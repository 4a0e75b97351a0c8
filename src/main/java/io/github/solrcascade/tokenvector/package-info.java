/**
 * The token vectors of documents: how they are stored, thinned out and compared with a query's. It
 * knows nothing of encoders; whoever has vectors of length 1 can use it.
 */
package io.github.solrcascade.tokenvector;
