package dev.millrace.learner;

import dev.millrace.core.agent.RateLimiter;
import java.io.Serializable;

/**
 * How a learner is fed and heard.
 *
 * @param shards replay shards, which must all have reported before any is asked
 * @param limiter how far sampling may run ahead of inserting
 * @param prefetch batches under way to the learner
 * @param publishEvery updates between two publications of parameters
 * @param maxNonFinite updates dropped in a row after which the job fails for good
 * @param seed decides the first parameters and which shards are asked
 */
public record LearnerSettings(
    int shards, RateLimiter limiter, int prefetch, int publishEvery, int maxNonFinite, long seed)
    implements Serializable {
  public LearnerSettings {
    if (shards < 1 || prefetch < 1 || publishEvery < 1 || maxNonFinite < 1) {
      throw new IllegalArgumentException(
          "learner shards=%d, prefetch=%d, publishEvery=%d, maxNonFinite=%d: must be at least 1"
              .formatted(shards, prefetch, publishEvery, maxNonFinite));
    }
  }
}
