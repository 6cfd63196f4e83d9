package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner.Ending;
import dev.millrace.job.run.Runner.Launch;
import dev.millrace.job.run.Runner.Outcome;
import dev.millrace.replay.SavedReplay;
import dev.millrace.replay.SavedReplay.Item;
import dev.millrace.replay.SavedReplay.Remembered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What released versions have saved can be read, and goes on: one savepoint of each is kept. */
@Timeout(300)
class GoldenSavepointsITCase {
  private static final Path KEPT = Path.of("src", "test", "resources", "golden-savepoints");

  /** With {@code MILLRACE_WRITE_SAVEPOINTS=0.2} those of 0.2 that are not there are made first. */
  private static final String WRITTEN = System.getenv("MILLRACE_WRITE_SAVEPOINTS");

  private static final String CARTPOLE =
      """
      seed: 7
      environment: {name: CartPole-v1, count: 8, group-size: 4}
      actor: {parallelism: 2}
      network: {hidden: [16]}
      evaluation: {target-return: none, episodes-first: 2, episodes: 4}
      checkpoint: {interval: 1h}
      """;

  /** What is kept of a version: each run is stopped by its budget, in the middle of episodes. */
  private static final Map<String, String> MADE =
      Map.of(
          "dqn",
          """
          algorithm: {name: dqn, n-step: 3, target-update-every: 50}
          replay: {shards: 2, parallelism: 2, capacity: 8000, minimum-size: 200, samples-per-insert: 4}
          learner.batch-size: 16
          budget.environment-steps: 736
          # So that not all of it is in one file.
          flink.execution.checkpointing.data-inline-threshold: 4kb
          """,
          "ppo",
          """
          algorithm: {name: ppo, epochs: 2, normalize-observations: true, normalize-rewards: true}
          actor.steps-per-ticket: 16
          learner.batch-size: 32
          budget.environment-steps: 768
          """,
          "impala",
          """
          algorithm: {name: impala, normalize-observations: true, normalize-rewards: true}
          actor.steps-per-ticket: 16
          learner.batch-size: 160
          budget.environment-steps: 896
          """);

  private static final int ENVIRONMENTS = 8;

  @TempDir private Path folder;

  @BeforeAll
  static void write(@TempDir Path scratch) throws Exception {
    if (WRITTEN == null) {
      return;
    }
    for (Map.Entry<String, String> made : MADE.entrySet()) {
      String name = made.getKey();
      Path kept = KEPT.resolve(WRITTEN).resolve(name);
      if (Files.exists(kept)) {
        continue; // what was released stays as it is
      }
      Experiment experiment =
          new ExperimentReader(TestingRuns.LOADER)
              .read(name, CARTPOLE + made.getValue(), name, List.of());
      Launch launch = TestingRuns.launch(experiment, scratch.resolve(name), null);
      Outcome outcome = new EmbeddedRunner().run(launch);
      assertThat(outcome.ending()).isEqualTo(Ending.BUDGET_SPENT);
      GoldenSavepoint.keep(
          kept, experiment, Path.of(outcome.savepoint()), scratch.resolve(name + "-read"));
    }
  }

  static List<String> kept() throws Exception {
    try (Stream<Path> all = Files.find(KEPT, 2, (path, attributes) -> path.getNameCount() == 6)) {
      return all.map(path -> KEPT.relativize(path).toString()).sorted().toList();
    }
  }

  private GoldenSavepoint copyOf(String kept) throws Exception {
    return new GoldenSavepoint(KEPT.resolve(kept)).movedTo(folder.resolve("copy"));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void holdsWhatWasReadWhenItWasMade(String kept) throws Exception {
    GoldenSavepoint golden = copyOf(kept);
    assertThat(golden.read(folder.resolve("read"))).isEqualTo(golden.recorded());
  }

  @ParameterizedTest
  @MethodSource("kept")
  void goesOn(String kept) throws Exception {
    GoldenSavepoint golden = copyOf(kept);
    long budget = golden.experiment().budgetSteps() + 1024;
    Experiment experiment =
        golden.experiment("budget.environment-steps=" + budget, "flink.restart-strategy.type=none");
    Launch launch = TestingRuns.launch(experiment, folder.resolve("run"), golden.savepoint());

    Outcome outcome = new EmbeddedRunner().run(launch);

    assertThat(outcome.ending()).isEqualTo(Ending.BUDGET_SPENT);
    RunProgress end = RunProgress.read(launch.folder()).orElseThrow();
    assertThat(end.environmentSteps()).as("the clock went on").isEqualTo(budget);
    assertThat(end.updates()).isGreaterThan(golden.learned().version().step() + 1);
    if (experiment.algorithm().equals("dqn")) {
      assertRemembersAndGoesOn(golden, launch, Path.of(outcome.savepoint()));
    }
  }

  private static void assertRemembersAndGoesOn(
      GoldenSavepoint golden, Launch launch, Path savepoint) throws Exception {
    Map<Item, Remembered> before = golden.replay().remembered();
    SavedReplay after = SavedReplay.read(savepoint, launch.experiment().replay().shards());
    assertThat(after.doubled()).isZero();
    assertThat(after.remembered().size()).isGreaterThan(before.size() + 900);
    before.forEach(
        (item, remembered) ->
            assertThat(after.remembered().get(item))
                .as("%s", item)
                .usingRecursiveComparison()
                .isEqualTo(remembered));
    List<List<String>> episodes = TestingRuns.rows(launch.folder().episodes());
    for (int environment = 0; environment < ENVIRONMENTS; environment++) {
      assertThat(after.unbrokenSteps(environment)).isPositive();
      assertEpisodeWentOn(environment, golden.replay(), after, episodes);
    }
  }

  /** The first episode that ended since is one that had begun before, and is counted as a whole. */
  private static void assertEpisodeWentOn(
      int environment, SavedReplay before, SavedReplay after, List<List<String>> episodes) {
    long from = endOfEpisode(environment, after, 0);
    long begun = 0;
    while (before.weights().containsKey(new Item(environment, from - 1))) {
      begun = from;
      from = endOfEpisode(environment, after, from);
    }
    String name = Integer.toString(environment);
    List<String> first =
        episodes.stream().filter(row -> row.get(1).equals(name)).findFirst().orElseThrow();
    assertThat(Long.parseLong(first.get(3)))
        .as("length of environment %d's first episode since", environment)
        .isEqualTo(from - begun);
  }

  /** One past the last step of the episode that {@code step} is of. */
  private static long endOfEpisode(int environment, SavedReplay replay, long step) {
    // The last few transitions of an episode, as many as are summed up in one, discount nothing.
    long last = step;
    while (replay.remembered().get(new Item(environment, last)).discount() != 0) {
      last++;
    }
    while (replay.remembered().containsKey(new Item(environment, last + 1))
        && replay.remembered().get(new Item(environment, last + 1)).discount() == 0
        && sameEnd(environment, replay, last)) {
      last++;
    }
    return last + 1;
  }

  private static boolean sameEnd(int environment, SavedReplay replay, long step) {
    return Arrays.equals(
        replay.remembered().get(new Item(environment, step)).nextObservation(),
        replay.remembered().get(new Item(environment, step + 1)).nextObservation());
  }
}
