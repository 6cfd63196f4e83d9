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
 * A 5 × 5 grid: go up (0), right (1), down (2) or left (3) from a random cell to the goal in the
 * lower right corner. Every step pays −1, reaching the goal ends the episode, walls stop a move.
 * Its optimal values are known, which is what it is for.
 *
 * <p>The observation is one-hot over the cells, row by row.
 */
public final class GridWorld implements Environment {
  /** Cells along each side. */
  public static final int SIDE = 5;

  private static final int CELLS = SIDE * SIDE;
  private static final int GOAL = CELLS - 1;
  private static final Space.Discrete ACTIONS = new Space.Discrete(4);
  private static final EnvironmentSpec SPEC =
      new EnvironmentSpec("GridWorld", OneHot.space(CELLS), ACTIONS, 100);

  private final EpisodeClock clock = new EpisodeClock(SPEC.name(), SPEC.maxEpisodeSteps());
  private int cell;

  /**
   * The value of the best policy, {@code −(1 − γ^d)/(1 − γ)} at distance {@code d} from the goal.
   *
   * @param discount γ in [0, 1]
   * @param row from 0 at the top
   * @param column from 0 at the left
   */
  public static double optimalValue(double discount, int row, int column) {
    int distance = (SIDE - 1 - row) + (SIDE - 1 - column);
    return discount == 1 ? -distance : -(1 - Math.pow(discount, distance)) / (1 - discount);
  }

  @Override
  public EnvironmentSpec spec() {
    return SPEC;
  }

  @Override
  public TimeStep reset(RandomGenerator random) {
    cell = random.nextInt(GOAL);
    return clock.begin(OneHot.of(cell, CELLS));
  }

  @Override
  public TimeStep step(float[] action) {
    clock.requireEpisode();
    int row = cell / SIDE;
    int column = cell % SIDE;
    switch (ACTIONS.index(action[0])) {
      case 0 -> row = Math.max(row - 1, 0);
      case 1 -> column = Math.min(column + 1, SIDE - 1);
      case 2 -> row = Math.min(row + 1, SIDE - 1);
      default -> column = Math.max(column - 1, 0);
    }
    cell = row * SIDE + column;
    return clock.answer(OneHot.of(cell, CELLS), -1f, cell == GOAL);
  }

  @Override
  public boolean canSnapshot() {
    return true;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    clock.save(out, cell);
  }

  @Override
  public void restore(DataInput in, RandomGenerator random) throws IOException {
    cell = (int) clock.restore(in, 1)[0];
  }

  @Override
  public String render() {
    StringBuilder frame = new StringBuilder();
    for (int here = 0; here < CELLS; here++) {
      frame.append(here == cell ? '@' : here == GOAL ? 'G' : '.');
      frame.append(here % SIDE == SIDE - 1 ? '\n' : ' ');
    }
    return frame.append("step ").append(clock.elapsed()).append('\n').toString();
  }

  /** Registered as {@code GridWorld}. */
  public static final class Provider implements EnvironmentProvider {
    @Override
    public String name() {
      return SPEC.name();
    }

    @Override
    public String sentence() {
      return "Walk a 5 x 5 grid to its corner; every optimal value is known.";
    }

    @Override
    public Environment create() {
      return new GridWorld();
    }
  }
}
