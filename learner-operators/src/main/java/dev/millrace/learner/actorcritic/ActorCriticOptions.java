package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.config.Option;
import dev.millrace.core.network.NetworkOptions;
import java.util.List;
import java.util.stream.Stream;

/** The options that actor–critic algorithms share. */
final class ActorCriticOptions {
  static final Option<Double> ENTROPY_COEFFICIENT =
      Option.declare("algorithm.entropy-coefficient")
          .number(0.01)
          .from(0)
          .says(
              "Worth of the policy's entropy beside its advantage, so that it goes on exploring.");

  static final Option<Double> VALUE_COEFFICIENT =
      Option.declare("algorithm.value-coefficient")
          .number(0.5)
          .from(0)
          .says("Weight of the critic's loss beside the policy's.");

  static final Option<Double> INITIAL_LOG_STD =
      Option.declare("algorithm.initial-log-std")
          .number(0)
          .within(-20, 2)
          .says("Logarithm of the standard deviation that continuous actions begin with.");

  static final Option<Boolean> SQUASH_ACTIONS =
      Option.declare("algorithm.squash-actions")
          .truth(false)
          .fixedForTheRun()
          .says(
              "Continuous actions are brought into their bounds by tanh, rather than by clipping.");

  static final Option<Double> NOISE_CORRELATION =
      Option.declare("algorithm.noise-correlation")
          .number(0)
          .must("at least 0 and below 1", c -> c >= 0 && c < 1)
          .says(
              "Correlation of the noise in two successive continuous actions: 0 draws each by itself, near 1 exploration keeps its direction.");

  /** For those who estimate advantages from a critic. */
  static final Option<Double> GAE_LAMBDA =
      Option.declare("algorithm.gae-lambda")
          .number(0.95)
          .within(0, 1)
          .says("Advantages rest on rewards for 1, on the critic alone for 0.");

  private ActorCriticOptions() {}

  /** Whether advantages are scaled; what is usual depends on the algorithm. */
  static Option<Boolean> normalizeAdvantages(boolean usual) {
    return Option.declare("algorithm.normalize-advantages")
        .truth(usual)
        .says("Advantages are scaled to mean 0 and deviation 1 in what each gradient comes of.");
  }

  /** Those that all share, with those of learners and networks, and {@code own}. */
  static List<Option<?>> with(Option<?>... own) {
    List<Option<?>> shared =
        List.of(
            LearnerOptions.DISCOUNT,
            ENTROPY_COEFFICIENT,
            VALUE_COEFFICIENT,
            INITIAL_LOG_STD,
            SQUASH_ACTIONS,
            NOISE_CORRELATION,
            LearnerOptions.LEARNING_RATE,
            LearnerOptions.OPTIMIZER,
            LearnerOptions.GRADIENT_CLIP);
    return Stream.of(List.of(own), shared, NetworkOptions.all())
        .<Option<?>>flatMap(List::stream)
        .toList();
  }
}
