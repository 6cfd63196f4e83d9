package dev.millrace.core.agent;

import java.io.Serializable;

/** Binds an algorithm where it is needed; travels with the job instead of the agent itself. */
@FunctionalInterface
public interface AgentFactory extends Serializable {

  /**
   * The agent, made anew.
   *
   * @param loader sees the user's jars
   */
  Agent agent(ClassLoader loader);
}
