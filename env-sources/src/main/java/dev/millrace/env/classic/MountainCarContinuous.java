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
 * The mountain car with a continuous force: the action is the force, clipped to ±1 where it pushes.
 * A step costs a tenth of the squared force, and of the force before it was clipped; the one that
 * reaches the right summit pays 100 on top. Moore 1990, "Efficient memory-based learning for robot
 * control", with the constants and time limit of Gymnasium's {@code MountainCarContinuous-v0}.
 *
 * <p>The observation is the state: position and velocity. Gymnasium rounds this state to {@code
 * float} after every step, which is why it is kept so here.
 */
public final class MountainCarContinuous implements Environment {
  private static final float MIN_POSITION = -1.2f;
  private static final float MAX_POSITION = 0.6f;
  private static final float MAX_SPEED = 0.07f;
  private static final float GOAL_POSITION = 0.45f;
  private static final double GOAL_REWARD = 100;
  private static final double POWER = 0.0015;
  private static final double GRAVITY = 0.0025;
  private static final Hill HILL = new Hill(MIN_POSITION, MAX_POSITION, GOAL_POSITION);

  private static final Space.Box ACTIONS = Space.Box.symmetric(1, 1);
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec(
          "MountainCarContinuous-v0",
          new Space.Box(
              new float[] {MIN_POSITION, -MAX_SPEED}, new float[] {MAX_POSITION, MAX_SPEED}),
          ACTIONS,
          999);

  private final EpisodeClock clock = new EpisodeClock(SPEC.name(), SPEC.maxEpisodeSteps());
  private float position;
  private float velocity;

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    position = (float) random.nextDouble(-0.6, -0.4);
    velocity = 0;
    return clock.begin(observation());
  }

  @Override
  public TimeStep step(float[] action) {
    clock.requireEpisode();
    float asked = action[0];
    velocity = velocity + acceleration(asked);
    velocity = Math.min(Math.max(velocity, -MAX_SPEED), MAX_SPEED);
    position = Math.min(Math.max(position + velocity, MIN_POSITION), MAX_POSITION);
    if (position == MIN_POSITION && velocity < 0) {
      velocity = 0;
    }
    boolean reached = position >= GOAL_POSITION && velocity >= 0;
    double cost = 0.1 * ((double) asked * asked);
    return clock.answer(observation(), (float) ((reached ? GOAL_REWARD : 0) - cost), reached);
  }

  /**
   * Gymnasium's rounding, to the last bit: a force within its bounds is a {@code float} and makes
   * its terms {@code float}; one that was clipped is a {@code double}, and its terms are.
   */
  private float acceleration(float asked) {
    float force = ACTIONS.clip(0, asked);
    double slope = GRAVITY * Math.cos(3 * position);
    return force == asked ? force * (float) POWER - (float) slope : (float) (force * POWER - slope);
  }

  private float[] observation() {
    return new float[] {position, velocity};
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
    position = (float) state[0];
    velocity = (float) state[1];
  }

  @Override
  public String render() {
    return HILL.draw(clock.elapsed(), position, velocity);
  }

  /** Registered as {@code MountainCarContinuous-v0}. */
  public static final class Provider implements EnvironmentProvider {
    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "Rock an underpowered car out of a valley, sparing with force; 90 is good.";
    }

    @Override
    public Environment create() {
      return new MountainCarContinuous();
    }
  }
}
