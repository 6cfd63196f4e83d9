package dev.millrace.core.agent;

import java.io.Serializable;

/**
 * Binds an algorithm where it is needed; travels with the job instead of the agent itself.
 *
 * @param <A> the kind of agent
 */
@FunctionalInterface
public interface AgentFactory<A extends Agent> extends Serializable {

  /**
   * The agent, made anew.
   *
   * @param loader sees the user's jars
   */
  A agent(ClassLoader loader);
}
