package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner.Ending;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRunnerTest {
  @TempDir private Path folder;

  private RunFolder run(String name, int seed) throws Exception {
    Path at = folder.resolve(name);
    var experiment = TestingRuns.experiment("budget.environment-steps=4000", "seed=" + seed);
    var outcome = new LocalRunner().run(TestingRuns.launch(experiment, at, null));
    assertThat(outcome.ending()).isEqualTo(Ending.BUDGET_SPENT);
    return RunFolder.at(at);
  }

  @Test
  void aSeedGivesTheSameCurveBitForBit() throws Exception {
    RunFolder first = run("first", 7);
    RunFolder second = run("second", 7);
    assertThat(TestingRuns.rows(first.evaluations())).isNotEmpty();
    assertThat(second.episodes()).hasSameBinaryContentAs(first.episodes());
    assertThat(second.evaluations()).hasSameBinaryContentAs(first.evaluations());
    assertThat(second.bestPolicy()).hasSameBinaryContentAs(first.bestPolicy());
  }

  @Test
  void anotherSeedGivesAnother() throws Exception {
    assertThat(TestingRuns.rows(run("one", 1).episodes()))
        .isNotEqualTo(TestingRuns.rows(run("two", 2).episodes()));
  }

  @Test
  void refusesToResume() {
    var launch = TestingRuns.launch(TestingRuns.experiment(), folder, folder.toUri());
    assertThatThrownBy(() -> new LocalRunner().run(launch))
        .hasMessage("--runner local: keeps no state and cannot resume; use --runner flink");
  }
}
