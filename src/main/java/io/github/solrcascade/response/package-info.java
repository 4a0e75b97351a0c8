/** What a response says of a cascade: its section, explanations and feature logs. */
package io.github.solrcascade.response;
