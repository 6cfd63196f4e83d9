package dev.millrace.job.config;

import dev.millrace.core.config.Option;
import dev.millrace.streams.ShardKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every option of an experiment that is not an algorithm's or a sampler's own. Declared here and
 * nowhere else.
 */
public final class ExperimentOptions {
  /** The prefix of what goes to Flink as it is. */
  public static final String FLINK = "flink.";

  private static final double MANY = 1_000_000;
  private static final String FOLDER_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

  public static final Option<String> NAME =
      Option.declare("name")
          .text(null)
          .must(
              "letters, digits, dots, dashes and underscores, so that it can name a folder",
              name -> name.matches(FOLDER_NAME))
          .says("The run's name: its folder is runs/<name>. Without one, the file's own name.");

  public static final Option<Long> SEED =
      Option.declare("seed")
          .whole(1)
          .fixedForTheRun()
          .says("Decides every random draw: parameters, exploration, episodes, samples.");

  public static final Option<String> ENVIRONMENT_NAME =
      Option.declare("environment.name")
          .text(null)
          .fixedForTheRun()
          .says("Which environment; `millrace list` shows them.");

  public static final Option<Long> ENVIRONMENT_COUNT =
      Option.declare("environment.count")
          .whole(8)
          .within(1, 1 << 20)
          .fixedForTheRun()
          .says("Environments that act, over all tasks.");

  public static final Option<Long> GROUP_SIZE =
      Option.declare("environment.group-size")
          .whole(4)
          .within(1, MANY)
          .fixedForTheRun()
          .says(
              "Environments in one group, the unit of batched acting and of rescaling; the last group may be smaller.");

  public static final Option<Long> MAX_CONSECUTIVE_FAULTS =
      Option.declare("environment.max-consecutive-faults")
          .whole(10)
          .within(1, MANY)
          .says(
              "An environment that throws is started again; this many times in a row fail the job.");

  public static final Option<Long> ACTOR_PARALLELISM =
      Option.declare("actor.parallelism")
          .whole(1)
          .within(1, MANY)
          .says("Tasks that act; at most the number of groups.");

  public static final Option<Long> STEPS_PER_TICKET =
      Option.declare("actor.steps-per-ticket")
          .whole(0)
          .within(0, MANY)
          .says(
              "Steps every environment of a group takes for one ticket, which make a rollout where there is no replay; 0 takes 4 with a replay, 32 without.");

  public static final Option<String> ALGORITHM =
      Option.declare("algorithm.name")
          .text(null)
          .fixedForTheRun()
          .says("Which algorithm; `millrace list` shows them.");

  public static final Option<String> SAMPLER =
      Option.declare("replay.sampler")
          .text("prioritized")
          .fixedForTheRun()
          .says("How transitions are drawn; `millrace list` shows the ways.");

  /** Its least value is the batch size, so {@link CrossChecks} knows it. */
  public static final Option<Long> CAPACITY =
      Option.declare("replay.capacity")
          .whole(100_000)
          .fixedForTheRun()
          .says("Transitions kept over all shards; the oldest make room. At least a batch.");

  public static final Option<Long> SHARDS =
      Option.declare("replay.shards")
          .whole(1)
          .within(1, ShardKeys.MAX_PARALLELISM)
          .fixedForTheRun()
          .says("Parts the replay is cut into, the unit of its rescaling.");

  public static final Option<Long> REPLAY_PARALLELISM =
      Option.declare("replay.parallelism")
          .whole(1)
          .within(1, MANY)
          .says("Tasks that hold the shards; must divide their number.");

  public static final Option<Double> SAMPLES_PER_INSERT =
      Option.declare("replay.samples-per-insert")
          .number(16)
          .above(0)
          .says(
              "How often each transition is drawn on average: the pace between acting and learning.");

  public static final Option<Long> MINIMUM_SIZE =
      Option.declare("replay.minimum-size")
          .whole(1000)
          .from(1)
          .says("Transitions in replay before the first is drawn.");

  public static final Option<Long> WINDOW =
      Option.declare("replay.window")
          .whole(0)
          .from(0)
          .says(
              "Samples by which acting and learning may drift apart; 0 takes twice what all groups and prefetched batches need. Without a replay, transitions that may be under way to the learner.");

  public static final Option<Long> CACHE_BYTES =
      Option.declare("replay.cache-bytes")
          .whole(256L << 20)
          .from(0)
          .says(
              "Heap for serving samples, over all shards; what does not fit is read from RocksDB.");

  public static final Option<Long> PREFETCH =
      Option.declare("learner.prefetch")
          .whole(16)
          .within(1, MANY)
          .says("Batches under way to the learner, so that it need not wait.");

  public static final Option<Long> PUBLISH_EVERY =
      Option.declare("learner.publish-every")
          .whole(0)
          .within(0, MANY)
          .says(
              "Updates between two publications of parameters to the actors; 0 takes 10 with a replay, 1 without.");

