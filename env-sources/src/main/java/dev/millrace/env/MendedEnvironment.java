package dev.millrace.env;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.TimeStep;
import dev.millrace.core.math.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An environment that is closed and made anew when it fails, up to a number of times in a row. A
 * wrong answer is a failure too.
 */
final class MendedEnvironment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MendedEnvironment.class);

  private final ActorSpec actors;
  private final int group;
  private final int number;
  private final EnvironmentProvider provider;
  private final AnswerRules rules;

  /** Null until it is needed. */
  private Environment environment;

  private long faults;
  private int consecutiveFaults;

  MendedEnvironment(ActorSpec actors, int group, int number, EnvironmentProvider provider) {
    this.actors = actors;
    this.group = group;
    this.number = number;
    this.provider = provider;
    rules = new AnswerRules(actors.environment());
  }

  /** Times it failed. */
  long faults() {
    return faults;
  }

  /**
   * Starts an episode, however many attempts that takes.
   *
   * @return its first observation
   * @throws EnvironmentFaultException if it fails too often in a row
   */
  float[] reset(SeededRandom random) {
    while (true) {
      try {
        if (environment == null) {
          environment = provider.create();
        }
        return rules.checked(environment.reset(random), true).observation();
      } catch (Exception failure) {
        fail(failure);
      }
    }
  }

  /**
   * Takes a step.
   *
   * @return null if it failed, and the episode with it
   * @throws EnvironmentFaultException if it fails too often in a row
   */
  TimeStep step(float[] action) {
    try {
      TimeStep next = rules.checked(environment.step(action), false);
      consecutiveFaults = 0;
      return next;
    } catch (Exception failure) {
      fail(failure);
      return null;
    }
  }

  private void fail(Exception failure) {
    faults++;
    consecutiveFaults++;
    close();
    String name = actors.environment().name();
    if (consecutiveFaults >= actors.maxConsecutiveFaults()) {
      throw new EnvironmentFaultException(
          "environment %d (%s) of group %d failed environment.max-consecutive-faults=%d times in a row: %s; mend it, or tolerate more"
              .formatted(number, name, group, consecutiveFaults, failure),
          failure);
    }
    if (Long.bitCount(faults) == 1) {
      LOG.warn(
          "Environment {} ({}) of group {} failed and starts anew; {} faults so far",
          number,
          name,
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
        LOG.warn("Environment {} ({}) did not close", number, actors.environment().name(), failure);
      }
    }
  }

  /** Writes how often it failed. */
  void saveFaults(DataOutput out) throws IOException {
    out.writeLong(faults);
    out.writeInt(consecutiveFaults);
  }

  void restoreFaults(DataInput in) throws IOException {
    faults = in.readLong();
    consecutiveFaults = in.readInt();
  }

  /** Writes the episode under way, if the environment can. */
  void saveEpisode(DataOutput out) throws IOException {
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
   * Continues the episode that {@link #saveEpisode} wrote.
   *
   * @return whether it could be written
   */
  boolean restoreEpisode(DataInput in, SeededRandom random) throws IOException {
    if (!in.readBoolean()) {
      return false;
    }
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    close();
    environment = provider.create();
    environment.restore(new DataInputStream(new ByteArrayInputStream(bytes)), random);
    return true;
  }
}
