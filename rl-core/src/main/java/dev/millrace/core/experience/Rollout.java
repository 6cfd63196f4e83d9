package dev.millrace.core.experience;

import dev.millrace.core.policy.ParameterVersion;
import java.util.List;

/**
 * What the environments of one group did for one ticket, or the gradient that came of it.
 *
 * @param group which, from 0
 * @param number of the ticket; a group's are numbered from 1, without gaps
 * @param version of the parameters that acted
 * @param transitions steps in all trajectories together
 * @param trajectories in the order in which they were completed, environment by environment within
 *     a step; empty if there is a gradient instead, or if every environment failed at once
 * @param gradient {@code float[P]}, of the mean loss over the transitions with respect to all
 *     published parameters; null if the learner is to find it
 * @param measures means over the transitions that the gradient came of; empty without one
 */
public record Rollout(
    int group,
    long number,
    ParameterVersion version,
    int transitions,
    List<Trajectory> trajectories,
    float[] gradient,
    double[] measures) {
  private static final double[] NONE = {};

  public Rollout {
    trajectories = List.copyOf(trajectories);
    int held = steps(trajectories);
    if (group < 0
        || number < 1
        || transitions < 0
        || transitions != held && gradient == null
        || held > 0 && gradient != null) {
      throw new IllegalArgumentException(
          "rollout %d of group %d: transitions=%d, trajectories of %d steps, %s: must be numbered from 1 in a group from 0, and hold each transition in a trajectory unless a gradient stands for them all"
              .formatted(
                  number,
                  group,
                  transitions,
                  held,
                  gradient == null ? "no gradient" : "gradient=float[" + gradient.length + "]"));
    }
  }

  /** A rollout with all that happened in it. */
  public static Rollout of(
      int group, long number, ParameterVersion version, List<Trajectory> trajectories) {
    return new Rollout(group, number, version, steps(trajectories), trajectories, null, NONE);
  }

  private static int steps(List<Trajectory> trajectories) {
    int steps = 0;
    for (Trajectory trajectory : trajectories) {
      steps += trajectory.steps();
    }
    return steps;
  }

  /** The same with its gradient in place of its trajectories. */
  public Rollout reducedTo(float[] gradient, double... measures) {
    return new Rollout(group, number, version, transitions, List.of(), gradient, measures);
  }
}