  public static final Option<Long> MAX_NON_FINITE =
      Option.declare("learner.max-non-finite")
          .whole(10)
          .within(1, MANY)
          .says(
              "An update whose loss or gradient is not finite is dropped; after this many in a row the job fails for good.");

  public static final Option<String> DEVICE =
      Option.declare("learner.device")
          .text("cpu")
          .oneOf("cpu", "cuda")
          .says(
              "What the learner computes on. With cuda its task asks Flink for the external resource gpu, and fails where there is none.");

  public static final Option<Long> EPISODES_FIRST =
      Option.declare("evaluation.episodes-first")
          .whole(10)
          .within(1, MANY)
          .says("Greedy episodes played first; only if they promise something, the rest follows.");

  public static final Option<Long> EPISODES =
      Option.declare("evaluation.episodes")
          .whole(100)
          .within(1, MANY)
          .says("Greedy episodes, on seeds never trained on, that decide about a policy.");

  public static final Option<Double> TARGET_RETURN =
      Option.declare("evaluation.target-return")
          .number(Double.NaN)
          .says(
              "The run ends when a deciding evaluation's mean return reaches it; none runs to the budget.");

  public static final Option<Long> BUDGET =
      Option.declare("budget.environment-steps")
          .whole(100_000)
          .from(1)
          .says("Environment steps after which the run ends.");

  public static final Option<Duration> CHECKPOINT_INTERVAL =
      Option.declare("checkpoint.interval")
          .duration(Duration.ofSeconds(10))
          .must("at least 100 ms", interval -> interval.toMillis() >= 100)
          .says("Time between two checkpoints.");

  public static final Option<Boolean> CHECKPOINT_RETAINED =
      Option.declare("checkpoint.retained")
          .truth(true)
          .says(
              "Whether the last checkpoint stays when the job fails or is cancelled, to resume from.");

  public static final Option<Duration> RECORDER_INTERVAL =
      Option.declare("recorder.interval")
          .duration(Duration.ofSeconds(1))
          .must("at least 100 ms", interval -> interval.toMillis() >= 100)
          .says("Time between two rows of metrics.csv, and two points in TensorBoard.");

  public static final Option<Duration> WAIT_FOR_CLIENT =
      Option.declare("recorder.wait-for-client")
          .duration(Duration.ofMinutes(1))
          .must("at least 5 s", wait -> wait.toSeconds() >= 5)
          .says(
              "How long a run on a cluster that is over waits for a client that attended it, and was not heard of since, before it finishes by itself.");

  private static final List<Option<?>> OWN =
      List.of(
          NAME,
          SEED,
          ENVIRONMENT_NAME,
          ENVIRONMENT_COUNT,
          GROUP_SIZE,
          MAX_CONSECUTIVE_FAULTS,
          ACTOR_PARALLELISM,
          STEPS_PER_TICKET,
          ALGORITHM,
          SAMPLER,
          CAPACITY,
          SHARDS,
          REPLAY_PARALLELISM,
          SAMPLES_PER_INSERT,
          MINIMUM_SIZE,
          WINDOW,
          CACHE_BYTES,
          PREFETCH,
          PUBLISH_EVERY,
          MAX_NON_FINITE,
          DEVICE,
          EPISODES_FIRST,
          EPISODES,
          TARGET_RETURN,
          BUDGET,
          CHECKPOINT_INTERVAL,
          CHECKPOINT_RETAINED,
          RECORDER_INTERVAL,
          WAIT_FOR_CLIENT);

  /** What only concerns those who sample a replay. */
  private static final Set<Option<?>> OF_REPLAY =
      Set.of(
          SAMPLER,
          CAPACITY,
          SHARDS,
          REPLAY_PARALLELISM,
          SAMPLES_PER_INSERT,
          MINIMUM_SIZE,
          CACHE_BYTES,
          PREFETCH);

  private ExperimentOptions() {}

  /** Whether {@code option} only concerns those who sample a replay. */
  static boolean isOfReplay(Option<?> option) {
    return OF_REPLAY.contains(option);
  }

  /** The options of every experiment. */
  public static List<Option<?>> own() {
    return OWN;
  }

  /**
   * Those and {@code more}, each key once, section by section in the order in which sections first
   * appear.
   */
  public static List<Option<?>> with(List<Option<?>> more) {
    Map<String, Option<?>> byKey = new LinkedHashMap<>();
    OWN.forEach(option -> byKey.put(option.key(), option));
    more.forEach(option -> byKey.putIfAbsent(option.key(), option));
    Map<String, List<Option<?>>> sections = new LinkedHashMap<>();
    for (Option<?> option : byKey.values()) {
      sections.computeIfAbsent(section(option.key()), key -> new ArrayList<>()).add(option);
    }
    return sections.values().stream().<Option<?>>flatMap(List::stream).toList();
  }

  /** What stands before the first dot; nothing for a key without one. */
  static String section(String key) {
    int dot = key.indexOf('.');
    return dot < 0 ? "" : key.substring(0, dot);
  }
}
