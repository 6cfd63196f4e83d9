package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.job.Moment.Place;
import dev.millrace.job.ObservedRuns.Run;
import dev.millrace.job.ObservedRuns.Subject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In lock-step a seed decides every bit of what is learned: in one thread and in the tasks of a
 * cluster, and also where tasks fail and the job restores. Each failing run fails at another
 * moment; moments are counted in events, so that no clock decides what is tested.
 */
@Timeout(60)
class LockStepITCase {
  private static final long SEED = 20;
  private static final int ENVIRONMENTS = 6;

  private static final String CARTPOLE =
      """
      seed: 20
      environment: {name: CartPole-v1, count: 6, group-size: 2}
      actor: {parallelism: 2}
      network: {hidden: [16, 16], activation: tanh}
      evaluation: {episodes-first: 1, episodes: 2}
      flink.execution.checkpointing.interval: 20ms
      flink.restart-strategy.exponential-delay.initial-backoff: 1ms
      flink.restart-strategy.exponential-delay.max-backoff: 10ms
      """;

  private static final List<Subject> SUBJECTS =
      List.of(
          subject(
              "ppo",
              "actor.steps-per-ticket=16",
              "algorithm.epochs=2",
              "algorithm.normalize-observations=true",
              "algorithm.normalize-rewards=true",
              "learner.batch-size=32",
              "budget.environment-steps=10000"),
          subject("a2c", "actor.steps-per-ticket=16", "budget.environment-steps=10000"),
          subject("reinforce", "budget.environment-steps=20000"),
          subject(
              "ppo",
              "environment.name=Pendulum-v1",
              "actor.steps-per-ticket=16",
              "algorithm.epochs=2",
              "algorithm.noise-correlation=0.5",
              "learner.batch-size=32",
              "budget.environment-steps=10000"),
          subject(
              "a3c",
              "actor.steps-per-ticket=16",
              "algorithm.synchronous=true",
              "budget.environment-steps=10000"));

  private static Subject subject(String algorithm, String... options) {
    return new Subject(algorithm, ENVIRONMENTS, CARTPOLE, List.of(options));
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

  private static Run inOneThread(Subject subject) throws Exception {
    if (!IN_ONE_THREAD.containsKey(subject)) {
      IN_ONE_THREAD.put(subject, runs.inOneThread(subject));
    }
    return IN_ONE_THREAD.get(subject);
  }

  static List<Subject> subjects() {
    return SUBJECTS;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void oneThreadAndTheTasksOfAClusterLearnTheSame(Subject subject) throws Exception {
    Run reference = inOneThread(subject);
    for (int time = 0; time < 2; time++) {
      Run run = runs.onTheCluster(subject, List.of());
      run.requireSame(reference);
      assertThat(run.progress().restarts()).isZero();
    }
  }

  /** Every moment for the first three, and a few of them for each of the others. */
  static Stream<Arguments> failures() {
    List<List<Moment>> moments = moments();
    return IntStream.range(0, SUBJECTS.size() * moments.size())
        .filter(i -> i / moments.size() < 3 || i % 4 == i / moments.size() - 3)
        .mapToObj(
            i -> Arguments.of(SUBJECTS.get(i / moments.size()), moments.get(i % moments.size())));
  }

  private static List<List<Moment>> moments() {
    SeededRandom random = SeededRandom.of(SEED, "moments");
    return List.of(
        List.of(Moment.at("at the first action", Place.FIRST_ACTOR, 1)),
        List.of(Moment.at("within the first rollout", Place.LAST_ACTOR, 9)),
        List.of(Moment.at("before the first update", Place.LEARNER_BEFORE_UPDATE, 1)),
        List.of(Moment.at("as a checkpoint is written", Place.LEARNER_SAVES, 2)),
        List.of(
            Moment.at("right after a checkpoint", Place.LEARNER_BEFORE_UPDATE, 1)
                .afterCheckpoint()),
        List.of(
            Moment.at("within a rollout", Place.FIRST_ACTOR, 1 + random.nextInt(500))
                .afterCheckpoint()),
        List.of(
            Moment.at("in the other actor", Place.LAST_ACTOR, 1 + random.nextInt(500))
                .afterCheckpoint()),
        List.of(
            Moment.at("before a publication", Place.LEARNER_PUBLISHES, 1 + random.nextInt(30))
                .afterCheckpoint()),
        List.of(
            Moment.at("learner and actor", Place.LEARNER_AFTER_UPDATE, 1 + random.nextInt(30))
                .with("actors (2/2)")
                .afterCheckpoint()),
        List.of(
            Moment.at("the learner", Place.LEARNER_AFTER_UPDATE, 1 + random.nextInt(30))
                .afterCheckpoint(),
            Moment.at("then an actor as it acts again", Place.LAST_ACTOR, 1)),
        List.of(
            Moment.at("the ticket source", Place.LEARNER_BEFORE_UPDATE, 1 + random.nextInt(30))
                .only("Source: tickets")
                .afterCheckpoint()),
        List.of(Moment.at("the evaluator", Place.EVALUATOR, 20).afterCheckpoint()));
  }

  /** Tickets and actors have finished by then, and a checkpoint may say so. */
  @ParameterizedTest
  @MethodSource("subjects")
  void aFailureInTheLastPublicationChangesNothing(Subject subject) throws Exception {
    Run reference = inOneThread(subject);
    long publications = 1 + reference.progress().updates() + 1;

    Run run =
        runs.onTheCluster(
            subject, List.of(Moment.at("in the end", Place.LEARNER_PUBLISHES, publications)));

    run.requireSame(reference);
    assertThat(run.progress().restarts()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureChangesNothing(Subject subject, List<Moment> moments) throws Exception {
    Run reference = inOneThread(subject);

    Run run = runs.onTheCluster(subject, moments);

    run.requireSame(reference);
    assertThat(run.progress().restarts()).isEqualTo(moments.size());
    assertThat(run.witness().restores())
        .as("lives that began from a checkpoint")
        .isGreaterThanOrEqualTo(moments.stream().filter(Moment::checkpointed).count());
  }
}
