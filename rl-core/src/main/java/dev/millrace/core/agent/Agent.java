package dev.millrace.core.agent;

import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.Policy;

/**
 * An algorithm bound to one environment and one configuration: the four things that make it what it
 * is.
 */
public interface Agent {

  /** The policy's network, whose parameters are published. */
  NetworkSpec network();

  /** How it acts: a new policy, for one task. */
  Policy policy();

  /**
   * What it remembers: a new accumulator, for one environment.
   *
   * @param environment the experiment-wide number that its transitions carry
   */
  Accumulator accumulator(int environment);

  /** What it wants sampled. */
  ReplaySpec replay();

  /**
   * How it learns: a new learner, at its first step or about to be restored.
   *
   * @param seed decides the initial parameters and every later draw
   */
  Learner learner(Networks networks, long seed);
}
