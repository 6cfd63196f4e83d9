/**
 * Sharded replay. A shard is four things: a {@link dev.millrace.replay.Sampler} that knows slots
 * and priorities but never items, a ring that overwrites the oldest, counters from which others
 * pace the loop, and a {@link dev.millrace.replay.ShardStore} that keeps everything.
 */
package dev.millrace.replay;
