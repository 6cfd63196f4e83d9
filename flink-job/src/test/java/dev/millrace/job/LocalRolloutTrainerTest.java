package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRolloutTrainerTest {
  private static final String PPO =
      """
      name: test
      environment: {name: CartPole-v1, count: 5, group-size: 2}
      actor: {parallelism: 2, steps-per-ticket: 64}
      algorithm: {name: ppo, epochs: 2, normalize-observations: true, normalize-rewards: true}
      network: {hidden: [16], activation: tanh}
      learner: {batch-size: 64}
      budget: {environment-steps: 4000}
      """;

  @TempDir private Path folder;

  private RunFolder run(String name, Ending expected, String... overrides) throws Exception {
    Path at = folder.resolve(name);
    Experiment experiment =
        new ExperimentReader(TestingRuns.LOADER)
            .read("test", PPO, "test", Arrays.asList(overrides));
    var outcome = new LocalRunner().run(TestingRuns.launch(experiment, at, null));
    assertThat(outcome.ending()).isEqualTo(expected);
    return RunFolder.at(at);
  }

  @Test
  void aSeedGivesTheSameRunBitForBitAndAnotherSeedAnother() throws Exception {
    RunFolder first = run("first", Ending.BUDGET_SPENT);
    RunFolder second = run("second", Ending.BUDGET_SPENT);
    assertThat(TestingRuns.rows(first.evaluations())).isNotEmpty();
    assertThat(second.episodes()).hasSameBinaryContentAs(first.episodes());
    assertThat(second.evaluations()).hasSameBinaryContentAs(first.evaluations());
    assertThat(second.bestPolicy()).hasSameBinaryContentAs(first.bestPolicy());
    RunFolder other = run("other", Ending.BUDGET_SPENT, "seed=2");
    assertThat(Files.readAllLines(other.episodes()))
        .isNotEqualTo(Files.readAllLines(first.episodes()));
  }

  @Test
  void onlyWholeRoundsArePlayedAndAllOfThemLearnedFrom() throws Exception {
    RunFolder run = run("rounds", Ending.BUDGET_SPENT);
    List<String> lines = Files.readAllLines(run.metrics());
    List<String> names = Arrays.asList(lines.get(0).split(","));
    String[] last = lines.get(lines.size() - 1).split(",", -1);
    assertThat(last[names.indexOf("environment_steps")]).isEqualTo("3840");
    assertThat(last[names.indexOf("updates")]).as("of 320 steps").isEqualTo("12");
    assertThat(last[names.indexOf("sampled")]).isEqualTo("3840");
    assertThat(last[names.indexOf("policy_lag")]).isEqualTo("0");
    for (String measure :
        List.of("policy_loss", "value_loss", "entropy", "approximate_kl", "clip_fraction")) {
      assertThat(last[names.indexOf(measure)]).as(measure).isNotEmpty();
    }
    assertThat(run.bestModel()).exists();
  }

  @Test
  void theFirstVersionThatReachesTheTargetEndsTheRun() throws Exception {
    RunFolder run = run("target", Ending.TARGET_REACHED, "evaluation.target-return=1");
    List<List<String>> evaluations = TestingRuns.rows(run.evaluations());
    assertThat(evaluations).hasSize(1);
    assertThat(evaluations.get(0).get(1)).as("updates").isIn("0", "1");
  }
}
