package dev.millrace.deploy.kubernetes;

import dev.millrace.job.config.Experiment;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;

/**
 * Lets Flink divide the memory of each pod as it would when it starts one, and compares the heap
 * that is left for tasks with the cache of samples that an application's replay may fill.
 */
final class MemoryCheck implements Check {
  private final TrainArguments trainArguments;

  MemoryCheck(Image image) {
    trainArguments = new TrainArguments(image);
  }

  @Override
  public List<String> problems(List<Manifest> manifests) {
    List<String> problems = new ArrayList<>();
    for (Manifest each : manifests) {
      if (each.kind().equals(Manifest.DEPLOYMENT)) {
        try {
          check(each, problems);
        } catch (IllegalConfigurationException | IllegalArgumentException e) {
          problems.add(each.called() + ": memory: " + e.getMessage());
        }
      }
    }
    return problems;
  }

  private void check(Manifest manifest, List<String> problems) {
    Configuration options = Configuration.fromMap(manifest.flinkConfiguration());
    options.set(JobManagerOptions.TOTAL_PROCESS_MEMORY, memory(manifest, "jobManager"));
    options.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, memory(manifest, "taskManager"));
    options.set(
        TaskManagerOptions.CPU_CORES, manifest.at("/spec/taskManager/resource/cpu").asDouble());
    JobManagerProcessUtils.processSpecFromConfigWithNewOptionToInterpretLegacyHeap(
        options, JobManagerOptions.JVM_HEAP_MEMORY);
    MemorySize heap = TaskExecutorProcessUtils.processSpecFromConfig(options).getTaskHeapSize();
    if (manifest.hasJob()) {
      MemorySize cache = cache(manifest, options.get(TaskManagerOptions.NUM_TASK_SLOTS));
      if (cache.compareTo(heap) >= 0) {
        problems.add(
            "%s: replay.cache-bytes takes %d MiB of each TaskManager's heap for tasks, which is %d MiB"
                .formatted(manifest.called(), cache.getMebiBytes(), heap.getMebiBytes()));
      }
    }
  }

  private static MemorySize memory(Manifest manifest, String role) {
    return MemorySize.parse(manifest.at("/spec/%s/resource/memory".formatted(role)).asText());
  }

  /** What the replay's tasks of one TaskManager may keep in all. */
  private MemorySize cache(Manifest manifest, int slots) {
    Experiment.Replay replay = trainArguments.read(manifest.arguments()).experiment().replay();
    return new MemorySize(
        replay.cacheBytes() / replay.parallelism() * Math.min(slots, replay.parallelism()));
  }
}
