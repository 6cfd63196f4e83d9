package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.job.ObservedRuns.Run;
import dev.millrace.job.ObservedRuns.Subject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every algorithm must do: learn worlds whose values are known, be saved and restored without
 * a trace, and learn on a cluster what it learns in one thread.
 */
@Timeout(60)
class AlgorithmContractITCase {
  private static final double DISCOUNT = 0.9;
  private static final int ENVIRONMENTS = 8;

  private static final String WORLD =
      """
      seed: 3
      environment: {count: 8, group-size: 2}
      actor: {parallelism: 2}
      algorithm: {discount: 0.9}
      network: {hidden: [32]}
      evaluation: {episodes-first: 1, episodes: 2}
      flink.execution.checkpointing.interval: 100ms
      """;

  private static final List<Subject> SUBJECTS =
      List.of(
          subject(
              "dqn",
              "algorithm.n-step=1",
              "algorithm.target-update-every=20",
              "algorithm.epsilon-decay-steps=2000",
              "learner.batch-size=32",
              "replay.samples-per-insert=8",
              "replay.minimum-size=100",
              "budget.environment-steps=10000"),
          subject(
              "ppo",
              "actor.steps-per-ticket=20",
              "algorithm.entropy-coefficient=0.1",
              "algorithm.normalize-advantages=false",
              "learner.learning-rate=0.003",
              "budget.environment-steps=20000"),
          subject(
              "a2c",
              "actor.steps-per-ticket=20",
              "algorithm.entropy-coefficient=0.2",
              "learner.learning-rate=0.003",
              "budget.environment-steps=40000"),
          subject(
              "a3c",
              "actor.steps-per-ticket=20",
              "algorithm.entropy-coefficient=0.1",
              "learner.learning-rate=0.003",
              "budget.environment-steps=40000"),
          subject(
              "reinforce",
              "algorithm.entropy-coefficient=0.1",
              "algorithm.normalize-advantages=false",
              "learner.learning-rate=0.01",
              "budget.environment-steps=150000"),
          subject(
              "impala",
              "actor.steps-per-ticket=20",
              "algorithm.entropy-coefficient=0.1",
              "learner.learning-rate=0.003",
              "budget.environment-steps=40000"));

  private static Subject subject(String algorithm, String... options) {
    return new Subject(algorithm, ENVIRONMENTS, WORLD, List.of(options));
  }

  @TempDir private static Path folder;
  private static ObservedRuns runs;
  private static final Map<Subject, Run> IN_ONE_THREAD = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    runs = new ObservedRuns(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    runs.close();
  }

  private static Subject in(KnownWorld world, Subject subject) {
    return subject.with("environment.name=" + world.environment);
  }

  private static Run inOneThread(Subject subject) throws Exception {
    if (!IN_ONE_THREAD.containsKey(subject)) {
      IN_ONE_THREAD.put(subject, runs.inOneThread(subject));
    }
    return IN_ONE_THREAD.get(subject);
  }

  static List<Subject> subjects() {
    return SUBJECTS;
  }

  static Stream<Arguments> subjectsAndWorlds() {
    return SUBJECTS.stream()
        .flatMap(
            subject -> Stream.of(KnownWorld.values()).map(world -> Arguments.of(subject, world)));
  }

  @ParameterizedTest
  @MethodSource("subjectsAndWorlds")
  void learnsWhatIsBestAndWhatItIsWorth(Subject subject, KnownWorld world) throws Exception {
    Subject here = in(world, subject);
    Run run = inOneThread(here);

    Agent agent = here.agent(run.experiment());
    requireBest(world, agent, run.witness().published());
    if (agent instanceof ReplayAgent) {
      for (int state = 0; state < world.decided; state++) {
        assertThat(world.greatestValue(agent, run.witness().published(), state))
            .as("value of state %d", state)
            .isCloseTo(world.bestValue(DISCOUNT, state), withinPercentage(2));
      }
    } else {
      assertThat(run.witness().meanValue())
          .as("mean value of the states that were decided in last")
          .isCloseTo(world.meanValue(DISCOUNT), withinPercentage(world.percent));
    }
  }

  private static void requireBest(KnownWorld world, Agent agent, float[] parameters) {
    for (int start = 0; start < world.starts; start++) {
      assertThat(world.greedyReturn(agent, parameters, start))
          .as("greedy return from state %d", start)
          .isEqualTo(world.bestReturn(start));
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aFreshLearnerContinuesWhatAnotherSaved(Subject subject) throws Exception {
    Subject here = in(KnownWorld.CHAIN, subject);
    Run reference = inOneThread(here);

    Run replaced = runs.inOneThread(here, reference.progress().updates() / 2);

    assertThat(replaced.witness().restores()).isEqualTo(1);
    replaced.requireSame(reference);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void learnsOnAClusterWhatItLearnsInOneThread(Subject subject) throws Exception {
    Subject here = in(KnownWorld.CHAIN, subject);
    Run run = runs.onTheCluster(here, List.of());
    Agent agent = here.agent(run.experiment());
    requireBest(KnownWorld.CHAIN, agent, run.witness().published());
    if (agent.replay() instanceof ReplaySpec.Fifo fifo && fifo.lockStep()) {
      run.requireSame(inOneThread(here));
    }
  }
}
