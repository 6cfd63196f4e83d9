package dev.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  private static final List<String> KNOWN =
      List.of("learner.batch-size", "learner.prefetch", "dqn");

  @Test
  void namesTheNearest() {
    assertThat(Suggestion.of("learner.batchsize", KNOWN))
        .isEqualTo(" (did you mean learner.batch-size?)");
    assertThat(Suggestion.of("DNQ", KNOWN)).isEqualTo(" (did you mean dqn?)");
  }

  @Test
  void caseDoesNotMatter() {
    assertThat(Suggestion.of("LEARNER.PREFETCH", KNOWN))
        .isEqualTo(" (did you mean learner.prefetch?)");
  }

  @Test
  void saysNothingWhenNoneIsNear() {
    assertThat(Suggestion.of("sac", KNOWN)).isEmpty();
    assertThat(Suggestion.of("environment.name", KNOWN)).isEmpty();
    assertThat(Suggestion.of("dqn", List.of())).isEmpty();
  }
}
