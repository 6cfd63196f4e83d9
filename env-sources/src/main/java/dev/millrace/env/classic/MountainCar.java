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
 * A car too weak for its hill: push left (0), not (1) or right (2) until it rolls over the right
 * summit. Every step pays −1. Moore 1990, "Efficient memory-based learning for robot control", with
 * the constants and time limit of Gymnasium's {@code MountainCar-v0}.
 *
 * <p>The observation is the state: position and velocity.
 */
public final class MountainCar implements Environment {
  private static final double MIN_POSITION = -1.2;
  private static final double MAX_POSITION = 0.6;
  private static final double MAX_SPEED = 0.07;
  private static final double GOAL_POSITION = 0.5;
  private static final double FORCE = 0.001;
  private static final double GRAVITY = 0.0025;
  private static final Hill HILL = new Hill(MIN_POSITION, MAX_POSITION, GOAL_POSITION);

  private static final Space.Discrete ACTIONS = new Space.Discrete(3);
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec(
          "MountainCar-v0",
          new Space.Box(
              new float[] {(float) MIN_POSITION, (float) -MAX_SPEED},
              new float[] {(float) MAX_POSITION, (float) MAX_SPEED}),
          ACTIONS,
          200);

  private final EpisodeClock clock = new EpisodeClock(SPEC.name(), SPEC.maxEpisodeSteps());
  private double position;
  private double velocity;

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    position = random.nextDouble(-0.6, -0.4);
    velocity = 0;
    return clock.begin(observation());
  }

  @Override
  public TimeStep step(float[] action) {
    clock.requireEpisode();
    int push = ACTIONS.index(action[0]) - 1;
    velocity = velocity + (push * FORCE + Math.cos(3 * position) * -GRAVITY);
    velocity = Math.min(Math.max(velocity, -MAX_SPEED), MAX_SPEED);
    position = Math.min(Math.max(position + velocity, MIN_POSITION), MAX_POSITION);
    if (position == MIN_POSITION && velocity < 0) {
      velocity = 0;
    }
    return clock.answer(observation(), -1f, position >= GOAL_POSITION && velocity >= 0);
  }

  private float[] observation() {
    return new float[] {(float) position, (float) velocity};
  }

  @Override
  public boolean canSnapshot() {
    return true;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    clock.save(out, state());
  }

  @Override
  public void restore(DataInput in, RandomGenerator random) throws IOException {
    state(clock.restore(in, 2));
  }

  double[] state() {
    return new double[] {position, velocity};
  }

  void state(double... state) {
    position = state[0];
    velocity = state[1];
  }

  @Override
  public String render() {
    return HILL.draw(clock.elapsed(), position, velocity);
  }

  /** Registered as {@code MountainCar-v0}. */
  public static final class Provider implements EnvironmentProvider {
    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "Rock an underpowered car out of a valley; -110 is good.";
    }

    @Override
    public Environment create() {
      return new MountainCar();
    }
  }
}
