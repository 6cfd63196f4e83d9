package dev.millrace.job;

import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.job.Moment.Place;
import dev.millrace.job.run.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Sees what an {@link ObservedAlgorithm} learns in a run, step by step over all its lives, and has
 * it fail at given moments. The test and the tasks of its mini cluster share one.
 */
final class Witness {
  private static final int RECENT = 10;
  private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();
  private static volatile Witness current;

  private final Algorithm observed;
  private final RunFolder folder;
  private final int environments;
  private final Deque<Moment> moments;
  private final Map<Place, Long> counts = new EnumMap<>(Place.class);
  private final SortedMap<Long, String> learned = new TreeMap<>();
  private final List<String> contradictions = new ArrayList<>();
  private final ArrayDeque<Double> meanValues = new ArrayDeque<>();
  private float[] published;
  private long checkpointsAtFailure;
  private volatile long replacingAt;
  private long restores;

  private Witness(Algorithm observed, RunFolder folder, int environments, List<Moment> moments) {
    this.observed = observed;
    this.folder = folder;
    this.environments = environments;
    this.moments = new ArrayDeque<>(moments);
  }

  /** Sees the next run, of {@code observed}. */
  static Witness next(
      Algorithm observed, RunFolder folder, int environments, List<Moment> moments) {
    current = new Witness(observed, folder, environments, moments);
    return current;
  }

  static Witness current() {
    return current;
  }

  Algorithm observed() {
    return observed;
  }

  void acts(ActingBatch batch) {
    if (batch.greedy) {
      reached(Place.EVALUATOR);
      return;
    }
    for (int row = 0; row < batch.count; row++) {
      if (batch.environments[row] == 0) {
        reached(Place.FIRST_ACTOR);
      }
      if (batch.environments[row] == environments - 1) {
        reached(Place.LAST_ACTOR);
      }
    }
  }

  /** An event. Fails if this is the moment. */
  void reached(Place place) {
    if (place == Place.LEARNER_BEFORE_UPDATE && waitsForCheckpoint()) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    count(place);
  }

  /** Then rounds are slowed down, lest the run end before the first checkpoint. */
  private synchronized boolean waitsForCheckpoint() {
    Moment next = moments.peek();
    return next != null && (next.checkpointed() || next.place() == Place.LEARNER_SAVES);
  }

  private synchronized void count(Place place) {
    long count = counts.merge(place, 1L, Long::sum);
    Moment next = moments.peek();
    if (next == null || next.place() != place || count < next.count()) {
      return;
    }
    long checkpoints = checkpoints();
    if (next.checkpointed() && checkpoints <= checkpointsAtFailure) {
      return;
    }
    moments.remove();
    counts.clear();
    checkpointsAtFailure = checkpoints;
    next.interrupted().forEach(Witness::interrupt);
    if (next.throwing()) {
      throw new InducedFailure(next.name());
    }
  }

  /** A task that waits or sends something fails by this. */
  private static void interrupt(String name) {
    List<Thread> threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith(name))
            .toList();
    if (threads.isEmpty()) {
      throw new AssertionError("no task is called " + name);
    }
    threads.forEach(Thread::interrupt);
  }

  /** The number of the last completed checkpoint, or 0. */
  private long checkpoints() {
    if (!Files.isDirectory(folder.checkpoints())) {
      return 0;
    }
    try (Stream<Path> found =
        Files.find(folder.checkpoints(), 3, (path, attributes) -> path.endsWith("_metadata"))) {
      return found
          .map(path -> path.getParent().getFileName().toString())
          .mapToLong(name -> Long.parseLong(name.substring("chk-".length())))
          .max()
          .orElse(0);
    } catch (IOException | UncheckedIOException removedMeanwhile) {
      return 0;
    }
  }

  /**
   * An update was made.
   *
   * @param step of the learner, from 1
   * @param state all that it remembers
   * @param meanValue of what it learned from
   */
  synchronized void learned(long step, Object batch, byte[] state, double meanValue) {
    String seen = "from %s to %s".formatted(digest(batch), Digest.of(state));
    meanValues.add(meanValue);
    if (meanValues.size() > RECENT) {
      meanValues.remove();
    }
    String before = learned.putIfAbsent(step, seen);
    if (before != null && !before.equals(seen)) {
      contradictions.add("step %d: %s, and again %s".formatted(step, before, seen));
    }
  }

  /** The versions' epochs are left out, for they tell one life from another. */
  private static String digest(Object batch) {
    if (!(batch instanceof List<?> rollouts)) {
      return "a sample";
    }
    Digest digest = new Digest();
    for (Object each : rollouts) {
      Rollout rollout = (Rollout) each;
      digest.add(rollout.group(), rollout.number(), rollout.version().step());
      digest.add(rollout.transitions());
      for (Trajectory trajectory : rollout.trajectories()) {
        digest.add(trajectory.environment(), trajectory.step(), trajectory.ended() ? 1 : 0);
        digest.add(trajectory.observations());
        digest.add(trajectory.actions());
        digest.add(trajectory.annotations());
        digest.add(trajectory.rewards());
        digest.add(trajectory.discounts());
        digest.add(trajectory.nextObservation());
      }
      if (rollout.gradient() != null) {
        digest.add(rollout.gradient());
      }
    }
    return digest.toString();
  }

  synchronized void published(float[] parameters) {
    published = parameters.clone();
  }

  synchronized void restored() {
    restores++;
  }

  /** Has the learner saved after {@code step}, and a new one continue from that. */
  void replaceLearnerAt(long step) {
    replacingAt = step;
  }

  boolean replacesLearnerAt(long step) {
    return replacingAt == step;
  }

  /** Mean of the values predicted for what was learned from last. */
  synchronized double meanValue() {
    return meanValues.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** What was learned in each step, {@code from <batch> to <state>}. */
  synchronized SortedMap<Long, String> learned() {
    return learned;
  }

  /** Steps that were made again, and not as before. */
  synchronized List<String> contradictions() {
    return contradictions;
  }

  /** The parameters published last. */
  synchronized float[] published() {
    return published;
  }

  /** Moments that did not come. */
  synchronized List<Moment> left() {
    return List.copyOf(moments);
  }

  /** How often a learner continued what another had saved. */
  synchronized long restores() {
    return restores;
  }

  /** A failure that a test asked for. */
  static final class InducedFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private InducedFailure(String moment) {
      super("induced failure: " + moment);
    }
  }
}
