package com.example.sluice;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A mill pond. Half of the time water comes in; opening the sluice (1) lets as much out, shutting
 * it (0) lets none. A step that ends with the level in its band pays 1. Dry or over, the episode
 * ends.
 */
public final class Sluice implements Environment {
  static final int LEVELS = 11;
  static final Space.Discrete ACTIONS = new Space.Discrete(2);
  static final EnvironmentSpec SPEC = new EnvironmentSpec("Sluice", levels(), ACTIONS, 200);

  private RandomGenerator random;
  private int level;
  private int elapsed;

  private static Space.Box levels() {
    float[] high = new float[LEVELS];
    Arrays.fill(high, 1f);
    return new Space.Box(new float[LEVELS], high);
  }

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    this.random = random;
    elapsed = 0;
    level = anyLevel(random);
    return TimeStep.first(observe(level));
  }

  @Override
  public TimeStep step(float[] action) {
    level = flow(level, ACTIONS.index(action[0]), random);
    elapsed++;
    if (over(level)) {
      return TimeStep.terminated(observe(level), reward(level));
    }
    return elapsed == SPEC.maxEpisodeSteps()
        ? TimeStep.truncated(observe(level), reward(level))
        : TimeStep.mid(observe(level), reward(level));
  }

  static int anyLevel(RandomGenerator random) {
    return 1 + random.nextInt(LEVELS - 2);
  }

  static int flow(int level, int action, RandomGenerator random) {
    return level + random.nextInt(2) - action;
  }

  static float reward(int level) {
    return level >= 4 && level <= 6 ? 1f : 0f;
  }

  static boolean over(int level) {
    return level == 0 || level == LEVELS - 1;
  }

  /** One-hot, so that linear values are a table. */
  static float[] observe(int level) {
    float[] observation = new float[LEVELS];
    observation[level] = 1f;
    return observation;
  }

  @Override
  public boolean canSnapshot() {
    return true;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(level);
    out.writeInt(elapsed);
  }

  @Override
  public void restore(DataInput in, RandomGenerator random) throws IOException {
    this.random = random;
    level = in.readInt();
    elapsed = in.readInt();
  }

  @Override
  public String render() {
    return "|" + "~".repeat(level) + " ".repeat(LEVELS - 1 - level) + "|\n";
  }

  /** Registered as {@code Sluice}. */
  public static final class Provider implements EnvironmentProvider {
    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "Keep a mill pond's level in its band by working the sluice.";
    }

    @Override
    public Environment create() {
      return new Sluice();
    }
  }
}
