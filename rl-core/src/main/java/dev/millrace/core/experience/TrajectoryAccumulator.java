package dev.millrace.core.experience;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.policy.ParameterVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Collects the steps of an episode until it ends or a ticket was answered, and completes them as
 * one trajectory. Nothing is left between two tickets but the observation that the next one starts
 * from, so that is all it saves.
 */
public final class TrajectoryAccumulator implements Accumulator<Trajectory> {
  private static final int VERSION = 1;
  private static final int FEW = 16;

  private final int environment;
  private final double gamma;
  private final int observationSize;
  private final int actionSize;
  private final int annotationSize;

  private float[] observations;
  private float[] actions;
  private float[] annotations;
  private float[] rewards;
  private float[] discounts;

  /** Null between episodes. */
  private float[] latest;

  private long nextStep;
  private int decided;
  private int answered;

  /**
   * @param environment the number its trajectories carry
   * @param gamma discount per step, on top of the environment's own
   * @param observationSize floats in an observation, D
   * @param actionSize floats in an action, A
   * @param annotationSize floats that the policy annotates a decision with, K
   */
  public TrajectoryAccumulator(
      int environment, double gamma, int observationSize, int actionSize, int annotationSize) {
    this.environment = environment;
    this.gamma = gamma;
    this.observationSize = observationSize;
    this.actionSize = actionSize;
    this.annotationSize = annotationSize;
    makeRoom(FEW);
  }

  private void makeRoom(int steps) {
    observations = resized(observations, steps * observationSize);
    actions = resized(actions, steps * actionSize);
    annotations = resized(annotations, steps * annotationSize);
    rewards = resized(rewards, steps);
    discounts = resized(discounts, steps);
  }

  private static float[] resized(float[] values, int length) {
    return values == null ? new float[length] : Arrays.copyOf(values, length);
  }

  @Override
  public void begin(long step, float[] observation) {
    require(
        latest == null,
        "an episode begins while one is under way; a broken episode ends with abandon()");
    nextStep = step;
    observed(observation);
  }

  @Override
  public void decided(
      ParameterVersion version,
      float[] actions,
      int actionOffset,
      float[] annotations,
      int annotationOffset,
      Consumer<Trajectory> completed) {
    require(
        latest != null && decided == answered,
        "an action is decided upon before the environment answered the last; a broken episode ends with abandon()");
    if (decided == rewards.length) {
      makeRoom(2 * decided);
    }
    System.arraycopy(latest, 0, observations, decided * observationSize, observationSize);
    System.arraycopy(actions, actionOffset, this.actions, decided * actionSize, actionSize);
    System.arraycopy(
        annotations, annotationOffset, this.annotations, decided * annotationSize, annotationSize);
    decided++;
    nextStep++;
  }

  @Override
  public void stepped(TimeStep next, Consumer<Trajectory> completed) {
    require(
        decided == answered + 1,
        "a step answers an action that was not decided upon; its trajectory would have a gap");
    rewards[answered] = next.reward();
    discounts[answered] = (float) (next.discount() * gamma);
    answered++;
    observed(next.observation());
    if (next.last()) {
      complete(true, completed);
      latest = null;
    }
  }

  @Override
  public void cut(Consumer<Trajectory> completed) {
    if (answered > 0) {
      complete(false, completed);
    }
  }

  private void complete(boolean ended, Consumer<Trajectory> completed) {
    int steps = answered;
    decided = 0;
    answered = 0;
    completed.accept(
        new Trajectory(
            environment,
            nextStep - steps,
            Arrays.copyOf(observations, steps * observationSize),
            Arrays.copyOf(actions, steps * actionSize),
            Arrays.copyOf(annotations, steps * annotationSize),
            Arrays.copyOf(rewards, steps),
            Arrays.copyOf(discounts, steps),
            latest,
            ended));
  }

  private void observed(float[] observation) {
    if (observation.length != observationSize) {
      throw new IllegalArgumentException(
          "observation=float[%d] of environment %d: must be float[%d], as its specification says"
              .formatted(observation.length, environment, observationSize));
    }
    latest = observation;
  }

  private void require(boolean inTurn, String what) {
    if (!inTurn) {
      throw new IllegalStateException(
          "accumulator of environment %d: %s".formatted(environment, what));
    }
  }

  @Override
  public int abandon() {
    int dropped = decided;
    decided = 0;
    answered = 0;
    latest = null;
    return dropped;
  }

  /**
   * @throws IllegalStateException if called in the middle of a ticket
   */
  @Override
  public void save(DataOutput out) throws IOException {
    require(
        decided == 0,
        "is saved in the middle of a ticket; the steps under way would be lost, cut them first");
    out.writeInt(VERSION);
    out.writeBoolean(latest != null);
    if (latest != null) {
      out.writeLong(nextStep);
      for (float part : latest) {
        out.writeFloat(part);
      }
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "trajectory accumulator version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    abandon();
    if (in.readBoolean()) {
      nextStep = in.readLong();
      latest = new float[observationSize];
      for (int i = 0; i < observationSize; i++) {
        latest[i] = in.readFloat();
      }
    }
  }
}
