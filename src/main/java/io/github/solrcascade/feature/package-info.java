/**
 * Features: Solr LTR's own and ours, and how a stage's features are computed for its candidates.
 * With {@code model}, the only place that knows {@code org.apache.solr.ltr}.
 */
package io.github.solrcascade.feature;
