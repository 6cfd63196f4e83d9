package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobShapeTest {

  @Test
  void theVerticesOfFeedbackEdgesAreFoundAndKeepTheirIdentifiers() throws Exception {
    JobShape one = JobShape.of(TestingRuns.experiment("actor.parallelism=1"), TestingRuns.LOADER);
    JobShape four = JobShape.of(TestingRuns.experiment("actor.parallelism=4"), TestingRuns.LOADER);
    assertThat(one.feedback())
        .extracting(JobShape.Vertex::name)
        .containsExactlyInAnyOrder(
            "Source: tickets",
            "actors",
            "replay",
            "feedback tickets-progress",
            "feedback actors-parameters",
            "feedback replay-credits replay-priorities");
    assertThat(four.feedback()).hasSameElementsAs(one.feedback());
    assertThat(one.feedback())
        .extracting(JobShape.Vertex::id)
        .allMatch(id -> id.matches("[0-9a-f]{32}"));
    assertThat(four.networkBuffers()).isGreaterThan(one.networkBuffers());
  }
}
