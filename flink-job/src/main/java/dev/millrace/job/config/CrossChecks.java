package dev.millrace.job.config;

import static dev.millrace.job.config.ExperimentOptions.ACTOR_PARALLELISM;
import static dev.millrace.job.config.ExperimentOptions.CAPACITY;
import static dev.millrace.job.config.ExperimentOptions.ENVIRONMENT_COUNT;
import static dev.millrace.job.config.ExperimentOptions.EPISODES;
import static dev.millrace.job.config.ExperimentOptions.EPISODES_FIRST;
import static dev.millrace.job.config.ExperimentOptions.GROUP_SIZE;
import static dev.millrace.job.config.ExperimentOptions.MINIMUM_SIZE;
import static dev.millrace.job.config.ExperimentOptions.PREFETCH;
import static dev.millrace.job.config.ExperimentOptions.PUBLISH_EVERY;
import static dev.millrace.job.config.ExperimentOptions.REPLAY_PARALLELISM;
import static dev.millrace.job.config.ExperimentOptions.SAMPLES_PER_INSERT;
import static dev.millrace.job.config.ExperimentOptions.SHARDS;
import static dev.millrace.job.config.ExperimentOptions.STEPS_PER_TICKET;
import static dev.millrace.job.config.ExperimentOptions.WINDOW;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.config.Settings;
import dev.millrace.core.loop.SmallestWindow;
import dev.millrace.streams.ShardKeys;
import java.util.Set;
import java.util.function.BiConsumer;

/** The rules between options: each is checked only if the options it compares are good alone. */
final class CrossChecks {
  private static final int STEPS_TO_REPLAY = 4;
  private static final int UPDATES_FROM_REPLAY = 10;

  private final Settings settings;
  private final int maxEpisodeSteps;
  private final ComparedOptions compared;
  private Pace pace;

  /**
   * @param maxEpisodeSteps the environment's time limit
   * @param bad keys whose values are known to be wrong
   * @param report takes a key and the message about it
   */
  CrossChecks(
      Settings settings, int maxEpisodeSteps, Set<String> bad, BiConsumer<String, String> report) {
    this.settings = settings;
    this.maxEpisodeSteps = maxEpisodeSteps;
    compared = new ComparedOptions(settings, bad, report);
  }

  /**
   * @param agent null if the algorithm could not be bound; then what depends on it is not checked
   */
  void run(Agent agent) {
    groupsSuffice();
    if (agent instanceof TrajectoryAgent inTurn) {
      pace = new RolloutChecks(compared, maxEpisodeSteps).pace(inTurn.replay());
    } else {
      if (agent instanceof ReplayAgent sampling) {
        capacityHoldsABatch(sampling.replay().batchSize());
        windowCanRun(sampling);
      }
      capacityHoldsTheMinimum();
      shardsAreBalanced();
    }
    if (compared.good(EPISODES, EPISODES_FIRST)
        && settings.get(EPISODES_FIRST) > settings.get(EPISODES)) {
      compared.refuse(
          EPISODES_FIRST,
          "must be at most evaluation.episodes (%d), of which they are the first",
          settings.get(EPISODES));
    }
  }

  /** What was left to be chosen. */
  Pace pace() {
    return pace;
  }

  private void capacityHoldsABatch(int batchSize) {
    if (compared.good(CAPACITY) && settings.get(CAPACITY) < batchSize) {
      compared.refuse(
          CAPACITY,
          "must be at least learner.batch-size (%d); a learner could never be fed",
          batchSize);
    } else if (compared.good(CAPACITY, SHARDS)
        && settings.get(CAPACITY) / settings.get(SHARDS) > Integer.MAX_VALUE / 2) {
      compared.refuse(
          CAPACITY,
          "must be at most %d for each of %d shards, whose slots are counted in an int; use more replay.shards",
          Integer.MAX_VALUE / 2,
          settings.get(SHARDS));
    }
  }

