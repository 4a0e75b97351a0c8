/**
 * The plugin as Solr sees it: query parsers, the rank query, the search component and the update
 * processor. The only rooms that see requests and responses.
 */
package io.github.solrcascade;
