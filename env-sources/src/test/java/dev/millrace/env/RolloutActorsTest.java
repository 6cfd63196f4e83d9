package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.experience.Rollout;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.ShardKeys;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** {@link ActorOperator} in lock-step. */
class RolloutActorsTest {

  /** Four groups: 3, 3, 3 and 1. */
  private static final ActorSpec ACTORS = new ActorSpec(TestingEnvironment.SPEC, 10, 3, 42, 3);

  private static TestingActors<Rollout> open(
      int parallelism, int subtask, OperatorSubtaskState state) throws Exception {
    return TestingActors.rollouts(ACTORS, parallelism, subtask, state);
  }

  private static void ticket(TestingActors<Rollout> actors, int group, long number)
      throws Exception {
    actors.ticket(new Ticket(group, number, 10, 0, number - 1));
  }

  private static List<String> names(List<Rollout> rollouts) {
    return rollouts.stream()
        .map(r -> r.group() + ":" + r.number() + " by " + r.version().step())
        .toList();
  }

  @Test
  void aTicketWaitsForTheStepItNames() throws Exception {
    try (TestingActors<Rollout> actors = open(1, 0, null)) {
      for (int group = 0; group < 2; group++) {
        ticket(actors, group, 1);
        ticket(actors, group, 2);
      }
      assertThat(actors.outputs()).isEmpty();
      actors.publish(0, 1);
      assertThat(names(actors.outputs())).containsExactly("0:1 by 0", "1:1 by 0");
      ticket(actors, 2, 1);
      assertThat(names(actors.outputs())).containsExactly("2:1 by 0");
      actors.publish(1, 2);
      assertThat(names(actors.outputs())).containsExactly("0:2 by 1", "1:2 by 1");
    }
  }

  @Test
  void aTicketWaitsInStateForParametersOfTheNextEpoch() throws Exception {
    OperatorSubtaskState state;
    List<String> uninterrupted;
    try (TestingActors<Rollout> actors = open(1, 0, null)) {
      begin(actors);
      state = actors.snapshot();
      actors.everything();
      goOn(actors, new ParameterVersion(2, 1));
      uninterrupted = actors.everything();
    }
    try (TestingActors<Rollout> actors = open(1, 0, state)) {
      actors.everything();
      actors.publish(new ParameterVersion(2, 0), 4);
      assertThat(actors.outputs()).as("the step it has already").isEmpty();
      goOn(actors, new ParameterVersion(2, 1));
      assertThat(actors.everything()).isEqualTo(uninterrupted).hasSizeGreaterThan(20);
    }
  }

  @Test
  void waitingTicketsAndParametersMoveWithTheirGroups() throws Exception {
    OperatorSubtaskState state;
    List<String> uninterrupted;
    try (TestingActors<Rollout> actors = open(1, 0, null)) {
      begin(actors);
      state = actors.snapshot();
      actors.everything();
      goOn(actors, new ParameterVersion(2, 1));
      uninterrupted = actors.everything();
    }
    List<OperatorSubtaskState> halves = new ArrayList<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      try (TestingActors<Rollout> half = open(2, subtask, repartition(state, 1, 2, subtask))) {
        halves.add(half.snapshot());
      }
    }
    OperatorSubtaskState both =
        AbstractStreamOperatorTestHarness.repackageState(halves.get(0), halves.get(1));
    try (TestingActors<Rollout> actors = open(1, 0, repartition(both, 2, 1, 0))) {
      actors.everything();
      goOn(actors, new ParameterVersion(2, 1));
      assertThat(actors.everything()).isEqualTo(uninterrupted);
    }
  }

  /** Three groups have answered once; two of them have their next ticket, which waits. */
  private static void begin(TestingActors<Rollout> actors) throws Exception {
    actors.publish(new ParameterVersion(1, 0), 4);
    for (int group = 0; group < 3; group++) {
      ticket(actors, group, 1);
    }
    ticket(actors, 0, 2);
    ticket(actors, 2, 2);
    assertThat(actors.outputs()).hasSize(3);
  }

  /** A ticket that may be answered at once, one that may not, then the parameters. */
  private static void goOn(TestingActors<Rollout> actors, ParameterVersion next) throws Exception {
    ticket(actors, 3, 1);
    ticket(actors, 1, 2);
    actors.publish(next, 5);
  }

  private static OperatorSubtaskState repartition(
      OperatorSubtaskState state, int before, int after, int subtask) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        state, ShardKeys.MAX_PARALLELISM, before, after, subtask);
  }
}
