package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.math.PolicyLosses;
import dev.millrace.core.math.Vtrace;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.Policy;
import java.util.Arrays;
import java.util.List;

/**
 * IMPALA (Espeholt et al. 2018, "IMPALA: Scalable Distributed Deep-RL with Importance Weighted
 * Actor-Learner Architectures"): actors never wait for the learner, which makes one gradient step
 * of each batch as it comes, and corrects with V-trace for parameters that were older than its own.
 */
public final class Impala implements Algorithm {
  static final Option<Double> RHO_CLIP =
      Option.declare("algorithm.rho-clip")
          .number(1)
          .above(0)
          .says(
              "Importance ratios count up to this; above 1 values come nearer to the present policy's own, at the price of variance.");

  static final Option<Double> C_CLIP =
      Option.declare("algorithm.c-clip")
          .number(1)
          .from(0)
          .says(
              "Importance ratios count up to this in the trace, which decides how far back a surprise reaches; at most algorithm.rho-clip.");

  static final Option<Double> TRACE_LAMBDA =
      Option.declare("algorithm.trace-lambda")
          .number(1)
          .within(0, 1)
          .says("Targets rest on rewards for 1, on the critic alone for 0.");

  @Override
  public String name() {
    return "impala";
  }

  @Override
  public String sentence() {
    return "IMPALA: V-trace on rollouts from actors that do not wait; discrete and continuous actions.";
  }

  @Override
  public boolean samplesReplay() {
    return false;
  }

  @Override
  public List<Option<?>> options() {
    return ActorCriticOptions.with(
        RHO_CLIP,
        C_CLIP,
        TRACE_LAMBDA,
        Normalization.OBSERVATIONS,
        Normalization.REWARDS,
        LearnerOptions.BATCH_SIZE);
  }

  @Override
  public Agent bind(EnvironmentSpec environment, int environments, Settings settings) {
    return new Bound(Actor.of(environment, settings), environments, clipping(settings));
  }

  private static Vtrace.Clipping clipping(Settings settings) {
    double rho = settings.get(RHO_CLIP);
    double c = settings.get(C_CLIP);
    if (c > rho) {
      throw new IllegalArgumentException(
          "algorithm.c-clip=%s: must be at most algorithm.rho-clip (%s); V-trace would not converge"
              .formatted(c, rho));
    }
    return new Vtrace.Clipping(rho, rho, c, settings.get(TRACE_LAMBDA));
  }

  private record Bound(Actor actor, int environments, Vtrace.Clipping clipping)
      implements TrajectoryAgent {

    @Override
    public NetworkSpec network() {
      return actor.network();
    }

    @Override
    public Policy policy() {
      return actor.policy();
    }

    @Override
    public ReplaySpec.Fifo replay() {
      return ReplaySpec.Fifo.decoupled(
          actor.settings().get(LearnerOptions.DISCOUNT),
          actor.settings().count(LearnerOptions.BATCH_SIZE),
          ReplaySpec.Fifo.ANY_LAG);
    }

    @Override
    public List<String> measures() {
      return List.of("policy_loss", "value_loss", "entropy", "importance_ratio", "clipped_weight");
    }

    @Override
    public Learner<List<Rollout>> learner(Networks networks, long seed) {
      return new ImpalaLearner(this, networks, seed);
    }
  }

  private static final class ImpalaLearner extends ActorCriticLearner {
    private final Vtrace.Clipping clipping;

    ImpalaLearner(Bound bound, Networks networks, long seed) {
      super(
          "impala",
          bound.actor,
          bound.environments,
          networks,
          bound.actor.settings().count(LearnerOptions.BATCH_SIZE),
          seed);
      clipping = bound.clipping;
    }

    @Override
    public Update update(List<Rollout> rollouts) {
      Steps steps = Steps.of(rollouts, actor, normalization);
      if (steps.count() == 0) {
        return Update.dropped(Double.NaN, Double.NaN);
      }
      Correction correction = new Correction(steps);
      ActorCritic.Terms terms = actorCritic.addGradient(steps, correction);
      double loss = actorCritic.loss(terms);
      if (!Double.isFinite(loss)) {
        actorCritic.discard();
        return Update.dropped(loss, Double.NaN);
      }
      double gradientNorm = actorCritic.apply();
      if (!Double.isFinite(gradientNorm)) {
        return Update.dropped(loss, gradientNorm);
      }
      normalization.learned(steps.batch());
      return Update.of(
          loss,
          gradientNorm,
          correction.meanValue,
          List.of(
              terms.policyLoss(),
              terms.valueLoss(),
              terms.entropy(),
              correction.meanRatio,
              correction.clippedWeight()));
    }

    /** V-trace over one batch, and how much of its importance ratios was clipped. */
    private final class Correction implements ActorCritic.Critique {
      private final Steps steps;
      private double meanValue;
      private double meanRatio;
      private double meanWeight;

      Correction(Steps steps) {
        this.steps = steps;
      }

      /** The part of all ratios together that lies beyond the clip. */
      double clippedWeight() {
        return 1 - meanWeight / meanRatio;
      }

      @Override
      public ActorCritic.Lesson of(float[] logProbabilities, float[] values) {
        int count = steps.count();
        float[] logRhos = new float[count];
        for (int t = 0; t < count; t++) {
          logRhos[t] = logProbabilities[t] - steps.behaviourLogProbabilities()[t];
          double ratio = Math.exp(logRhos[t]);
          meanRatio += ratio / count;
          meanWeight += Math.min(clipping.rho(), ratio) / count;
          meanValue += values[t] / count;
        }
        Vtrace.Targets targets =
            Vtrace.of(
                logRhos,
                steps.rewards(),
                steps.batch().discounts(),
                Arrays.copyOf(values, count),
                steps.batch().nextValues(values),
                steps.batch().last(),
                clipping);
        return new ActorCritic.Lesson(
            PolicyLosses.policyGradient(logProbabilities, targets.advantages()), targets.vs());
      }
    }
  }
}
