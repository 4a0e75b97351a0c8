/**
 * A cascade over several shards: what the coordinator asks of them, what they answer, and the one
 * order that comes of it.
 */
package io.github.solrcascade.distributed;
