package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkOptionsTest {
  @TempDir private Path folder;

  private Configuration embedded(URI resumeFrom, String... overrides) {
    return FlinkOptions.embedded(
        TestingRuns.launch(TestingRuns.experiment(overrides), folder, resumeFrom));
  }

  @Test
  void nothingListensToOtherMachines() {
    Configuration options = embedded(null);
    assertThat(options.get(RestOptions.BIND_ADDRESS)).isEqualTo("127.0.0.1");
    assertThat(options.get(JobManagerOptions.BIND_HOST)).isEqualTo("127.0.0.1");
    assertThat(options.get(TaskManagerOptions.BIND_HOST)).isEqualTo("127.0.0.1");
  }

  @Test
  void nothingFallsBackToKryo() {
    assertThat(embedded(null).get(PipelineOptions.GENERIC_TYPES)).isFalse();
  }

  @Test
  void aReplayIsStoredAsItsBenchmarkStoresIt() {
    Map<String, String> options = embedded(null).toMap();
    assertThat(options).containsAllEntriesOf(FlinkOptions.replayStore().toMap());
    assertThat(options.get("state.backend.rocksdb.compression.per.level")).contains("LZ4");
  }

  @Test
  void whatTheConfigurationSaysOfFlinkWins() {
    Configuration options =
        embedded(null, "flink.rest.bind-address=localhost", "checkpoint.interval=3s");
    assertThat(options.get(RestOptions.BIND_ADDRESS)).isEqualTo("localhost");
    assertThat(options.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aResumeBeginsAtItsSavepointAndOtherRunsAtNone() {
    assertThat(
            embedded(folder.resolve("savepoint").toUri()).get(StateRecoveryOptions.SAVEPOINT_PATH))
        .isEqualTo(folder.resolve("savepoint").toUri().toString());
    assertThat(embedded(null).get(StateRecoveryOptions.SAVEPOINT_PATH)).isNull();
  }

  private Configuration onCluster(Map<String, String> cluster, Map<String, String> commandLine) {
    return FlinkOptions.onCluster(
        TestingRuns.launch(
            TestingRuns.experiment("checkpoint.interval=3s", "flink.pipeline.max-parallelism=64"),
            folder,
            null),
        Configuration.fromMap(cluster),
        commandLine);
  }

  @Test
  void onAClusterTheCommandLineComesBeforeTheExperimentAndThatBeforeTheCluster() {
    Map<String, String> cluster =
        Map.of(
            "restart-strategy.type", "fixed-delay",
            "execution.checkpointing.interval", "9s",
            "pipeline.max-parallelism", "32");
    Configuration options = onCluster(cluster, Map.of());
    assertThat(options.toMap())
        .as("the cluster says it itself")
        .doesNotContainKey("restart-strategy.type")
        .containsEntry("pipeline.max-parallelism", "64");
    assertThat(options.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(options.get(PipelineOptions.GENERIC_TYPES)).as("a default").isFalse();
    assertThat(options.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
        .as("the run folder may be on another machine")
        .isNull();

    assertThat(onCluster(cluster, Map.of("execution.checkpointing.interval", "1s")).toMap())
        .containsEntry("execution.checkpointing.interval", "1s");
  }

  @Test
  void savepointsGoBesideTheCheckpointsUnlessTheClusterHasAPlaceForThem() {
    Map<String, String> checkpoints = Map.of("execution.checkpointing.dir", "file:///shared/c");
    assertThat(onCluster(checkpoints, Map.of()).get(CheckpointingOptions.SAVEPOINT_DIRECTORY))
        .isEqualTo("file:///shared/c/savepoints");
    Map<String, String> both =
        Map.of(
            "execution.checkpointing.dir", "file:///shared/c",
            "execution.checkpointing.savepoint-dir", "file:///shared/s");
    assertThat(onCluster(both, Map.of()).toMap())
        .doesNotContainKey("execution.checkpointing.savepoint-dir");
  }
}
