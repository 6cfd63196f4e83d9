package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.ShardKeys;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ActorOperatorTest {

  /** Four groups: 3, 3, 3 and 1. */
  private static final ActorSpec ACTORS = new ActorSpec(TestingEnvironment.SPEC, 10, 3, 42, 3);

  private static TestingActors<Transition> open(
      int parallelism, int subtask, OperatorSubtaskState state) throws Exception {
    return TestingActors.transitions(ACTORS, parallelism, subtask, state);
  }

  @Test
  void tellsOfEveryOwnedGroupAtOpenAndByTimer() throws Exception {
    try (TestingActors<Transition> first = open(2, 0, null);
        TestingActors<Transition> second = open(2, 1, null)) {
      assertThat(first.progress())
          .containsExactly(new Progress.Group(0, 0, 0, 0, 0), new Progress.Group(1, 0, 0, 0, 0));
      assertThat(second.progress())
          .containsExactly(new Progress.Group(2, 0, 0, 0, 0), new Progress.Group(3, 0, 0, 0, 0));
      assertThat(first.reports())
          .contains(new Report.Acting(0, 0, 0, ParameterVersion.NONE))
          .hasSize(2);
      first.advanceTo(199);
      assertThat(first.progress()).isEmpty();
      first.advanceTo(200);
      assertThat(first.progress()).hasSize(2);
      first.advanceTo(400);
      assertThat(first.progress()).hasSize(2);
    }
  }

  @Test
  void answersATicketWithTransitionsEpisodesAndProgress() throws Exception {
    try (TestingActors<Transition> actors = open(1, 0, null)) {
      actors.publish(1, 0);
      actors.progress();
      actors.reports();
      actors.sent();
      actors.ticket(3, 1, 100);
      assertThat(actors.sent()).as("all leave together").isEqualTo(1);
      List<Transition> transitions = actors.outputs();
      assertThat(transitions).hasSizeBetween(98, 100);
      assertThat(transitions).extracting(Transition::environment).containsOnly(9);
      assertThat(transitions)
          .extracting(Transition::version)
          .containsOnly(new ParameterVersion(1, 1));
      assertThat(actors.progress())
          .containsExactly(new Progress.Group(3, 1, transitions.size(), 0, 0));
      assertThat(actors.reports())
          .hasSizeGreaterThan(3)
          .allSatisfy(r -> assertThat(((Report.Episode) r).environment()).isEqualTo(9));
    }
  }

  @Test
  void ticketsWaitForTheFirstParameters() throws Exception {
    try (TestingActors<Transition> actors = open(1, 0, null)) {
      actors.progress();
      actors.ticket(0, 1, 5);
      actors.ticket(0, 2, 5);
      assertThat(actors.progress()).isEmpty();
      actors.publish(1, 0);
      assertThat(answered(actors.progress())).containsExactly("0: 1", "0: 2");
    }
  }

  @Test
  void aTicketWaitsForTheVersionItAsksFor() throws Exception {
    try (TestingActors<Transition> actors = open(1, 0, null)) {
      actors.publish(1, 0);
      actors.progress();
      actors.ticket(new Ticket(0, 1, 5, 0, 3));
      actors.publish(2, 0);
      assertThat(actors.progress()).isEmpty();
      actors.publish(3, 0);
      assertThat(actors.progress()).hasSize(1);
    }
  }

  @Test
  void waitingTicketsAreStateToo() throws Exception {
    OperatorSubtaskState state;
    try (TestingActors<Transition> actors = open(1, 0, null)) {
      actors.ticket(2, 1, 5);
      state = actors.snapshot();
    }
    try (TestingActors<Transition> actors = open(1, 0, state)) {
      actors.progress();
      actors.publish(1, 0);
      assertThat(answered(actors.progress())).containsExactly("2: 1");
    }
  }

  @Test
  void olderParametersNeverReplaceNewerOnes() throws Exception {
    try (TestingActors<Transition> actors = open(1, 0, null)) {
      actors.publish(new ParameterVersion(2, 5), 0);
      actors.publish(new ParameterVersion(2, 4), 1);
      actors.publish(new ParameterVersion(1, 9), 1);
      actors.ticket(0, 1, 10);
      assertThat(actors.outputs())
          .extracting(Transition::version)
          .containsOnly(new ParameterVersion(2, 5));
      actors.publish(new ParameterVersion(3, 0), 1);
      actors.outputs();
      actors.ticket(0, 2, 10);
      assertThat(actors.outputs())
          .extracting(Transition::version)
          .contains(new ParameterVersion(3, 0));
    }
  }

  @Test
  void parametersOfAnotherNetworkAreRefused() throws Exception {
    try (TestingActors<Transition> actors = open(1, 0, null)) {
      assertThatThrownBy(() -> actors.publish(new ParameterVersion(1, 1), 1, 2, 3))
          .hasMessage("parameters=float[3]: must be 1");
    }
  }

  @Test
  void theFutureAfterARestoreIsTheSame() throws Exception {
    OperatorSubtaskState state;
    List<String> uninterrupted;
    try (TestingActors<Transition> actors = open(1, 0, null)) {
      begin(actors);
      state = actors.snapshot();
      actors.everything();
      goOn(actors);
      uninterrupted = actors.everything();
    }
    try (TestingActors<Transition> restored = open(1, 0, state)) {
      restored.everything();
      goOn(restored);
      assertThat(restored.everything()).isEqualTo(uninterrupted).hasSizeGreaterThan(300);
    }
  }

  /** The group and the number of the ticket answered last. */
  private static List<String> answered(List<Progress> progress) {
    return progress.stream()
        .map(p -> (Progress.Group) p)
        .map(group -> group.group() + ": " + group.answered())
        .toList();
  }

  @Test
  void theFutureSurvivesRescalingUpAndDown() throws Exception {
    OperatorSubtaskState state;
    List<String> uninterrupted;
    try (TestingActors<Transition> actors = open(1, 0, null)) {
      begin(actors);
      state = actors.snapshot();
      actors.everything();
      goOn(actors);
      uninterrupted = actors.everything();
    }
    List<OperatorSubtaskState> halves = new ArrayList<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      try (TestingActors<Transition> half = open(2, subtask, repartition(state, 1, 2, subtask))) {
        assertThat(answered(half.progress()))
            .as("each half continues its own groups")
            .containsExactly(
                subtask == 0 ? new String[] {"0: 1", "1: 1"} : new String[] {"2: 1", "3: 0"});
        halves.add(half.snapshot());
      }
    }
    OperatorSubtaskState whole =
        repartition(
            AbstractStreamOperatorTestHarness.repackageState(halves.get(0), halves.get(1)),
            2,
            1,
            0);
    try (TestingActors<Transition> restored = open(1, 0, whole)) {
      restored.everything();
      goOn(restored);
      assertThat(restored.everything()).isEqualTo(uninterrupted);
    }
  }

  private static void begin(TestingActors<Transition> actors) throws Exception {
    actors.publish(1, 2);
    for (int group = 0; group < 3; group++) {
      actors.ticket(group, 1, 20);
    }
  }

  /** Without new parameters: those of the checkpoint must have been kept. */
  private static void goOn(TestingActors<Transition> actors) throws Exception {
    for (int group = 0; group < 3; group++) {
      actors.ticket(group, 2, 30);
    }
    actors.ticket(3, 1, 50);
  }

  private static OperatorSubtaskState repartition(
      OperatorSubtaskState state, int before, int after, int subtask) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        state, ShardKeys.MAX_PARALLELISM, before, after, subtask);
  }
}
