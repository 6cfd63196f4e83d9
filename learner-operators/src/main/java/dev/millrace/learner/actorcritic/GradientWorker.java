package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.network.JavaNetworks;
import java.util.List;

/**
 * Turns each rollout into the gradient of its mean loss, by the very parameters that acted, where
 * it was acted. Measures are the loss, the mean value, and {@link GradientLearner#MEASURES}.
 */
final class GradientWorker implements RolloutWorker {
  private final Actor actor;
  private final PolicyGradient method;
  private final ActorCriticGradient gradient;

  /** What {@link #gradient} has; published arrays are never written to. */
  private float[] installed;

  GradientWorker(Actor actor, PolicyGradient method) {
    this.actor = actor;
    this.method = method;
    gradient = new ActorCriticGradient(actor, new JavaNetworks(), PolicyGradient.ROWS_AT_ONCE);
  }

  @Override
  public Rollout work(Rollout rollout, float[] parameters) {
    if (rollout.transitions() == 0) {
      return rollout;
    }
    if (parameters != installed) {
      gradient.install(parameters);
      installed = parameters;
    }
    gradient.clear();
    PolicyGradient.Found found =
        method.add(Steps.of(List.of(rollout), actor, Normalization.NONE), gradient);
    return rollout.reducedTo(
        gradient.sum().clone(),
        found.loss(),
        found.meanValue(),
        found.terms().policyLoss(),
        found.terms().valueLoss(),
        found.terms().entropy());
  }
}
