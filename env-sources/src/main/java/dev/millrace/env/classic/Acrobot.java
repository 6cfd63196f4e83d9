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
 * Two hanging links, torque −1 (0), none (1) or +1 (2) on the joint between them; swing the tip
 * above the line. Every step pays −1, the one that reaches the line 0. Sutton 1996, "Generalization
 * in reinforcement learning: successful examples using sparse coarse coding", the dynamics of
 * Sutton and Barto's book, with the constants, Runge–Kutta step and time limit of Gymnasium's
 * {@code Acrobot-v1}.
 *
 * <p>The observation is cos and sin of the first angle (0 hangs down), cos and sin of the second
 * (relative to the first link), and both angular velocities (rad/s).
 */
public final class Acrobot implements Environment {
  private static final double GRAVITY = 9.8;
  private static final double MASS = 1.0;
  private static final double LENGTH = 1.0;
  private static final double CENTRE = 0.5;
  private static final double INERTIA = 1.0;
  private static final double SECONDS_PER_STEP = 0.2;
  private static final double MAX_VELOCITY_1 = 4 * Math.PI;
  private static final double MAX_VELOCITY_2 = 9 * Math.PI;
  private static final double RESET_RANGE = 0.1;

  private static final Space.Discrete ACTIONS = new Space.Discrete(3);
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec(
          "Acrobot-v1",
          new Space.Box(
              new float[] {-1, -1, -1, -1, (float) -MAX_VELOCITY_1, (float) -MAX_VELOCITY_2},
              new float[] {1, 1, 1, 1, (float) MAX_VELOCITY_1, (float) MAX_VELOCITY_2}),
          ACTIONS,
          500);

  private final EpisodeClock clock = new EpisodeClock(SPEC.name(), SPEC.maxEpisodeSteps());

  /** Both angles (rad), both angular velocities (rad/s). */
  private final double[] state = new double[4];

  private final double[] k1 = new double[4];
  private final double[] k2 = new double[4];
  private final double[] k3 = new double[4];
  private final double[] k4 = new double[4];
  private final double[] point = new double[4];

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  /** Draws each number from ±0.1 and rounds it to {@code float}, as Gymnasium does. */
  @Override
  public TimeStep reset(RandomGenerator random) {
    for (int i = 0; i < 4; i++) {
      state[i] = (float) random.nextDouble(-RESET_RANGE, RESET_RANGE);
    }
    return clock.begin(observation());
  }

  @Override
  public TimeStep step(float[] action) {
    clock.requireEpisode();
    integrate(ACTIONS.index(action[0]) - 1.0);
    state[0] = wrap(state[0]);
    state[1] = wrap(state[1]);
    state[2] = Math.min(Math.max(state[2], -MAX_VELOCITY_1), MAX_VELOCITY_1);
    state[3] = Math.min(Math.max(state[3], -MAX_VELOCITY_2), MAX_VELOCITY_2);
    boolean reached = -Math.cos(state[0]) - Math.cos(state[1] + state[0]) > 1.0;
    return clock.answer(observation(), reached ? 0f : -1f, reached);
  }

