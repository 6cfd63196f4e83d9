package dev.millrace.learner;

import java.io.Serializable;

/**
 * How policies are judged.
 *
 * @param environment its name in the catalogue
 * @param episodesFirst greedy episodes that must promise something before the rest is played
 * @param episodes fresh greedy episodes that decide
 * @param targetReturn mean return at which learning may end; NaN for none
 * @param seed of the experiment; evaluation draws from streams of its own
 */
public record EvaluatorSettings(
    String environment, int episodesFirst, int episodes, double targetReturn, long seed)
    implements Serializable {
  public EvaluatorSettings {
    if (episodesFirst < 1 || episodes < 1) {
      throw new IllegalArgumentException(
          "evaluator episodesFirst=%d, episodes=%d: must be at least 1"
              .formatted(episodesFirst, episodes));
    }
  }

  /** Whether {@code meanReturn} is enough; never if there is no target. */
  public boolean reached(double meanReturn) {
    return meanReturn >= targetReturn;
  }
}
