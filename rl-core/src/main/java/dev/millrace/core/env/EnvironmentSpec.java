package dev.millrace.core.env;

import java.io.Serializable;

/**
 * What an agent must know of an environment before it meets it.
 *
 * @param name as in the catalogue, such as {@code CartPole-v1}
 * @param observations the observation space, {@code D = observations.size()} floats
 * @param actions the action space, {@code A = actions.size()} floats
 * @param maxEpisodeSteps the time limit at which an episode is truncated
 */
public record EnvironmentSpec(
    String name, Space.Box observations, Space actions, int maxEpisodeSteps)
    implements Serializable {
  public EnvironmentSpec {
    if (maxEpisodeSteps < 1) {
      throw new IllegalArgumentException(
          "maxEpisodeSteps=%d of environment %s: must be at least 1"
              .formatted(maxEpisodeSteps, name));
    }
  }

  /** Floats in one observation. */
  public int observationSize() {
    return observations.size();
  }

  /** Floats in one action: 1 for a discrete space. */
  public int actionSize() {
    return actions.size();
  }
}
