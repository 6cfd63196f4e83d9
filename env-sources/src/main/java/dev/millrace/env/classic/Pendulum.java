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
 * A rod on a motor too weak to lift it in one go: swing it up and hold it there. The action is the
 * torque (N m); beyond ±2 it is clipped. Every step costs θ² + 0.1 θ̇² + 0.001 u², with the angle
 * and speed before the step and the clipped torque; an episode never terminates. The constants, the
 * semi-implicit Euler step and the time limit are those of Gymnasium's {@code Pendulum-v1}.
 *
 * <p>The observation is cos and sin of the angle (0 stands upright, growing counter-clockwise) and
 * the angular velocity (rad/s), within ±8.
 */
public final class Pendulum implements Environment {
  private static final double GRAVITY = 10.0;
  private static final double LENGTH = 1.0;
  private static final double SECONDS_PER_STEP = 0.05;
  private static final double MAX_SPEED = 8.0;
  private static final float MAX_TORQUE = 2f;
  private static final double RESET_SPEED = 1.0;

  private static final Space.Box ACTIONS = Space.Box.symmetric(1, MAX_TORQUE);
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec(
          "Pendulum-v1",
          new Space.Box(
              new float[] {-1, -1, (float) -MAX_SPEED}, new float[] {1, 1, (float) MAX_SPEED}),
          ACTIONS,
          200);

  private final EpisodeClock clock = new EpisodeClock(SPEC.name(), SPEC.maxEpisodeSteps());

  /** Not wrapped: it counts turns. */
  private double angle;

  private double speed;

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    angle = random.nextDouble(-Math.PI, Math.PI);
    speed = random.nextDouble(-RESET_SPEED, RESET_SPEED);
    return clock.begin(observation());
  }

  /** Of what depends on the torque alone, Gymnasium works out both terms in {@code float}. */
  @Override
  public TimeStep step(float[] action) {
    clock.requireEpisode();
    float torque = ACTIONS.clip(0, action[0]);
    double fromUpright = wrap(angle);
    double cost = fromUpright * fromUpright + 0.1 * (speed * speed) + 0.001f * (torque * torque);

    double acceleration = 3 * GRAVITY / (2 * LENGTH) * Math.sin(angle) + 3f * torque;
    speed = speed + acceleration * SECONDS_PER_STEP;
    speed = Math.min(Math.max(speed, -MAX_SPEED), MAX_SPEED);
    angle = angle + speed * SECONDS_PER_STEP;
    return clock.answer(observation(), (float) -cost, false);
  }

  /** The same direction, from −π to π. */
  private static double wrap(double angle) {
    double turn = 2 * Math.PI;
    double beyond = (angle + Math.PI) % turn;
    return (beyond < 0 ? beyond + turn : beyond) - Math.PI;
  }

  private float[] observation() {
    return new float[] {(float) Math.cos(angle), (float) Math.sin(angle), (float) speed};
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
    return new double[] {angle, speed};
  }

  void state(double... state) {
    angle = state[0];
    speed = state[1];
  }

  @Override
  public String render() {
    int pivotColumn = 20;
    int pivotRow = 6;
    TextCanvas canvas = new TextCanvas(41, 14);
    double tipColumn = pivotColumn - 12 * Math.sin(angle);
    double tipRow = pivotRow - 6 * Math.cos(angle);
    canvas.line(pivotColumn, pivotRow, tipColumn, tipRow);
    canvas.put(pivotColumn, pivotRow, '#');
    canvas.put((int) Math.round(tipColumn), (int) Math.round(tipRow), 'o');
    canvas.text(
        0,
        13,
        String.format(
            Locale.ROOT,
            "step %3d   angle %+6.1f deg   %+.2f rad/s",
            clock.elapsed(),
            Math.toDegrees(wrap(angle)),
            speed));
    return canvas.toString();
  }

  /** Registered as {@code Pendulum-v1}. */
  public static final class Provider implements EnvironmentProvider {
    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "Swing a rod up and hold it there by a continuous torque; -200 is good.";
    }

    @Override
    public Environment create() {
      return new Pendulum();
    }
  }
}
