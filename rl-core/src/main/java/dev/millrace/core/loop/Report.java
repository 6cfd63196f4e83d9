package dev.millrace.core.loop;

import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import java.util.List;

/** What the recorder writes down. Counters are absolute. */
public sealed interface Report {

  /**
   * An episode ended.
   *
   * @param environment experiment-wide number
   * @param environmentSteps the experiment's clock at the ticket in which it ended
   * @param episodeReturn undiscounted sum of rewards
   * @param length steps
   * @param truncated whether a limit ended it
   */
  record Episode(
      int environment, long environmentSteps, double episodeReturn, int length, boolean truncated)
      implements Report {}

  /**
   * An environment group's counters.
   *
   * @param steps environment steps taken by the group
   * @param faults times an environment of the group threw and was restarted
   * @param acting the parameters it acts with
   */
  record Acting(int group, long steps, long faults, ParameterVersion acting) implements Report {}

  /**
   * A replay shard's counters.
   *
   * @param prioritiesApplied priorities that reached their transition
   * @param prioritiesIgnored those that came for another epoch or an overwritten transition
   * @param prioritiesDropped those that a full inbox dropped
   * @param cachedBytes bytes served from the heap
   * @param storedBytes bytes held in the state backend
   */
  record Replay(
      Progress.Shard progress,
      long prioritiesApplied,
      long prioritiesIgnored,
      long prioritiesDropped,
      long cachedBytes,
      long storedBytes)
      implements Report {}

  /**
   * The learner's counters and the means since its previous report.
   *
   * @param dropped updates dropped because something was not finite
   * @param policyLag updates between the learner's step and the parameters that acted: of what was
   *     learned from where that is known, otherwise of the newest transition it knows of
   * @param refused transitions not learned from because their parameters were too old
   * @param measures one for each of {@link dev.millrace.core.agent.Agent#measures}; empty before
   *     the first
   */
  record Learning(
      ParameterVersion version,
      long dropped,
      double loss,
      double gradientNorm,
      double meanValue,
      double policyLag,
      long refused,
      List<Double> measures)
      implements Report {}

  /**
   * An evaluation of one version on fresh greedy episodes.
   *
   * @param environmentSteps the clock at which that version was published
   * @param decisive whether all the episodes that decide were played, or only the first few
   * @param best the parameters, if they are the best so far by a decisive evaluation; otherwise
   *     null
   */
  record Evaluation(
      ParameterVersion version,
      long environmentSteps,
      int episodes,
      double meanReturn,
      boolean decisive,
      boolean targetReached,
      PolicyParameters best)
      implements Report {}
}
