package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {
  @TempDir private Path folder;

  /** The widest vertex of each slot-sharing group, by the names of all in it. */
  private static Map<Set<String>, Integer> slots(JobGraph graph) {
    return graph.getSlotSharingGroups().stream()
        .map(group -> group.getJobVertexIds().stream().map(graph::findVertexByID).toList())
        .collect(
            Collectors.toMap(
                group -> group.stream().map(JobVertex::getName).collect(Collectors.toSet()),
                group -> group.stream().mapToInt(JobVertex::getParallelism).max().orElseThrow()));
  }

  private void assertSlots(Experiment experiment, int others) throws Exception {
    Map<Set<String>, Integer> slots = slots(JobShape.graph(experiment, TestingRuns.LOADER));
    assertThat(slots).hasSize(2).containsEntry(Set.of("learner"), 1);
    assertThat(slots.values().stream().mapToInt(each -> each).sum())
        .isEqualTo(others + 1)
        .isEqualTo(Slots.needed(experiment));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "1, 2", "4, 2"})
  void aSlotForEachSubtaskOfTheWidestAndOneForTheLearner(int actors, int replay) throws Exception {
    Experiment experiment =
        TestingRuns.experiment("actor.parallelism=" + actors, "replay.parallelism=" + replay);
    assertSlots(experiment, Math.max(actors, replay));
  }

  @Test
  void withoutAReplayTheyAreTheActorsAndTheLearners() throws Exception {
    Experiment ppo =
        new ExperimentReader(TestingRuns.LOADER)
            .read(Path.of("../conf/cartpole-ppo.yaml"), List.of());
    assertSlots(ppo, 2);
  }

  @Test
  void theEmbeddedClusterHasThemAndTheReplaysSlotsNoLessMemoryForIt() {
    Experiment experiment = TestingRuns.experiment("actor.parallelism=4");
    Configuration options = FlinkOptions.embedded(TestingRuns.launch(experiment, folder, null));
    assertThat(options.get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(5);
    assertThat(options.get(TaskManagerOptions.MANAGED_MEMORY_SIZE))
        .isEqualTo(MemorySize.ofMebiBytes(5 * 64));
  }

  @Test
  void severalEmbeddedTaskManagersShareTheSlots() {
    Experiment experiment =
        TestingRuns.experiment("actor.parallelism=4", "flink.minicluster.number-of-taskmanagers=2");
    Configuration options = FlinkOptions.embedded(TestingRuns.launch(experiment, folder, null));
    assertThat(options.get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(3);
    assertThat(options.get(TaskManagerOptions.MANAGED_MEMORY_SIZE))
        .isEqualTo(MemorySize.ofMebiBytes(3 * 128));
  }
}
