package dev.millrace.core.agent;

import java.io.Serializable;

/**
 * What an algorithm wants from its replay.
 *
 * @param observationSize floats in an observation, D
 * @param actionSize floats in an action, A
 * @param batchSize transitions in a sample, B
 */
public record ReplaySpec(int observationSize, int actionSize, int batchSize)
    implements Serializable {
  public ReplaySpec {
    if (observationSize < 1 || actionSize < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "replay spec observationSize=%d, actionSize=%d, batchSize=%d: must be at least 1"
              .formatted(observationSize, actionSize, batchSize));
    }
  }
}
