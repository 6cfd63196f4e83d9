package dev.millrace.job.config;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import java.util.random.RandomGenerator;

/** Three steps that reward nothing; its actions are discrete, or those of its continuous sister. */
public class TestingEnvironment implements EnvironmentProvider {
  private final String name;
  private final Space actions;

  public TestingEnvironment() {
    this("Testing-v0", new Space.Discrete(2));
  }

  private TestingEnvironment(String name, Space actions) {
    this.name = name;
    this.actions = actions;
  }

  /** The one that the testing algorithm cannot act in. */
  public static final class Continuous extends TestingEnvironment {
    public Continuous() {
      super("Continuous-v0", Space.Box.symmetric(1, 1f));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String sentence() {
    return "Rewards nothing.";
  }

  @Override
  public Environment create() {
    return new Environment() {
      private int step;

      @Override
      public EnvironmentSpec spec() {
        return new EnvironmentSpec(name, Space.Box.symmetric(4, 1f), actions, 3);
      }

      @Override
      public TimeStep reset(RandomGenerator random) {
        step = 0;
        return TimeStep.first(new float[4]);
      }

      @Override
      public TimeStep step(float[] action) {
        return ++step == 3 ? TimeStep.truncated(new float[4], 0f) : TimeStep.mid(new float[4], 0f);
      }
    };
  }
}
