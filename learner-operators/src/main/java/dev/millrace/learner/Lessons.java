package dev.millrace.learner;

import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyParameters;
import java.io.IOException;
import java.util.List;
import org.apache.flink.util.OutputTag;

/**
 * What a learner operator does with what comes to it.
 *
 * @param <I> what comes
 */
interface Lessons<I> extends AutoCloseable {

  /** The operator, as far as lessons need it. */
  interface Outlet {

    /** Says something on the side. */
    <T> void emit(OutputTag<T> tag, T value);

    /** Publishes the present parameters. */
    void publish();

    /** Lets go of everything said so far, which is whole. */
    void send();
  }

  /**
   * Takes {@code input} in, and learns from whatever is complete with it.
   *
   * @throws NotFiniteException if learning has failed for good
   */
  void take(I input, Outlet outlet);

  /** Says again what may have been lost; by a timer, and when the operator opens. */
  void tellAgain(Outlet outlet);

  /** What there is to write down. */
  List<Report> reports();

  /** The present parameters, which count as published from now on. */
  PolicyParameters publish(long nowMillis);

  /** What was published last. */
  PolicyParameters published();

  UpdateStatistics statistics();

  /** Everything that must survive. */
  byte[] save() throws IOException;

  @Override
  void close();
}
