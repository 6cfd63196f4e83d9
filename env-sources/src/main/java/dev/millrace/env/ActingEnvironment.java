package dev.millrace.env;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.Experience;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One environment of a group with all that belongs to it: generator, accumulator, episode and
 * faults. A failing environment is closed and made anew; the step in which it failed counts, since
 * a ticket paid for it, and its transitions are counted as abandoned.
 */
final class ActingEnvironment<E extends Experience> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ActingEnvironment.class);

  private final int number;
  private final int group;
  private final ActorSpec actors;
  private final EnvironmentSpec spec;
  private final AnswerRules rules;
  private final EnvironmentProvider provider;
  private final Accumulator<E> accumulator;
  private final float[] action;

  private SeededRandom random;
  private Environment environment;

  /** What the next decision is taken in; null while no episode is under way. */
  private float[] observation;

  /** What the policy carries through the episode. */
  private float[] memory = {};

  private long steps;
  private long abandoned;
  private long faults;
  private int consecutiveFaults;
  private double episodeReturn;
  private int episodeLength;

  ActingEnvironment(
      ActorSpec actors,
      int group,
      int number,
      EnvironmentProvider provider,
      Accumulator<E> accumulator) {
    this.actors = actors;
    this.group = group;
    this.number = number;
    this.provider = provider;
    this.accumulator = accumulator;
    spec = actors.environment();
    rules = new AnswerRules(spec);
    action = new float[spec.actionSize()];
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
    return faults;
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
    TimeStep next;
    try {
      next = rules.checked(environment.step(action), false);
    } catch (Exception failure) {
      fail(failure);
      return null;
    }
    consecutiveFaults = 0;
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
    while (observation == null) {
      try {
        if (environment == null) {
          environment = provider.create();
        }
        observation = rules.checked(environment.reset(random), true).observation();
      } catch (Exception failure) {
        fail(failure);
      }
    }
    episodeReturn = 0;
    episodeLength = 0;
    accumulator.begin(steps, observation);
  }

  private void fail(Exception failure) {
    faults++;
    consecutiveFaults++;
    abandoned += accumulator.abandon();
    observation = null;
    close();
    if (consecutiveFaults >= actors.maxConsecutiveFaults()) {
      throw new EnvironmentFaultException(
          "environment %d (%s) of group %d failed environment.max-consecutive-faults=%d times in a row: %s; mend it, or tolerate more"
              .formatted(number, spec.name(), group, consecutiveFaults, failure),
          failure);
    }
    if (Long.bitCount(faults) == 1) {
      LOG.warn(
          "Environment {} ({}) of group {} failed and starts anew; {} faults so far",
          number,
          spec.name(),
          group,
          faults,
          failure);
    }
  }

  @Override
  public void close() {
    Environment closing = environment;
    environment = null;
    if (closing != null) {
      try {
        closing.close();
      } catch (Exception failure) {
        LOG.warn("Environment {} ({}) did not close", number, spec.name(), failure);
      }
    }
  }

  /** Writes everything; the group writes the version. */
  void save(DataOutput out) throws IOException {
    out.writeLong(random.state());
    out.writeLong(steps);
    out.writeLong(abandoned);
    out.writeLong(faults);
    out.writeInt(consecutiveFaults);
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
    boolean snapshot = environment.canSnapshot();
    out.writeBoolean(snapshot);
    if (snapshot) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      environment.save(new DataOutputStream(bytes));
      out.writeInt(bytes.size());
      out.write(bytes.toByteArray());
    }
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
    faults = in.readLong();
    consecutiveFaults = in.readInt();
    episodeReturn = in.readDouble();
    episodeLength = in.readInt();
    accumulator.restore(in);
    observation = null;
    if (!in.readBoolean()) {
      return false;
    }
    float[] saved = new float[spec.observationSize()];
    for (int i = 0; i < saved.length; i++) {
      saved[i] = in.readFloat();
    }
    memory = new float[in.readInt()];
    for (int i = 0; i < memory.length; i++) {
      memory[i] = in.readFloat();
    }
    if (!in.readBoolean()) {
      abandoned += accumulator.abandon();
      return true;
    }
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    close();
    environment = provider.create();
    environment.restore(new DataInputStream(new ByteArrayInputStream(bytes)), random);
    observation = saved;
    return false;
  }
}
