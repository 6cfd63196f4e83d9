package dev.millrace.replay;

import dev.millrace.core.config.Settings;
import java.io.Serializable;

/**
 * How a replay is kept.
 *
 * @param sampler its name in the catalogue
 * @param capacity transitions, over all shards
 * @param shards parts the replay is cut into, fixed for the life of its state
 * @param parallelism tasks that hold them
 * @param cacheBytes serving cache on the heap, over all shards
 * @param seed decides what is drawn
 * @param options for the sampler to read its own
 */
public record ReplaySettings(
    String sampler,
    long capacity,
    int shards,
    int parallelism,
    long cacheBytes,
    long seed,
    Settings options)
    implements Serializable {
  public ReplaySettings {
    if (shards < 1 || capacity < shards || (capacity - 1) / shards >= Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "replay capacity=%d, shards=%d: each shard needs room for 1 to 2147483631 transitions"
              .formatted(capacity, shards));
    }
    if (parallelism < 1 || parallelism > shards) {
      throw new IllegalArgumentException(
          "replay parallelism=%d: must be from 1 to the number of shards, %d, or a task would hold none"
              .formatted(parallelism, shards));
    }
    if (cacheBytes < 0) {
      throw new IllegalArgumentException(
          "replay cacheBytes=%d: must be at least 0; with 0 every sample is read from the store"
              .formatted(cacheBytes));
    }
  }

  /** Transitions that one shard holds. */
  public int shardCapacity() {
    return (int) ((capacity - 1) / shards + 1);
  }

  /** The serving cache of one shard, in bytes. */
  public long shardCacheBytes() {
    return cacheBytes / shards;
  }

  /** A new sampler for one shard, from the catalogue that {@code loader} sees. */
  public Sampler newSampler(ClassLoader loader) {
    return SamplerProvider.catalogue(loader).get(sampler).create(shardCapacity(), options);
  }
}
