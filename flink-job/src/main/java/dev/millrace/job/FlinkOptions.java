package dev.millrace.job;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.Runner.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.util.MathUtils;
import org.rocksdb.CompressionType;

/** The Flink options of a run, each for a reason; what the experiment says itself comes last. */
public final class FlinkOptions {
  private static final int ATTEMPTS = 6;
  private static final MemorySize MANAGED = MemorySize.ofMebiBytes(256);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private FlinkOptions() {}

  /**
   * How RocksDB keeps a replay, whatever it is otherwise told; its benchmark runs with them too.
   */
  public static Configuration replayStore() {
    Configuration options = new Configuration();
    // The replay overwrites its ring in order. Small files keep a compaction, and with it the next
    // incremental checkpoint, to the part of the ring that was overwritten.
    options.set(RocksDBConfigurableOptions.TARGET_FILE_SIZE_BASE, MemorySize.ofMebiBytes(4));
    // One thread writes memtables out, and Snappy, the default, took most of its time: the
    // replay waited for it. LZ4 takes next to nothing where there is nothing to compress.
    options.set(
        RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL, List.of(CompressionType.LZ4_COMPRESSION));
    return options;
  }

  /** What a job needs wherever it runs, unless somebody says otherwise. */
  private static Configuration defaults() {
    Configuration options = replayStore();
    options.set(StateBackendOptions.STATE_BACKEND, RocksDbFactory.class.getName());
    options.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    // A task that has yet to hear of a completed checkpoint bases its next one on files that the
    // completed one has made superfluous. Flink then loses that task's answer, and until the
    // checkpoint times out, in ten minutes, none completes and no job ends.
    options.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, PAUSE);
    // A checkpoint that fails now and then costs nothing but a later restore point.
    options.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 10);
    // Fixed delays run out while a dead TaskManager has yet to time out.
    options.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    options.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofMillis(500));
    options.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofSeconds(10));
    options.set(PipelineOptions.GENERIC_TYPES, false);
    // Messages are immutable by contract, so chained operators may share them.
    options.set(PipelineOptions.OBJECT_REUSE, true);
    return options;
  }

  /** What the experiment says itself. */
  private static void say(Launch launch, Configuration options) {
    options.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL, launch.experiment().checkpoint().interval());
    options.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        launch.experiment().checkpoint().retained()
            ? ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION
            : ExternalizedCheckpointRetention.NO_EXTERNALIZED_CHECKPOINTS);
    if (launch.resumeFrom() != null) {
      options.set(StateRecoveryOptions.SAVEPOINT_PATH, launch.resumeFrom().toString());
    }
    launch.experiment().flink().forEach(options::setString);
  }

  /** The job's options where its state goes to the run folder. */
  static Configuration job(Launch launch) {
    Configuration options = defaults();
    options.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        launch.folder().checkpoints().toUri().toString());
    options.set(
        CheckpointingOptions.SAVEPOINT_DIRECTORY, launch.folder().savepoints().toUri().toString());
    say(launch, options);
    return options;
  }

  /**
   * The job's options on a cluster: what the cluster is configured for stands before what a job
   * needs by default, what the experiment says before that, and what was said to Flink's own
   * command line before everything.
   *
   * @param cluster its configuration
   * @param commandLine options by key
   */
  static Configuration onCluster(
      Launch launch, Configuration cluster, Map<String, String> commandLine) {
    Configuration options = defaults();
    cluster.keySet().forEach(options::removeKey);
    say(launch, options);
    commandLine.forEach(options::setString);
    String checkpoints = checkpoints(options, cluster);
    if (checkpoints != null && cluster.get(CheckpointingOptions.SAVEPOINT_DIRECTORY) == null) {
      setDefault(options, CheckpointingOptions.SAVEPOINT_DIRECTORY, checkpoints + "/savepoints");
    }
    return options;
  }

  /** The job's options and those of the embedded cluster it runs on. */
  static Configuration embedded(Launch launch) {
    Configuration options = job(launch);
    setDefault(options, JobManagerOptions.BIND_HOST, "127.0.0.1");
    setDefault(options, TaskManagerOptions.BIND_HOST, "127.0.0.1");
    setDefault(options, RestOptions.BIND_ADDRESS, "127.0.0.1");
    setDefault(options, RestOptions.ADDRESS, "127.0.0.1");
    setDefault(options, RestOptions.BIND_PORT, launch.webUi() ? "8081-8099" : "0");
    slots(options, launch.experiment());
    setDefault(options, TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    setDefault(options, TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    setDefault(options, WebOptions.SUBMIT_ENABLE, false);
    // Nothing outside can come back here: what fails again and again is for the user to see.
    setDefault(
        options, RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, ATTEMPTS);
    setDefault(
        options,
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
        Duration.ofMinutes(1));
    addJars(launch.jars(), options);
    return options;
  }

  /**
   * As many slots as the run takes; left to itself, a mini cluster counts the subtasks of the
   * widest operator. A TaskManager's managed memory is dealt out evenly to its slots, and the
   * learner's has no use for it: so there is more of it by the learner's share.
   */
  private static void slots(Configuration options, Experiment experiment) {
    int taskManagers = options.get(TaskManagerOptions.MINI_CLUSTER_NUM_TASK_MANAGERS);
    int slots = MathUtils.divideRoundUp(Slots.needed(experiment), taskManagers);
    int storing = MathUtils.divideRoundUp(Slots.sharing(experiment), taskManagers);
    setDefault(options, TaskManagerOptions.NUM_TASK_SLOTS, slots);
    setDefault(
        options, TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED.multiply(slots).divide(storing));
  }

  /** Where checkpoints go, by the first of {@code options} that says it; null if none does. */
  static String checkpoints(Configuration... options) {
    for (Configuration each : options) {
      String directory = each.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
      if (directory != null) {
        return directory;
      }
    }
    return null;
  }

  /** Has {@code jars} sent to where the job runs, besides those that are already. */
  static void addJars(List<Path> jars, Configuration options) {
    List<String> all = new ArrayList<>(options.getOptional(PipelineOptions.JARS).orElse(List.of()));
    jars.forEach(jar -> all.add(jar.toUri().toString()));
    if (!all.isEmpty()) {
      options.set(PipelineOptions.JARS, all);
    }
  }

  private static <T> void setDefault(
      Configuration options, org.apache.flink.configuration.ConfigOption<T> option, T value) {
    if (!options.contains(option)) {
      options.set(option, value);
    }
  }
}
