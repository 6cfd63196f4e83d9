package dev.millrace.env.classic;

import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.env.TimeStep;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * A pole on a cart that is pushed left (0) or right (1); every step pays 1, the one that fails
 * included. Barto, Sutton and Anderson 1983, "Neuronlike adaptive elements that can solve difficult
 * learning control problems", with the constants, Euler integration and time limit of Gymnasium's
 * {@code CartPole-v1}.
 *
 * <p>The observation is the state: cart position (m) and velocity (m/s), pole angle (rad) and
 * angular velocity (rad/s).
 */
public final class CartPole implements Environment {
  private static final double GRAVITY = 9.8;
  private static final double POLE_MASS = 0.1;
  private static final double TOTAL_MASS = POLE_MASS + 1.0;
  private static final double HALF_POLE = 0.5;
  private static final double POLE_MASS_LENGTH = POLE_MASS * HALF_POLE;
  private static final double FORCE = 10.0;
  private static final double SECONDS_PER_STEP = 0.02;
  private static final double MAX_ANGLE = 12 * 2 * Math.PI / 360;
  private static final double MAX_POSITION = 2.4;
  private static final double RESET_RANGE = 0.05;

  private static final Space.Discrete ACTIONS = new Space.Discrete(2);
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec(
          "CartPole-v1",
          new Space.Box(
              new float[] {
                -4.8f, Float.NEGATIVE_INFINITY, (float) (-2 * MAX_ANGLE), Float.NEGATIVE_INFINITY
              },
              new float[] {
                4.8f, Float.POSITIVE_INFINITY, (float) (2 * MAX_ANGLE), Float.POSITIVE_INFINITY
              }),
          ACTIONS,
          500);

  private final EpisodeClock clock = new EpisodeClock(SPEC.name(), SPEC.maxEpisodeSteps());
  private double position;
  private double velocity;
  private double angle;
  private double angularVelocity;

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    position = random.nextDouble(-RESET_RANGE, RESET_RANGE);
    velocity = random.nextDouble(-RESET_RANGE, RESET_RANGE);
    angle = random.nextDouble(-RESET_RANGE, RESET_RANGE);
    angularVelocity = random.nextDouble(-RESET_RANGE, RESET_RANGE);
    return clock.begin(observation());
  }

  @Override
  public TimeStep step(float[] action) {
    clock.requireEpisode();
    double force = ACTIONS.index(action[0]) == 1 ? FORCE : -FORCE;
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double push =
        (force + POLE_MASS_LENGTH * (angularVelocity * angularVelocity) * sin) / TOTAL_MASS;
    double angularAcceleration =
        (GRAVITY * sin - cos * push)
            / (HALF_POLE * (4.0 / 3.0 - POLE_MASS * (cos * cos) / TOTAL_MASS));
    double acceleration = push - POLE_MASS_LENGTH * angularAcceleration * cos / TOTAL_MASS;

    position = position + SECONDS_PER_STEP * velocity;
    velocity = velocity + SECONDS_PER_STEP * acceleration;
    angle = angle + SECONDS_PER_STEP * angularVelocity;
    angularVelocity = angularVelocity + SECONDS_PER_STEP * angularAcceleration;

    boolean failed =
        position < -MAX_POSITION
            || position > MAX_POSITION
            || angle < -MAX_ANGLE
            || angle > MAX_ANGLE;
    return clock.answer(observation(), 1f, failed);
  }

  private float[] observation() {
    return new float[] {(float) position, (float) velocity, (float) angle, (float) angularVelocity};
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
    state(clock.restore(in, 4));
  }

  double[] state() {
    return new double[] {position, velocity, angle, angularVelocity};
  }

  void state(double... state) {
    position = state[0];
    velocity = state[1];
    angle = state[2];
    angularVelocity = state[3];
  }

  @Override
  public String render() {
    double columnsPerMetre = 12.5;
    double rowsPerMetre = columnsPerMetre / 2;
    int ground = 8;
    TextCanvas canvas = new TextCanvas(63, ground + 2);
    double cart = 31 + position * columnsPerMetre;
    double tipColumn = cart + 2 * HALF_POLE * Math.sin(angle) * columnsPerMetre;
    double tipRow = ground - 2 - 2 * HALF_POLE * Math.cos(angle) * rowsPerMetre;
    canvas.row(ground, '=').put(1, ground, '|').put(61, ground, '|');
    canvas.line(cart, ground - 2, tipColumn, tipRow);
    canvas.put((int) Math.round(tipColumn), (int) Math.round(tipRow), 'o');
    canvas.text((int) Math.round(cart) - 4, ground - 1, "[o--^--o]");
    canvas.text(
        1,
        ground + 1,
        String.format(
            Locale.ROOT,
            "step %3d   position %+.2f m   angle %+5.1f deg",
            clock.elapsed(),
            position,
            Math.toDegrees(angle)));
    return canvas.toString();
  }

  /** Registered as {@code CartPole-v1}. */
  public static final class Provider implements EnvironmentProvider {
    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "Balance a pole on a cart by pushing it left or right; 500 is perfect.";
    }

    @Override
    public Environment create() {
      return new CartPole();
    }
  }
}