  private void capacityHoldsTheMinimum() {
    if (compared.good(CAPACITY, MINIMUM_SIZE)
        && settings.get(MINIMUM_SIZE) > settings.get(CAPACITY)) {
      compared.refuse(
          MINIMUM_SIZE,
          "must be at most replay.capacity (%d); learning would never begin",
          settings.get(CAPACITY));
    }
  }

  private void shardsAreBalanced() {
    if (compared.good(SHARDS, REPLAY_PARALLELISM)
        && settings.get(SHARDS) % settings.get(REPLAY_PARALLELISM) != 0) {
      compared.refuse(
          REPLAY_PARALLELISM,
          "must divide replay.shards (%d); one task would hold more shards than another, or none",
          settings.get(SHARDS));
    }
  }

  private void groupsSuffice() {
    if (!compared.good(ENVIRONMENT_COUNT, GROUP_SIZE)) {
      return;
    }
    long count = settings.get(ENVIRONMENT_COUNT);
    long size = settings.get(GROUP_SIZE);
    long groups = (count + size - 1) / size;
    if (size > count) {
      compared.refuse(
          GROUP_SIZE,
          "must be at most environment.count (%d); the rest of a group would be missing",
          count);
    } else if (groups > ShardKeys.MAX_PARALLELISM) {
      compared.refuse(
          GROUP_SIZE,
          "must be at least %d; it makes %d groups of %d environments, and %d can be told apart",
          (count + ShardKeys.MAX_PARALLELISM - 1) / ShardKeys.MAX_PARALLELISM,
          groups,
          count,
          ShardKeys.MAX_PARALLELISM);
    } else if (compared.good(ACTOR_PARALLELISM) && settings.get(ACTOR_PARALLELISM) > groups) {
      compared.refuse(
          ACTOR_PARALLELISM,
          "must be at most the number of environment groups (%d: environment.count %d in groups of %d); a task would have nothing to act for",
          groups,
          count,
          size);
    }
  }

  private void windowCanRun(ReplayAgent agent) {
    if (!compared.good(
        WINDOW,
        SAMPLES_PER_INSERT,
        MINIMUM_SIZE,
        STEPS_PER_TICKET,
        ENVIRONMENT_COUNT,
        GROUP_SIZE,
        PREFETCH,
        PUBLISH_EVERY)) {
      return;
    }
    double ratio = settings.get(SAMPLES_PER_INSERT);
    long count = settings.get(ENVIRONMENT_COUNT);
    int batch = agent.replay().batchSize();
    int heldBack = HeldBack.by(agent);
    int stepsPerTicket = compared.chosen(STEPS_PER_TICKET, STEPS_TO_REPLAY);
    int group = (int) Math.min(settings.get(GROUP_SIZE), count);
    SmallestWindow least =
        SmallestWindow.of(ratio, (int) count, heldBack, group, stepsPerTicket, batch);
    long window = settings.get(WINDOW);
    if (window == 0) {
      window = roomy(ratio * count * (stepsPerTicket + heldBack), batch);
    } else if (window < least.samples()) {
      compared.refuse(
          WINDOW,
          "must be at least %d, or acting and learning could wait for each other for good: replay.samples-per-insert (%s) × (%d environments × %d steps held back + %d in a group × actor.steps-per-ticket %d) + learner.batch-size (%d); 0 chooses it",
          least.samples(),
          OptionText.write(ratio),
          count,
          heldBack,
          group,
          stepsPerTicket,
          batch);
      return;
    }
    pace =
        new Pace(
            stepsPerTicket,
            least.limiter(ratio, settings.get(MINIMUM_SIZE), window),
            compared.chosen(PUBLISH_EVERY, UPDATES_FROM_REPLAY));
  }

  /** Twice what lets every group and every prefetched batch be under way at once. */
  private long roomy(double acting, int batch) {
    return 2 * (long) Math.ceil(acting + (double) settings.get(PREFETCH) * batch);
  }
}
