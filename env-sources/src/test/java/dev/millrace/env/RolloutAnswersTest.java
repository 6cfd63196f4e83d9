package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutAnswersTest {
  private static final ParameterVersion VERSION = new ParameterVersion(7, 3);
  private static final PolicyParameters ACTING =
      new PolicyParameters(VERSION, 0, 0, new float[] {1, 5});

  private final List<Report.Episode> episodes = new ArrayList<>();

  private List<Rollout> answers(RolloutWorker worker) {
    RolloutAnswers answers =
        new RolloutAnswers(
            new ActorSpec(TestingEnvironment.SPEC, 5, 3, 42, 3),
            new TestingEnvironment.Provider(),
            new TestingTrajectoryAgent(false, worker));
    EnvironmentGroup<Trajectory> group = answers.group(1);
    List<Rollout> rollouts = new ArrayList<>();
    TestingTrajectoryAgent agent = new TestingTrajectoryAgent(false);
    for (int number = 1; number <= 2; number++) {
      Ticket ticket = new Ticket(1, number, 20, 0, 0);
      answers.answer(group, ticket, ACTING, agent.policy(), rollouts::add, episodes::add);
    }
    return rollouts;
  }

  @Test
  void aTicketIsAnsweredWithOneRollout() {
    List<Rollout> rollouts = answers(RolloutWorker.SENDS_TRAJECTORIES);
    assertThat(rollouts).extracting(Rollout::number).containsExactly(1L, 2L);
    for (Rollout rollout : rollouts) {
      assertThat(rollout.group()).isEqualTo(1);
      assertThat(rollout.version()).isEqualTo(VERSION);
      assertThat(rollout.transitions()).isEqualTo(40);
      assertThat(rollout.gradient()).isNull();
      assertThat(rollout.trajectories()).extracting(Trajectory::environment).containsOnly(3, 4);
    }
    assertThat(episodes).isNotEmpty();
  }

  @Test
  void theWorkerSeesTheRolloutAndAllThatWasPublished() {
    List<Rollout> seen = new ArrayList<>();
    List<Rollout> rollouts =
        answers(
            (rollout, parameters) -> {
              seen.add(rollout);
              return rollout.reducedTo(new float[] {parameters[1], rollout.transitions()}, 0.5);
            });
    assertThat(seen).extracting(rollout -> rollout.trajectories().isEmpty()).containsOnly(false);
    assertThat(rollouts).hasSize(2);
    assertThat(rollouts.get(1).gradient()).containsExactly(5, 40);
    assertThat(rollouts.get(1).trajectories()).isEmpty();
    assertThat(rollouts.get(1).transitions()).isEqualTo(40);
    assertThat(rollouts.get(1).measures()).containsExactly(0.5);
  }
}
