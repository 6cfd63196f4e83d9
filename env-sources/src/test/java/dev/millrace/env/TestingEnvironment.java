package dev.millrace.env;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * Observes (steps in the episode, a random number); pays the action plus that number; ends with
 * probability one in eight. Answers what its provider's script says, as long as it has entries.
 */
final class TestingEnvironment implements Environment {
  static final EnvironmentSpec SPEC =
      new EnvironmentSpec(
          "Testing", Space.Box.symmetric(2, Float.POSITIVE_INFINITY), new Space.Discrete(3), 1000);

  private final Provider provider;
  private RandomGenerator random;
  private int elapsed;
  private float latest;

  private TestingEnvironment(Provider provider) {
    this.provider = provider;
  }

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    this.random = random;
    elapsed = 0;
    latest = random.nextFloat();
    TimeStep scripted = provider.next(provider.resets);
    return scripted == null ? TimeStep.first(observation()) : scripted;
  }

  @Override
  public TimeStep step(float[] action) {
    elapsed++;
    latest = random.nextFloat();
    float reward = action[0] + latest;
    TimeStep scripted = provider.next(provider.steps);
    if (scripted != null) {
      return scripted;
    }
    return random.nextInt(8) == 0
        ? TimeStep.terminated(observation(), reward)
        : TimeStep.mid(observation(), reward);
  }

  private float[] observation() {
    return new float[] {elapsed, latest};
  }

  @Override
  public boolean canSnapshot() {
    return provider.snapshots;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(elapsed);
    out.writeFloat(latest);
  }

  @Override
  public void restore(DataInput in, RandomGenerator random) throws IOException {
    this.random = random;
    elapsed = in.readInt();
    latest = in.readFloat();
  }

  @Override
  public void close() {
    provider.closed++;
  }

  /** Registered as {@code Testing}; one made by hand can be scripted. */
  public static final class Provider implements EnvironmentProvider {
    /** What steps answer while there are any: a TimeStep, or a RuntimeException to throw. */
    final Deque<Object> steps = new ArrayDeque<>();

    /** What resets answer, likewise. */
    final Deque<Object> resets = new ArrayDeque<>();

    boolean snapshots = true;
    int created;
    int closed;

    Provider steps(Object... script) {
      steps.addAll(Arrays.asList(script));
      return this;
    }

    Provider resets(Object... script) {
      resets.addAll(Arrays.asList(script));
      return this;
    }

    private TimeStep next(Deque<Object> script) {
      Object entry = script.poll();
      if (entry instanceof RuntimeException failure) {
        throw failure;
      }
      return entry instanceof TimeStep step ? step : null;
    }

    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "For tests.";
    }

    @Override
    public Environment create() {
      created++;
      return new TestingEnvironment(this);
    }
  }
}
