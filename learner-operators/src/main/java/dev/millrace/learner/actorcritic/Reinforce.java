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
 * REINFORCE (Williams 1992, "Simple statistical gradient-following algorithms for connectionist
 * reinforcement learning") with parallel workers: an episode of every environment in lock-step,
 * turned into a gradient by the task that acted, and one step of the optimizer for their sum.
 *
 * <p>Actions are credited with the discounted rewards that follow them, less the state's learned
 * value where there is a baseline. The factor {@code gamma^t} by which Sutton and Barto (2018,
 * section 13.3) weigh a step's gradient is left out, as is usual. An episode that a limit cut short
 * counts what would have followed as the baseline's value, without a baseline as nothing.
 */
public final class Reinforce implements Algorithm {
  static final Option<Boolean> BASELINE =
      Option.declare("algorithm.baseline")
          .truth(true)
          .says("Returns count by how much they exceed a learned value of the state.");

  static final Option<Boolean> NORMALIZE_ADVANTAGES = ActorCriticOptions.normalizeAdvantages(true);

  @Override
  public String name() {
    return "reinforce";
  }

  @Override
  public String sentence() {
    return "REINFORCE: whole episodes in lock-step, gradients by the workers; discrete and continuous actions.";
  }

  @Override
  public boolean samplesReplay() {
    return false;
  }

  @Override
  public List<Option<?>> options() {
    return ActorCriticOptions.with(BASELINE, NORMALIZE_ADVANTAGES);
  }

  @Override
  public Agent bind(EnvironmentSpec environment, int environments, Settings settings) {
    return new GradientAgent(
        name(),
        Actor.of(environment, settings),
        new PolicyGradient(settings.get(BASELINE), 1, settings.get(NORMALIZE_ADVANTAGES)),
        ReplaySpec.Fifo.lockStepEpisodes(settings.get(LearnerOptions.DISCOUNT)));
  }
}
