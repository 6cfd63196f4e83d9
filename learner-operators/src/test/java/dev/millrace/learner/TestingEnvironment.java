package dev.millrace.learner;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import java.util.random.RandomGenerator;

/**
 * Episodes of ten steps, each with an observation drawn evenly between 0 and 1; action 1 earns 1.
 * So the policy of {@link TestingAgent} with parameter {@code p} returns 10 p on average.
 */
public final class TestingEnvironment implements Environment {
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("testing", Space.Box.symmetric(1, 1), new Space.Discrete(2), 10);

  private RandomGenerator random;
  private int steps;

  /** Finds it by name. */
  public static final class Provider implements EnvironmentProvider {
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
      return new TestingEnvironment();
    }
  }

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    this.random = random;
    steps = 0;
    return TimeStep.first(observation());
  }

  @Override
  public TimeStep step(float[] action) {
    return ++steps < 10
        ? TimeStep.mid(observation(), action[0])
        : TimeStep.terminated(observation(), action[0]);
  }

  private float[] observation() {
    return new float[] {random.nextFloat()};
  }
}
