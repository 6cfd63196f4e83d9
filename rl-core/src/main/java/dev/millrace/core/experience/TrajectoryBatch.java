package dev.millrace.core.experience;

import java.util.Arrays;
import java.util.List;

/**
 * The trajectories of a few rollouts, one after the other in columns: {@code N} steps in all, and
 * the {@code K} observations that the trajectories ended with.
 *
 * @param observations {@code float[(N + K) × D]}, those acted upon and then those ended with
 * @param annotations {@code float[N × annotationSize]}, what the policy said of each decision
 * @param rewards {@code float[N]}
 * @param discounts {@code float[N]}, 0 where an episode terminated
 * @param last {@code boolean[N]}, the last step of each trajectory
 * @param ended {@code boolean[N]}, the last step of each episode
 * @param environments {@code int[N]}, who took the step
 */
public record TrajectoryBatch(
    int size,
    int observationSize,
    float[] observations,
    float[] annotations,
    float[] rewards,
    float[] discounts,
    boolean[] last,
    boolean[] ended,
    int[] environments) {

  /**
   * The columns of {@code rollouts}, in their order; one that is reduced to its gradient has none.
   *
   * @throws IllegalArgumentException if a trajectory has rows of other lengths
   */
  public static TrajectoryBatch of(
      List<Rollout> rollouts, int observationSize, int annotationSize) {
    int size = 0;
    int ends = 0;
    for (Rollout rollout : rollouts) {
      size += rollout.gradient() == null ? rollout.transitions() : 0;
      ends += rollout.trajectories().size();
    }
    TrajectoryBatch batch =
        new TrajectoryBatch(
            size,
            observationSize,
            new float[(size + ends) * observationSize],
            new float[size * annotationSize],
            new float[size],
            new float[size],
            new boolean[size],
            new boolean[size],
            new int[size]);
    int at = 0;
    int end = size;
    for (Rollout rollout : rollouts) {
      for (Trajectory trajectory : rollout.trajectories()) {
        batch.put(trajectory, at, end++, annotationSize);
        at += trajectory.steps();
      }
    }
    return batch;
  }

  private void put(Trajectory trajectory, int at, int end, int annotationSize) {
    int steps = trajectory.steps();
    int width = observationSize;
    if (trajectory.nextObservation().length != width
        || trajectory.annotations().length != steps * annotationSize) {
      throw new IllegalArgumentException(
          "trajectory of environment %d: %d steps with annotations[%d] and nextObservation[%d]: must be annotated with %d floats a step and observe %d, as the agent that learns from it does"
              .formatted(
                  trajectory.environment(),
                  steps,
                  trajectory.annotations().length,
                  trajectory.nextObservation().length,
                  annotationSize,
                  width));
    }
    System.arraycopy(trajectory.observations(), 0, observations, at * width, steps * width);
    System.arraycopy(trajectory.nextObservation(), 0, observations, end * width, width);
    System.arraycopy(
        trajectory.annotations(), 0, annotations, at * annotationSize, steps * annotationSize);
    System.arraycopy(trajectory.rewards(), 0, rewards, at, steps);
    System.arraycopy(trajectory.discounts(), 0, discounts, at, steps);
    last[at + steps - 1] = true;
    ended[at + steps - 1] = trajectory.ended();
    Arrays.fill(environments, at, at + steps, trajectory.environment());
  }

  /** Rows of {@link #observations}, {@code N + K}. */
  public int rows() {
    return observations.length / observationSize;
  }

  /**
   * The value of the state that each step led to, {@code float[N]}.
   *
   * @param values {@code float[N + K]} or longer, of all observations
   */
  public float[] nextValues(float[] values) {
    float[] next = new float[size];
    int end = size;
    for (int t = 0; t < size; t++) {
      next[t] = last[t] ? values[end++] : values[t + 1];
    }
    return next;
  }
}
