package dev.millrace.core.experience;

/**
 * {@code T} consecutive steps of one episode of one environment, acted with one version of the
 * parameters. Only the last step can end the episode: by termination, and then its discount is 0,
 * or by truncation. What follows the last step otherwise is worth the value of {@code
 * nextObservation}.
 *
 * @param environment the experiment-wide number of the environment, from 0
 * @param step the environment's own step count when the first action was taken
 * @param observations {@code float[T × D]}, {@code s_0 … s_(T-1)}
 * @param actions {@code float[T × A]}, as the environment was given them
 * @param annotations {@code float[T × K]}, what the policy said of each decision
 * @param rewards {@code float[T]}
 * @param discounts {@code float[T]}, the environment's times gamma
 * @param nextObservation {@code float[D]}, {@code s_T}
 * @param ended whether the episode ended, rather than being cut here
 */
public record Trajectory(
    int environment,
    long step,
    float[] observations,
    float[] actions,
    float[] annotations,
    float[] rewards,
    float[] discounts,
    float[] nextObservation,
    boolean ended)
    implements Experience {
  public Trajectory {
    int length = rewards.length;
    if (length == 0
        || discounts.length != length
        || observations.length != length * nextObservation.length
        || actions.length % length != 0
        || annotations.length % length != 0) {
      throw new IllegalArgumentException(
          "trajectory of environment %d: observations[%d], actions[%d], annotations[%d], rewards[%d], discounts[%d], nextObservation[%d]: each must hold one row for each of at least 1 reward"
              .formatted(
                  environment,
                  observations.length,
                  actions.length,
                  annotations.length,
                  length,
                  discounts.length,
                  nextObservation.length));
    }
  }

  /** {@code T}. */
  @Override
  public int steps() {
    return rewards.length;
  }
}
