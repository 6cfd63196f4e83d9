package dev.millrace.env;

import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.TimeStep;

/** What an environment may answer; anything else counts as its failure and goes no further. */
record AnswerRules(EnvironmentSpec spec) {

  /**
   * Passes on what keeps to the rules.
   *
   * @param first whether it answers a reset, rather than an action
   * @throws IllegalStateException saying which rule was broken
   */
  TimeStep checked(TimeStep answer, boolean first) {
    if (first != (answer.kind() == TimeStep.Kind.FIRST)) {
      throw new IllegalStateException(
          "%s answered a %s step to %s: a reset is answered by the first step, and only a reset"
              .formatted(spec.name(), answer.kind(), first ? "a reset" : "an action"));
    }
    float[] numbers = answer.observation();
    if (numbers.length != spec.observationSize()) {
      throw new IllegalStateException(
          "%s answered an observation of %d numbers: must be %d, as its specification says"
              .formatted(spec.name(), numbers.length, spec.observationSize()));
    }
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(numbers[i])) {
        throw new IllegalStateException(
            "%s answered observation[%d]=%s: must be finite, or no network can act on it"
                .formatted(spec.name(), i, numbers[i]));
      }
    }
    if (!Float.isFinite(answer.reward())) {
      throw new IllegalStateException(
          "%s answered reward=%s: must be finite, or nothing could be learned from it"
              .formatted(spec.name(), answer.reward()));
    }
    if (!(answer.discount() >= 0 && answer.discount() <= 1)) {
      throw new IllegalStateException(
          "%s answered discount=%s: must be between 0 and 1, or values could grow without bound"
              .formatted(spec.name(), answer.discount()));
    }
    return answer;
  }
}
