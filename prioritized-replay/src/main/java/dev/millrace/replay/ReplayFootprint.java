package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.TransitionLayout;

/**
 * What a replay takes when it holds so many transitions, over all shards.
 *
 * @param transitionBytes one transition as it is stored
 * @param storedBytes transitions in whole chunks, and their weights, in the state backend, before
 *     compression; what the replay reports as stored
 * @param cachedBytes of them also on the heap, to be served from there
 * @param indexBytes the samplers' heap
 */
public record ReplayFootprint(
    int transitionBytes, long storedBytes, long cachedBytes, long indexBytes) {

  /**
   * The footprint of a replay that holds {@code transitions}, evenly over its shards: chunks of
   * {@code c} transitions of {@code b} bytes, the newest of them cached as far as {@code
   * replay.cache-bytes} goes, and 4 bytes for each weight.
   *
   * @param loader sees the sampler
   */
  public static ReplayFootprint of(
      ReplaySpec.Sampled spec, ReplaySettings settings, long transitions, ClassLoader loader) {
    int bytes = new TransitionLayout(spec.observationSize(), spec.actionSize()).bytes();
    int chunk = ChunkRing.chunkSize(bytes);
    long held = Math.min(settings.shardCapacity(), (transitions - 1) / settings.shards() + 1);
    long chunks = (held - 1) / chunk + 1;
    long cacheable = settings.shardCacheBytes() / ((long) chunk * bytes);
    long index =
        SamplerProvider.catalogue(loader)
            .get(settings.sampler())
            .heapBytes(settings.shardCapacity());
    return new ReplayFootprint(
        bytes,
        settings.shards() * (chunks * chunk * bytes + WeightBlocks.storedBytes((int) held)),
        settings.shards() * Math.min(chunks, cacheable) * chunk * bytes,
        settings.shards() * index);
  }
}
