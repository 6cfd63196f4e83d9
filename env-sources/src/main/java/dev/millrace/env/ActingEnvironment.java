package dev.millrace.env;

import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.ParameterVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * One environment of a group with all that belongs to it: generator, accumulator and episode. The
 * step in which it failed counts, since a ticket paid for it, and its transitions are counted as
 * abandoned.
 */
final class ActingEnvironment<E extends Experience> implements AutoCloseable {
  private final int number;
  private final Accumulator<E> accumulator;
  private final MendedEnvironment environment;
  private final int observationSize;
  private final float[] action;

  private SeededRandom random;

  /** What the next decision is taken in; null while no episode is under way. */
  private float[] observation;

  /** What the policy carries through the episode. */
  private float[] memory = {};

  private long steps;
  private long abandoned;
  private double episodeReturn;
  private int episodeLength;

  ActingEnvironment(
      ActorSpec actors,
      int group,
      int number,
      EnvironmentProvider provider,
      Accumulator<E> accumulator) {
    this.number = number;
    this.accumulator = accumulator;
    environment = new MendedEnvironment(actors, group, number, provider);
    observationSize = actors.environment().observationSize();
    action = new float[actors.environment().actionSize()];
    random = SeededRandom.of(actors.seed(), "environment", number);
  }

  int number() {
    return number;
  }

  long steps() {
    return steps;
  }

  long abandoned() {
    return abandoned;
  }

  long faults() {
    return environment.faults();
  }

  double episodeReturn() {
    return episodeReturn;
  }

  int episodeLength() {
    return episodeLength;
  }

  /** Fills the batch's row, starting an episode if none is under way. */
  void observe(ActingBatch batch, int row) {
    if (observation == null) {
      begin();
      memory = new float[batch.memorySize];
    } else if (memory.length != batch.memorySize) {
      memory = new float[batch.memorySize]; // another policy's, from before a restore
    }
    System.arraycopy(memory, 0, batch.memory, row * memory.length, memory.length);
    System.arraycopy(
        observation, 0, batch.observations, row * batch.observationSize, observation.length);
    batch.environments[row] = number;
    batch.randoms[row] = random;
  }

  /**
   * Takes the step that the batch's row decided.
   *
   * @return the last step of an episode, which stays to be read from {@link #episodeReturn} and
   *     {@link #episodeLength} until the next {@link #observe}; otherwise null
   */
  TimeStep step(ActingBatch batch, int row, ParameterVersion version, Consumer<E> completed) {
    accumulator.decided(
        version,
        batch.actions,
        row * batch.actionSize,
        batch.annotations,
        row * batch.annotationSize,
        completed);
    System.arraycopy(batch.memory, row * memory.length, memory, 0, memory.length);
    System.arraycopy(batch.actions, row * batch.actionSize, action, 0, action.length);
    steps++;
    TimeStep next = environment.step(action);
    if (next == null) {
      abandoned += accumulator.abandon();
      observation = null;
      return null;
    }
    accumulator.stepped(next, completed);
    episodeReturn += next.reward();
    episodeLength++;
    observation = next.last() ? null : next.observation();
    return next.last() ? next : null;
  }

  /** Whether it is in the middle of an episode. */
  boolean underWay() {
    return observation != null;
  }

  /** The ticket was answered. */
  void cut(Consumer<E> completed) {
    accumulator.cut(completed);
  }

  private void begin() {
    observation = environment.reset(random);
    episodeReturn = 0;
    episodeLength = 0;
    accumulator.begin(steps, observation);
  }

  @Override
  public void close() {
    environment.close();
  }

  /** Writes everything; the group writes the version. */
  void save(DataOutput out) throws IOException {
    out.writeLong(random.state());
    out.writeLong(steps);
    out.writeLong(abandoned);
    environment.saveFaults(out);
    out.writeDouble(episodeReturn);
    out.writeInt(episodeLength);
    accumulator.save(out);
    out.writeBoolean(observation != null);
    if (observation == null) {
      return;
    }
    for (float part : observation) {
      out.writeFloat(part);
    }
    out.writeInt(memory.length);
    for (float part : memory) {
      out.writeFloat(part);
    }
    environment.saveEpisode(out);
  }

  /**
   * Continues what {@link #save} wrote.
   *
   * @return whether an episode was lost because the environment could not be snapshotted
   */
  boolean restore(DataInput in) throws IOException {
    random = new SeededRandom(in.readLong());
    steps = in.readLong();
    abandoned = in.readLong();
    environment.restoreFaults(in);
    episodeReturn = in.readDouble();
    episodeLength = in.readInt();
    accumulator.restore(in);
    observation = null;
    if (!in.readBoolean()) {
      return false;
    }
    float[] saved = new float[observationSize];
    for (int i = 0; i < saved.length; i++) {
      saved[i] = in.readFloat();
    }
    memory = new float[in.readInt()];
    for (int i = 0; i < memory.length; i++) {
      memory[i] = in.readFloat();
    }
    if (!environment.restoreEpisode(in, random)) {
      abandoned += accumulator.abandon();
      return true;
    }
    observation = saved;
    return false;
  }
}
