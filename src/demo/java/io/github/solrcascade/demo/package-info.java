/**
 * The demo: a real Solr over HTTP, a judged set indexed into it, and what each stage of a cascade
 * gains and costs.
 */
package io.github.solrcascade.demo;
