package dev.millrace.replay;

import dev.millrace.core.Catalogue;
import dev.millrace.core.Named;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import java.util.List;

/**
 * Makes samplers of one name, for {@code replay.sampler}. Providers are found through {@link
 * java.util.ServiceLoader}: name yours in {@code
 * META-INF/services/dev.millrace.replay.SamplerProvider}.
 */
public interface SamplerProvider extends Named {

  /** The options under {@code replay.} that it reads. */
  List<Option<?>> options();

  /**
   * A sampler for one shard.
   *
   * @param capacity slots in the shard
   */
  Sampler create(int capacity, Settings settings);

  /** Every sampler that {@code loader} sees. */
  static Catalogue<SamplerProvider> catalogue(ClassLoader loader) {
    return Catalogue.of("sampler", SamplerProvider.class, loader);
  }

  /** Heap that a sampler for {@code capacity} slots takes, in bytes; 0 if next to nothing. */
  default long heapBytes(int capacity) {
    return 0;
  }
}
