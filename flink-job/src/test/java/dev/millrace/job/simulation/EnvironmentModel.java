package dev.millrace.job.simulation;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.NStepAccumulator;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.policy.ParameterVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * An environment whose episodes terminate, are truncated or fail at random; what it observes is its
 * own number and step.
 */
final class EnvironmentModel {
  private static final float[] ACTION = {0};
  private static final float[] ANNOTATIONS = {0, 0};

  final int number;
  private final Conditions conditions;
  private final RandomGenerator random;
  private final NStepAccumulator accumulator;
  private boolean inEpisode;
  long steps;
  long abandoned;

  EnvironmentModel(int number, Conditions conditions, RandomGenerator random) {
    this.number = number;
    this.conditions = conditions;
    this.random = random;
    accumulator = new NStepAccumulator(number, conditions.n, 0.99, 2, 1);
  }

  void step(ParameterVersion version, Consumer<Transition> completed) {
    if (!inEpisode) {
      accumulator.begin(steps, observation());
      inEpisode = true;
    }
    accumulator.decided(version, ACTION, 0, ANNOTATIONS, 0, completed);
    steps++;
    if (random.nextDouble() < conditions.faultRate) {
      abandon();
      return;
    }
    inEpisode = random.nextDouble() >= conditions.endRate;
    TimeStep next =
        inEpisode
            ? TimeStep.mid(observation(), 1)
            : random.nextBoolean()
                ? TimeStep.terminated(observation(), 1)
                : TimeStep.truncated(observation(), 1);
    accumulator.stepped(next, completed);
  }

  private float[] observation() {
    return new float[] {number, steps};
  }

  private void abandon() {
    abandoned += accumulator.abandon();
    inEpisode = false;
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(steps);
    out.writeLong(abandoned);
    out.writeBoolean(inEpisode);
    accumulator.save(out);
  }

  void restore(DataInput in) throws IOException {
    steps = in.readLong();
    abandoned = in.readLong();
    inEpisode = in.readBoolean();
    accumulator.restore(in);
    if (conditions.defect == Defect.RESIDUE_LOST) {
      accumulator.abandon();
      inEpisode = false;
    } else if (inEpisode && !conditions.snapshots) {
      abandon();
    }
  }

  /** Every step began a transition: how many are neither abandoned nor still held back. Ends it. */
  long completed() {
    return steps - abandoned - accumulator.abandon();
  }
}
