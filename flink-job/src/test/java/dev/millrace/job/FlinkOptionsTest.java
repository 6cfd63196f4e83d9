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
}
