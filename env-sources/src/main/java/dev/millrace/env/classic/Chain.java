package dev.millrace.env.classic;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * Five states in a row: forward (0) pays nothing until the last state, where it stays and pays 1;
 * back (1) returns to the first and pays 0.2. It never terminates, it is only truncated, so a
 * learner that takes truncation for termination finds the wrong values. Dearden, Friedman and
 * Russell 1998, "Bayesian Q-learning", without their slips and with rewards divided by ten.
 *
 * <p>The observation is one-hot over the states.
 */
public final class Chain implements Environment {
  /** States in the chain. */
  public static final int STATES = 5;

  private static final double END_REWARD = 1.0;
  private static final double BACK_REWARD = 0.2;
  private static final Space.Discrete ACTIONS = new Space.Discrete(2);
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("Chain", OneHot.space(STATES), ACTIONS, 100);

  private final EpisodeClock clock = new EpisodeClock(SPEC.name(), SPEC.maxEpisodeSteps());
  private int state;

  /**
   * The value of the best policy: go forward for ever, {@code γ^(4−s)/(1 − γ)}, or back for ever,
   * {@code 0.2/(1 − γ)}, whichever is more.
   *
   * @param discount γ in [0, 1)
   * @param state s from 0
   */
  public static double optimalValue(double discount, int state) {
    double forward = Math.pow(discount, STATES - 1 - state) * END_REWARD / (1 - discount);
    double back = BACK_REWARD / (1 - discount);
    return Math.max(forward, back);
  }

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    state = 0;
    return clock.begin(OneHot.of(state, STATES));
  }

  @Override
  public TimeStep step(float[] action) {
    clock.requireEpisode();
    double reward;
    if (ACTIONS.index(action[0]) == 0) {
      reward = state == STATES - 1 ? END_REWARD : 0;
      state = Math.min(state + 1, STATES - 1);
    } else {
      reward = BACK_REWARD;
      state = 0;
    }
    return clock.answer(OneHot.of(state, STATES), (float) reward, false);
  }

  @Override
  public boolean canSnapshot() {
    return true;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    clock.save(out, state);
  }

  @Override
  public void restore(DataInput in, RandomGenerator random) throws IOException {
    state = (int) clock.restore(in, 1)[0];
  }

  @Override
  public String render() {
    StringBuilder frame = new StringBuilder();
    for (int i = 0; i < STATES; i++) {
      frame.append(i == state ? "(@)" : "( )").append(i == STATES - 1 ? "\n" : "--");
    }
    return frame.append("step ").append(clock.elapsed()).append('\n').toString();
  }

  /** Registered as {@code Chain}. */
  public static final class Provider implements EnvironmentProvider {
    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "Walk five states for a late reward or take a small one; every optimal value is known.";
    }

    @Override
    public Environment create() {
      return new Chain();
    }
  }
}
