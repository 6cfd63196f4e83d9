package dev.millrace.core.experience;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.policy.ParameterVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Folds {@code n} steps into one transition: {@code R = r_1 + d_1 r_2 + d_1 d_2 r_3 + …} and {@code
 * discount = d_1 d_2 … d_n}, where {@code d_k} is the environment's discount times gamma. Every
 * step begins exactly one transition; when an episode ends, those begun within its last {@code n}
 * steps are folded as far as it went. Termination needs no rule of its own: its discount of 0 makes
 * theirs 0, while truncation keeps it.
 *
 * <pre>
 *   s0 -a0-> s1 -a1-> s2 -a2-> s3      n = 3: once a3 is decided upon in s3,
 *   |________ R, discount ____|        (s0, a0, R, discount, s3) is complete
 * </pre>
 *
 * <p>The initial priority is the actor's own TD error, {@code |R + discount * max_a q(s_n) - q(s,
 * a)|} (Horgan et al. 2018, section 3), from annotations {@code [q(s, a), max_a q(s, a)]}. That is
 * why a full window waits for the decision in its last state. In the last state of an episode
 * nothing is decided: after termination its value does not count, and after truncation the value of
 * the last state decided upon stands for it.
 *
 * <p>Observations are kept by reference and shared by the transitions on either side of a step;
 * nobody may write to them.
 *
 * <p>The file is long because what is saved stands beside what is folded.
 */
public final class NStepAccumulator implements Accumulator<Transition> {
  private static final int VERSION = 1;

  /** Where the protocol stands. */
  private enum Phase {
    BETWEEN_EPISODES,
    OBSERVED,
    DECIDED
  }

  private final int environment;
  private final int n;
  private final double gamma;
  private final int observationSize;
  private final int actionSize;

  private Phase phase = Phase.BETWEEN_EPISODES;
  private long nextStep;
  private float[] latest;
  private float latestMaxQ = Float.NaN;

  /**
   * A ring: {@code count} transitions under way, the oldest at {@code first}, which only moves
   * while the ring is full; so they always lie in slots 0 to {@code count - 1}.
   */
  private int first;

  private int count;
  private final ParameterVersion[] versions;
  private final float[][] observations;
  private final float[][] actions;
  private final float[] values;
  private final double[] rewards;
  private final double[] discounts;

  /**
   * @param environment the number its transitions carry
   * @param n steps in a transition
   * @param gamma discount per step, on top of the environment's own
   * @param observationSize floats in an observation, D
   * @param actionSize floats in an action, A
   */
  public NStepAccumulator(
      int environment, int n, double gamma, int observationSize, int actionSize) {
    if (n < 1 || !(gamma >= 0 && gamma <= 1)) {
      throw new IllegalArgumentException(
          "n-step accumulator n=%d, gamma=%s: n must be at least 1 and gamma between 0 and 1"
              .formatted(n, gamma));
    }
    this.environment = environment;
    this.n = n;
    this.gamma = gamma;
    this.observationSize = observationSize;
    this.actionSize = actionSize;
    versions = new ParameterVersion[n];
    observations = new float[n][];
    actions = new float[n][];
    values = new float[n];
    rewards = new double[n];
    discounts = new double[n];
  }

  @Override
  public void begin(long step, float[] observation) {
    require(Phase.BETWEEN_EPISODES, "an episode begins");
    nextStep = step;
    observed(observation);
    phase = Phase.OBSERVED;
  }

  @Override
  public void decided(
      ParameterVersion version,
      float[] actions,
      int actionOffset,
      float[] annotations,
      int annotationOffset,
      Consumer<Transition> completed) {
    require(Phase.OBSERVED, "an action is decided upon");
    latestMaxQ = annotations[annotationOffset + 1];
    if (count == n) {
      emitOldest(completed);
    }
    int slot = slot(count++);
    versions[slot] = version;
    observations[slot] = latest;
    this.actions[slot] = Arrays.copyOfRange(actions, actionOffset, actionOffset + actionSize);
    values[slot] = annotations[annotationOffset];
    rewards[slot] = 0;
    discounts[slot] = 1;
    nextStep++;
    phase = Phase.DECIDED;
  }

