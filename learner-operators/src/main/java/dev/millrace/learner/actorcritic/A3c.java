package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import java.util.List;

/**
 * Asynchronous advantage actor–critic (Mnih et al. 2016, "Asynchronous Methods for Deep
 * Reinforcement Learning", algorithm S3), with messages in place of shared parameters: each task
 * that acts turns its rollouts into gradients, and one learner steps by them.
 *
 * <p>On arrival each gradient is a step of its own, from parameters that have moved on since it was
 * found; by how far is reported as policy lag, and nothing corrects for it. Synchronously every
 * group's gradient is waited for, and their mean is one step.
 */
public final class A3c implements Algorithm {
  static final Option<Boolean> SYNCHRONOUS =
      Option.declare("algorithm.synchronous")
          .truth(false)
          .fixedForTheRun()
          .says("One step by the gradients of all groups, rather than one by each as it comes.");

  static final Option<Long> MAX_LAG =
      Option.declare("algorithm.max-lag")
          .whole(100)
          .from(0)
          .says("A gradient of parameters more updates old than this is refused.");

  static final Option<Boolean> NORMALIZE_ADVANTAGES = ActorCriticOptions.normalizeAdvantages(false);

  @Override
  public String name() {
    return "a3c";
  }

  @Override
  public String sentence() {
    return "A3C: gradients by the workers, applied as they come or averaged; discrete and continuous actions.";
  }

  @Override
  public boolean samplesReplay() {
    return false;
  }

  @Override
  public List<Option<?>> options() {
    return ActorCriticOptions.with(
        SYNCHRONOUS, MAX_LAG, ActorCriticOptions.GAE_LAMBDA, NORMALIZE_ADVANTAGES);
  }

  @Override
  public Agent bind(EnvironmentSpec environment, int environments, Settings settings) {
    double discount = settings.get(LearnerOptions.DISCOUNT);
    long maxLag = settings.get(MAX_LAG);
    return new GradientAgent(
        name(),
        Actor.of(environment, settings),
        new PolicyGradient(
            true, settings.get(ActorCriticOptions.GAE_LAMBDA), settings.get(NORMALIZE_ADVANTAGES)),
        settings.get(SYNCHRONOUS)
            ? ReplaySpec.Fifo.lockStep(discount)
            : ReplaySpec.Fifo.decoupled(discount, 1, maxLag));
  }
}
