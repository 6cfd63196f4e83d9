package dev.millrace.env;

import dev.millrace.core.experience.Experience;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import java.util.function.Consumer;

/**
 * What the groups of a task answer tickets with.
 *
 * @param <E> what their steps become
 * @param <O> what is sent of that
 */
interface Answers<E extends Experience, O> {

  /** A new group. */
  EnvironmentGroup<E> group(int group);

  /** Answers {@code ticket}. */
  void answer(
      EnvironmentGroup<E> group,
      Ticket ticket,
      PolicyParameters acting,
      Policy policy,
      Consumer<O> output,
      Consumer<Report.Episode> episodeEnds);
}
