package dev.millrace.core.agent;

import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.policy.Policy;
import java.util.List;

/**
 * An algorithm bound to one environment and one configuration. It either samples what it learns
 * from a replay, or learns once from each trajectory; how it acts is the same for both.
 */
public sealed interface Agent permits ReplayAgent, TrajectoryAgent {

  /** The policy's network, whose parameters come first in what is published. */
  NetworkSpec network();

  /** How it acts: a new policy, for one task. */
  Policy policy();

  /** What it wants kept of its experience, and how it takes from that. */
  ReplaySpec replay();

  /**
   * What its updates measure besides their loss, such as {@code entropy}: names in snake case, in
   * the order of {@link Update#measures}.
   */
  default List<String> measures() {
    return List.of();
  }
}
