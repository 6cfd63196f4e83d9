package dev.millrace.job.size;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.job.config.Experiment;
import dev.millrace.learner.LearnerFootprint;
import dev.millrace.replay.ReplayFootprint;
import dev.millrace.replay.ReplaySettings;
import java.io.IOException;

/**
 * What a run takes, estimated from its configuration. Bytes throughout; docs/sizing.md has the
 * formulas, and how far a run was from them.
 *
 * @param transitionBytes one transition as it is stored; 0 without a replay
 * @param replayStored in RocksDB, before compression and without what is yet to be compacted
 * @param replayCached of it also on the heap
 * @param replayIndex on the heap, to sample by
 * @param parameters numbers that a publication carries
 * @param learnerState the learner's part of a checkpoint
 * @param firstCheckpoint everything, once the replay is full
 * @param laterCheckpoint what an incremental checkpoint adds, on average
 * @param heapSharing task heap of a slot that holds everything but the learner
 * @param heapLearner task heap of the learner's slot
 * @param managedSharing managed memory of a slot that holds everything but the learner
 */
public record SizeEstimate(
    int transitionBytes,
    long replayStored,
    long replayCached,
    long replayIndex,
    long parameters,
    long learnerState,
    long firstCheckpoint,
    long laterCheckpoint,
    long heapSharing,
    long heapLearner,
    long managedSharing) {

  /** A snapshot's part of a keyed task on RocksDB besides its data: manifest and options. */
  static final long KEYED_TASK = 14 << 10;

  /** A snapshot's metadata. */
  static final long METADATA = 4 << 10;

  /** What an environment leaves in a snapshot besides what depends on its observations. */
  static final long ENVIRONMENT = 160;

  /** Of a task's heap that does not depend on the configuration. */
  private static final long TASK_HEAP = 96L << 20;

  private static final long LEAST_MANAGED = 128L << 20;
  private static final long MOST_MANAGED = 1L << 30;

  /** What decides the estimate and is in no configuration. */
  public record Assumptions(long transitions, double stepsPerSecond) {
    public Assumptions {
      if (transitions < 1 || !(stepsPerSecond > 0)) {
        throw new IllegalArgumentException(
            "transitions=%d, stepsPerSecond=%s: both must be above 0"
                .formatted(transitions, stepsPerSecond));
      }
    }
  }

  /** The estimate for {@code experiment}. */
  public static SizeEstimate of(Experiment experiment, ClassLoader loader, Assumptions assumed)
      throws IOException {
    Agent agent = experiment.agent(loader);
    int groups = groups(experiment);
    LearnerFootprint learner = LearnerFootprint.of(agent, experiment.seed());
    ReplayFootprint replay = replay(agent, experiment, assumed.transitions(), loader);
    int actors = experiment.actor().parallelism();
    int keyed = actors + (agent instanceof ReplayAgent ? experiment.replay().parallelism() : 0);
    long observation = Float.BYTES * experiment.spec(loader).observationSize();

    // Actors, the evaluator and the recorder each keep one set of parameters.
    long always =
        METADATA
            + keyed * KEYED_TASK
            + learner.stateBytes()
            + (actors + 2L) * learner.publishedBytes()
            + experiment.environment().count() * (ENVIRONMENT + 2 * observation)
            + groups * Long.BYTES;
    double seconds = experiment.checkpoint().interval().toMillis() / 1000.0;
    long inserted =
        Math.min(
            replay.storedBytes(),
            (long) (assumed.stepsPerSecond() * seconds * replay.transitionBytes()));
    long weights = replay.indexBytes() == 0 ? 0 : Float.BYTES * held(experiment, assumed);
    int sharing = Math.max(actors, experiment.replay().parallelism());
    long uncached = replay.storedBytes() - replay.cachedBytes();
    long perTask = experiment.replay().parallelism();
    return new SizeEstimate(
        replay.transitionBytes(),
        replay.storedBytes(),
        replay.cachedBytes(),
        replay.indexBytes(),
        learner.parameters(),
        learner.stateBytes(),
        always + replay.storedBytes(),
        always + inserted + weights,
        TASK_HEAP + (replay.cachedBytes() + replay.indexBytes()) / perTask,
        TASK_HEAP + 4 * learner.stateBytes() + underWay(agent, experiment, observation),
        Math.min(MOST_MANAGED, LEAST_MANAGED + uncached / Math.max(1, sharing)));
  }

  private static int groups(Experiment experiment) {
    int size = experiment.environment().groupSize();
    return (experiment.environment().count() + size - 1) / size;
  }

  private static long held(Experiment experiment, Assumptions assumed) {
    return Math.min(experiment.replay().capacity(), assumed.transitions());
  }

  private static ReplayFootprint replay(
      Agent agent, Experiment experiment, long transitions, ClassLoader loader) {
    if (!(agent instanceof ReplayAgent sampling)) {
      return new ReplayFootprint(0, 0, 0, 0);
    }
    Experiment.Replay replay = experiment.replay();
    ReplaySettings settings =
        new ReplaySettings(
            replay.sampler(),
            replay.capacity(),
            replay.shards(),
            replay.parallelism(),
            replay.cacheBytes(),
            experiment.seed(),
            experiment.settings());
    return ReplayFootprint.of(sampling.replay(), settings, transitions, loader);
  }

  /** Batches, or one rollout of each group, on their way to the learner. */
  private static long underWay(Agent agent, Experiment experiment, long observation) {
    long transition = 2 * observation + 64;
    return agent instanceof ReplayAgent sampling
        ? experiment.learner().prefetch() * sampling.replay().batchSize() * transition
        : (long) experiment.environment().count()
            * experiment.actor().stepsPerTicket()
            * transition;
  }
}