  /** One fourth-order Runge–Kutta step. */
  private void integrate(double torque) {
    double half = SECONDS_PER_STEP / 2.0;
    derivative(state, torque, k1);
    derivative(along(half, k1), torque, k2);
    derivative(along(half, k2), torque, k3);
    derivative(along(SECONDS_PER_STEP, k3), torque, k4);
    for (int i = 0; i < 4; i++) {
      state[i] = state[i] + SECONDS_PER_STEP / 6.0 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
  }

  private double[] along(double seconds, double[] slope) {
    for (int i = 0; i < 4; i++) {
      point[i] = state[i] + seconds * slope[i];
    }
    return point;
  }

  /** Sutton and Barto 2018, section "Acrobot": d1, d2, phi1 and phi2 are theirs. */
  private static void derivative(double[] at, double torque, double[] slope) {
    double theta1 = at[0];
    double theta2 = at[1];
    double dtheta1 = at[2];
    double dtheta2 = at[3];
    double sin2 = Math.sin(theta2);
    double cos2 = Math.cos(theta2);
    double d1 =
        MASS * (CENTRE * CENTRE)
            + MASS * (LENGTH * LENGTH + CENTRE * CENTRE + 2 * LENGTH * CENTRE * cos2)
            + INERTIA
            + INERTIA;
    double d2 = MASS * (CENTRE * CENTRE + LENGTH * CENTRE * cos2) + INERTIA;
    double phi2 = MASS * CENTRE * GRAVITY * Math.cos(theta1 + theta2 - Math.PI / 2.0);
    double phi1 =
        -MASS * LENGTH * CENTRE * (dtheta2 * dtheta2) * sin2
            - 2 * MASS * LENGTH * CENTRE * dtheta2 * dtheta1 * sin2
            + (MASS * CENTRE + MASS * LENGTH) * GRAVITY * Math.cos(theta1 - Math.PI / 2)
            + phi2;
    double ddtheta2 =
        (torque + d2 / d1 * phi1 - MASS * LENGTH * CENTRE * (dtheta1 * dtheta1) * sin2 - phi2)
            / (MASS * (CENTRE * CENTRE) + INERTIA - d2 * d2 / d1);
    slope[0] = dtheta1;
    slope[1] = dtheta2;
    slope[2] = -(d2 * ddtheta2 + phi1) / d1;
    slope[3] = ddtheta2;
  }

  private static double wrap(double angle) {
    double wrapped = angle;
    while (wrapped > Math.PI) {
      wrapped = wrapped - 2 * Math.PI;
    }
    while (wrapped < -Math.PI) {
      wrapped = wrapped + 2 * Math.PI;
    }
    return wrapped;
  }

  private float[] observation() {
    return new float[] {
      (float) Math.cos(state[0]),
      (float) Math.sin(state[0]),
      (float) Math.cos(state[1]),
      (float) Math.sin(state[1]),
      (float) state[2],
      (float) state[3]
    };
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
    state(clock.restore(in, 4));
  }

  double[] state() {
    return state.clone();
  }

  void state(double... newState) {
    System.arraycopy(newState, 0, state, 0, 4);
  }

  @Override
  public String render() {
    double columnsPerMetre = 8;
    double rowsPerMetre = 4;
    TextCanvas canvas = new TextCanvas(41, 18);
    double pivotColumn = 20;
    double pivotRow = 8;
    double elbowColumn = pivotColumn + Math.sin(state[0]) * columnsPerMetre;
    double elbowRow = pivotRow + Math.cos(state[0]) * rowsPerMetre;
    double tipColumn = elbowColumn + Math.sin(state[0] + state[1]) * columnsPerMetre;
    double tipRow = elbowRow + Math.cos(state[0] + state[1]) * rowsPerMetre;
    for (int column = 0; column < 41; column += 2) {
      canvas.put(column, (int) (pivotRow - rowsPerMetre), '-');
    }
    canvas.line(pivotColumn, pivotRow, elbowColumn, elbowRow);
    canvas.line(elbowColumn, elbowRow, tipColumn, tipRow);
    canvas.put((int) pivotColumn, (int) pivotRow, '#');
    canvas.put((int) Math.round(elbowColumn), (int) Math.round(elbowRow), 'o');
    canvas.put((int) Math.round(tipColumn), (int) Math.round(tipRow), '*');
    canvas.text(
        0,
        17,
        String.format(
            Locale.ROOT,
            "step %3d   tip %+.2f m, line at +1.00 m",
            clock.elapsed(),
            -Math.cos(state[0]) - Math.cos(state[0] + state[1])));
    return canvas.toString();
  }

  /** Registered as {@code Acrobot-v1}. */
  public static final class Provider implements EnvironmentProvider {
    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "Swing a two-link pendulum above a line by torque on its middle joint; -85 is good.";
    }

    @Override
    public Environment create() {
      return new Acrobot();
    }
  }
}
