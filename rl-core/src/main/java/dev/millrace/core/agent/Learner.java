package dev.millrace.core.agent;

import dev.millrace.core.experience.SampleBatch;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Turns samples into parameters. Everything it must remember is written by {@link #save}. */
public interface Learner extends AutoCloseable {

  /**
   * One update.
   *
   * @param batch with probabilities over the whole replay
   */
  Update update(SampleBatch batch);

  /** Updates applied so far. */
  long step();

  /** A copy of the policy's parameters, {@code float[P]}, for publication. */
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
