package dev.millrace.core.loop;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.policy.ParameterVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Rollouts on their way to a learner, each consumed once: in lock-step one of every group at a
 * time, in the order of groups whatever the order of arrival; otherwise first in, first out.
 *
 * <p>Without lock-step, a rollout whose parameters are older than the algorithm can use is refused
 * and counted; it counts as consumed, so that those who pace the loop need not know. In lock-step
 * there is none: a group goes on only with the parameters that its last rollout helped to make.
 */
public final class RolloutQueue {
  private static final int VERSION = 1;

  private final ReplaySpec.Fifo spec;
  private final int groups;

  /** In lock-step one queue for each group, otherwise one for all. */
  private final List<ArrayDeque<Rollout>> queues = new ArrayList<>();

  /** The number of each group's rollout that came last. */
  private final long[] arrived;

  private long inserted;
  private long consumed;
  private long refused;
  private ParameterVersion newest = ParameterVersion.NONE;

  public RolloutQueue(ReplaySpec.Fifo spec, int groups) {
    this.spec = spec;
    this.groups = groups;
    for (int i = 0; i < (spec.lockStep() ? groups : 1); i++) {
      queues.add(new ArrayDeque<>());
    }
    arrived = new long[groups];
  }

  /**
   * Takes a rollout in.
   *
   * @throws IllegalStateException if it is not the group's next
   */
  public void add(Rollout rollout) {
    int group = rollout.group();
    if (rollout.number() != arrived[group] + 1) {
      throw new IllegalStateException(
          "rollout %d of group %d came after its rollout %d: they come in order and without gaps; the states of actors and learner are not of one checkpoint"
              .formatted(rollout.number(), group, arrived[group]));
    }
    arrived[group] = rollout.number();
    inserted += rollout.transitions();
    if (rollout.version().newerThan(newest)) {
      newest = rollout.version();
    }
    queues.get(spec.lockStep() ? group : 0).add(rollout);
  }

  /**
   * The next batch, or null while it is not complete.
   *
   * @param step the learner's, from which lag is counted
   * @throws IllegalStateException if in lock-step a rollout was acted with other parameters than
   *     those of {@code step}
   */
  public List<Rollout> next(long step) {
    if (spec.lockStep()) {
      return oneOfEach(step);
    }
    refuseStale(step);
    return enough();
  }

  private void refuseStale(long step) {
    for (Iterator<Rollout> each = queues.get(0).iterator(); each.hasNext(); ) {
      Rollout rollout = each.next();
      if (lag(rollout, step) > spec.maxLag()) {
        refused += rollout.transitions();
        consumed += rollout.transitions();
        each.remove();
      }
    }
  }

  /** Updates between a learner's {@code step} and the parameters that acted. */
  public static long lag(Rollout rollout, long step) {
    return Math.max(0, step - rollout.version().step());
  }

  private List<Rollout> oneOfEach(long step) {
    for (ArrayDeque<Rollout> queue : queues) {
      if (queue.isEmpty()) {
        return null;
      }
      requireInStep(queue.peek(), step);
    }
    List<Rollout> batch = new ArrayList<>(groups);
    for (ArrayDeque<Rollout> queue : queues) {
      batch.add(consume(queue));
    }
    return batch;
  }

  private static void requireInStep(Rollout rollout, long step) {
    if (rollout.version().step() != step) {
      throw new IllegalStateException(
          "rollout %d of group %d was acted with parameters of step %d, the learner is at step %d: must be the same in lock-step; the states of actors and learner are not of one checkpoint"
              .formatted(rollout.number(), rollout.group(), rollout.version().step(), step));
    }
  }

  private List<Rollout> enough() {
    ArrayDeque<Rollout> queue = queues.get(0);
    long waiting = 0;
    int count = 0;
    for (Rollout rollout : queue) {
      waiting += rollout.transitions();
      count++;
      if (waiting >= spec.batchSize()) {
        List<Rollout> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          batch.add(consume(queue));
        }
        return batch;
      }
    }
    return null;
  }

  private Rollout consume(ArrayDeque<Rollout> queue) {
    Rollout rollout = queue.poll();
    consumed += rollout.transitions();
    return rollout;
  }

  /** Transitions refused because their parameters were too old. */
  public long refused() {
    return refused;
  }

  /** Transitions ever taken in. */
  public long inserted() {
    return inserted;
  }

  /**
   * Where the queue stands, in the words of a replay shard.
   *
   * @param epoch drawn anew each time the queue opens
   */
  public Progress.Shard progress(long epoch) {
    long waiting = inserted - consumed;
    return new Progress.Shard(0, epoch, inserted, consumed, waiting, waiting, newest);
  }

  /** The rollouts that wait, to be given back to {@link #restore}. */
  public List<Rollout> waiting() {
    List<Rollout> all = new ArrayList<>();
    queues.forEach(all::addAll);
    return all;
  }

  /** Writes the counters; what waits is for the caller to keep. */
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(groups);
    for (long number : arrived) {
      out.writeLong(number);
    }
    out.writeLong(inserted);
    out.writeLong(consumed);
    out.writeLong(refused);
    out.writeLong(newest.epoch());
    out.writeLong(newest.step());
  }

  /** Continues what {@link #save} wrote, with what {@link #waiting} gave. */
  public void restore(DataInput in, Iterable<Rollout> waiting) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "rollout queue version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    int saved = in.readInt();
    if (saved != groups) {
      throw new IllegalStateException(
          "rollout queue has groups=%d, the configuration %d: the number of groups is fixed for a run"
              .formatted(saved, groups));
    }
    for (int group = 0; group < groups; group++) {
      arrived[group] = in.readLong();
    }
    inserted = in.readLong();
    consumed = in.readLong();
    refused = in.readLong();
    newest = new ParameterVersion(in.readLong(), in.readLong());
    queues.forEach(ArrayDeque::clear);
    for (Rollout rollout : waiting) {
      queues.get(spec.lockStep() ? rollout.group() : 0).add(rollout);
    }
  }
}
