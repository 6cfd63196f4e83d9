package dev.millrace.core.experience;

import dev.millrace.core.env.TimeStep;
import dev.millrace.core.policy.ParameterVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * What an agent remembers of one environment's steps. One instance per environment; it holds what
 * is not yet complete, and that is checkpointed with {@link #save}.
 *
 * @param <E> what it completes
 */
public interface Accumulator<E extends Experience> {

  /**
   * An episode begins.
   *
   * @param step the number the environment's next step will have
   */
  void begin(long step, float[] observation);

  /**
   * An action was decided upon in the latest observation, before the environment has seen it. May
   * complete what waited for the value of that observation.
   *
   * @param actions holds {@code A} floats from {@code actionOffset}; copied
   * @param annotations what the policy said of the decision, from {@code annotationOffset}; copied
   */
  void decided(
      ParameterVersion version,
      float[] actions,
      int actionOffset,
      float[] annotations,
      int annotationOffset,
      Consumer<E> completed);

  /** The environment answered the action with {@code next}; the last one ends the episode. */
  void stepped(TimeStep next, Consumer<E> completed);

  /** A ticket was answered: other parameters may act from here on. */
  default void cut(Consumer<E> completed) {}

  /**
   * The environment failed: forget what its broken episode has not completed.
   *
   * @return how many steps will therefore never be in anything completed: one for every {@link
   *     #decided} since the episode began that is not, the unanswered one included
   */
  int abandon();

  /** Writes what is not yet complete. */
  void save(DataOutput out) throws IOException;

  /** Continues what {@link #save} wrote. */
  void restore(DataInput in) throws IOException;
}
