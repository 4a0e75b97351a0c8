/** Records parsed from solrconfig.xml, and the errors that name the place of a mistake in it. */
package io.github.solrcascade.config;
