package dev.millrace.learner;

import java.io.Serializable;

/**
 * How a learner takes rollouts and publishes.
 *
 * @param groups environment groups that send rollouts
 * @param publishEvery updates between two publications of parameters
 * @param maxNonFinite updates dropped in a row after which learning fails for good
 * @param seed of the experiment
 */
public record RolloutSettings(int groups, int publishEvery, int maxNonFinite, long seed)
    implements Serializable {
  public RolloutSettings {
    if (groups < 1 || publishEvery < 1 || maxNonFinite < 0) {
      throw new IllegalArgumentException(
          "rollout settings groups=%d, publishEvery=%d, maxNonFinite=%d: must be at least 1, 1 and 0"
              .formatted(groups, publishEvery, maxNonFinite));
    }
  }
}