  @Override
  public void stepped(TimeStep next, Consumer<Transition> completed) {
    require(Phase.DECIDED, "an action is answered");
    double reward = next.reward();
    double discount = next.discount() * gamma;
    for (int i = 0; i < count; i++) {
      rewards[i] += discounts[i] * reward;
      discounts[i] *= discount;
    }
    observed(next.observation());
    phase = Phase.OBSERVED;
    if (next.last()) {
      while (count > 0) {
        emitOldest(completed);
      }
      endEpisode();
    }
  }

  private void emitOldest(Consumer<Transition> completed) {
    int slot = first;
    float reward = (float) rewards[slot];
    float discount = (float) discounts[slot];
    float target = discount == 0 ? reward : reward + discount * latestMaxQ;
    Transition transition =
        new Transition(
            environment,
            nextStep - count,
            versions[slot],
            observations[slot],
            actions[slot],
            reward,
            discount,
            latest,
            Math.abs(target - values[slot]));
    first = slot(1);
    count--;
    completed.accept(transition);
  }

  private int slot(int offset) {
    int slot = first + offset;
    return slot < n ? slot : slot - n;
  }

  private void observed(float[] observation) {
    if (observation.length != observationSize) {
      throw new IllegalArgumentException(
          "observation=float[%d] of environment %d: must be float[%d], as its specification says"
              .formatted(observation.length, environment, observationSize));
    }
    latest = observation;
  }

  private void endEpisode() {
    first = 0;
    count = 0;
    latest = null;
    latestMaxQ = Float.NaN;
    phase = Phase.BETWEEN_EPISODES;
  }

  private void require(Phase expected, String what) {
    if (phase != expected) {
      throw new IllegalStateException(
          "accumulator of environment %d: %s while %s, must be %s; a broken episode ends with abandon()"
              .formatted(environment, what, phase, expected));
    }
  }

  @Override
  public int abandon() {
    int dropped = count;
    endEpisode();
    return dropped;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(n);
    out.writeInt(observationSize);
    out.writeInt(actionSize);
    out.writeByte(phase.ordinal());
    if (phase == Phase.BETWEEN_EPISODES) {
      return;
    }
    out.writeLong(nextStep);
    write(latest, out);
    out.writeFloat(latestMaxQ);
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      int slot = slot(i);
      out.writeLong(versions[slot].epoch());
      out.writeLong(versions[slot].step());
      write(observations[slot], out);
      write(actions[slot], out);
      out.writeFloat(values[slot]);
      out.writeDouble(rewards[slot]);
      out.writeDouble(discounts[slot]);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "n-step accumulator version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    requireSame("n", in.readInt(), n);
    requireSame("observation size", in.readInt(), observationSize);
    requireSame("action size", in.readInt(), actionSize);
    endEpisode();
    phase = Phase.values()[in.readByte()];
    if (phase == Phase.BETWEEN_EPISODES) {
      return;
    }
    nextStep = in.readLong();
    latest = read(observationSize, in);
    latestMaxQ = in.readFloat();
    count = in.readInt();
    for (int i = 0; i < count; i++) {
      versions[i] = new ParameterVersion(in.readLong(), in.readLong());
      observations[i] = read(observationSize, in);
      actions[i] = read(actionSize, in);
      values[i] = in.readFloat();
      rewards[i] = in.readDouble();
      discounts[i] = in.readDouble();
    }
  }

  private void requireSame(String what, int saved, int configured) {
    if (saved != configured) {
      throw new IllegalStateException(
          "accumulator of environment %d was saved with %s=%d, the configuration says %d: transitions under way cannot be continued; resume with %d"
              .formatted(environment, what, saved, configured, saved));
    }
  }

  private static void write(float[] values, DataOutput out) throws IOException {
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  private static float[] read(int length, DataInput in) throws IOException {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }
}
