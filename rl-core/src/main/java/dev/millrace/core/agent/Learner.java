package dev.millrace.core.agent;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Turns experience into parameters. Everything it must remember is written by {@link #save}.
 *
 * @param <B> what it learns from at a time
 */
public interface Learner<B> extends AutoCloseable {

  /**
   * Learns from a batch, in one gradient step or in several. One that is not finite is dropped and
   * changes nothing.
   */
  Update update(B batch);

  /** A copy of what is to be published, {@code float[]}: the policy's parameters come first. */
  float[] parameters();

  /** Writes a versioned record of everything: parameters, optimizer, counters, generators. */
  void save(DataOutput out) throws IOException;

  /**
   * Continues what {@link #save} wrote.
   *
   * @throws IllegalStateException if it was written for another network
   */
  void restore(DataInput in) throws IOException;

  @Override
  default void close() {}
}
