package dev.millrace.learner;

import dev.millrace.core.agent.Agent;
import java.io.IOException;
import java.io.Serializable;

/** Makes {@link Lessons} in the learner's task. */
@FunctionalInterface
interface LessonsFactory<A extends Agent, I> extends Serializable {

  /**
   * @param saved what {@link Lessons#save} gave; null to begin
   */
  Lessons<I> lessons(A agent, byte[] saved) throws IOException;
}
