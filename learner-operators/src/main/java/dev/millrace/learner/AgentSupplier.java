package dev.millrace.learner;

import dev.millrace.core.agent.Agent;
import java.io.Serializable;

/** Binds an algorithm anew in the task that needs it; travels with the job. */
@FunctionalInterface
public interface AgentSupplier extends Serializable {

  /**
   * The agent.
   *
   * @param loader sees the user's jars
   */
  Agent agent(ClassLoader loader);
}
