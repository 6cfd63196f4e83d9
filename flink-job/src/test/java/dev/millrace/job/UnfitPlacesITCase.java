package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.run.Runner.Launch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found when tasks open where they cannot run: they fail once, and say why. */
class UnfitPlacesITCase {
  @TempDir private Path folder;

  @Test
  void aCheckpointDirectoryThatIsNotShared() {
    TestingUnsharedFiles.LOOKS.set(0);
    String directory = "unshared:" + folder.resolve("checkpoints");
    Launch launch =
        TestingRuns.launch(
            TestingRuns.experiment("flink.execution.checkpointing.dir=" + directory),
            folder.resolve("run"),
            null);
    assertThatThrownBy(() -> new EmbeddedRunner().run(launch))
        .hasMessageStartingWith("checkpoint directory " + directory + " is not shared: ")
        .hasMessageContaining("which the JobManager made there");
    // Two tasks act, two replay, one learns: once each.
    assertThat(TestingUnsharedFiles.LOOKS.get()).isBetween(1, 5);
  }
}
