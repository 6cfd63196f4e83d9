package dev.millrace.core.env;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** A simulated environment. One instance is used by one thread. */
public interface Environment extends AutoCloseable {

  EnvironmentSpec spec();

  /**
   * Starts an episode.
   *
   * @param random the source of all the episode's randomness; may be kept until the next reset
   */
  TimeStep reset(RandomGenerator random);

  /**
   * Advances the episode by one step.
   *
   * @param action {@code float[A]}
   * @throws IllegalArgumentException if the action is not in the action space; an environment may
   *     clip finite numbers outside a box instead, as Gymnasium's do
   * @throws IllegalStateException if no episode is under way
   */
  TimeStep step(float[] action);

  /** Whether {@link #save} and {@link #restore} work, so that episodes continue after a failure. */
  default boolean canSnapshot() {
    return false;
  }

  /** Writes the episode's state, without its random generator. */
  default void save(DataOutput out) throws IOException {
    throw new UnsupportedOperationException(spec().name() + " cannot be snapshotted");
  }

  /** Continues the episode that {@link #save} wrote, drawing from {@code random} from now on. */
  default void restore(DataInput in, RandomGenerator random) throws IOException {
    throw new UnsupportedOperationException(spec().name() + " cannot be snapshotted");
  }

  /** The present state as a text frame of a few lines. */
  default String render() {
    return "(" + spec().name() + " does not render)\n";
  }

  @Override
  default void close() {}
}
