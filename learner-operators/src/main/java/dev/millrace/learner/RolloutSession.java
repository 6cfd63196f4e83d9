package dev.millrace.learner;

import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.RolloutQueue;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.learner.network.Nd4jNetworks;
import dev.millrace.streams.MessageTypes;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * A learner and the rollouts on their way to it: learns from each once, says what is to be
 * published. Knows nothing of Flink, and sends nothing itself.
 */
public final class RolloutSession implements AutoCloseable {
  private static final int VERSION = 1;
  private static final TypeSerializer<Rollout> ROLLOUTS = MessageTypes.ROLLOUT.serializer();

  private final VersionedLearner<List<Rollout>> learner;
  private final RolloutQueue queue;
  private long lag;
  private long lagging;

  /** Begins with the first update. */
  public RolloutSession(TrajectoryAgent agent, RolloutSettings settings, Clock clock)
      throws IOException {
    this(agent, settings, clock, null);
  }

  /**
   * @param saved what {@link #save} gave; null to begin
   */
  RolloutSession(TrajectoryAgent agent, RolloutSettings settings, Clock clock, byte[] saved)
      throws IOException {
    DataInputDeserializer in = saved == null ? null : new DataInputDeserializer(saved);
    if (in != null) {
      checkVersion(in.readInt());
    }
    learner =
        new VersionedLearner<>(
            agent.learner(new Nd4jNetworks(), settings.seed()),
            settings.publishEvery(),
            settings.maxNonFinite(),
            clock,
            in);
    queue = new RolloutQueue(agent.replay(), settings.groups());
    if (in != null) {
      List<Rollout> waiting = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        waiting.add(ROLLOUTS.deserialize(in));
      }
      queue.restore(in, waiting);
    }
  }

  private static void checkVersion(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "rollout session version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
  }

  /** Takes a rollout in. */
  public void receive(Rollout rollout) {
    queue.add(rollout);
  }

  /**
   * Learns from the next batch if it is complete.
   *
   * @return whether it was
   * @throws IllegalStateException if too many updates in a row were not finite
   */
  public boolean learn() {
    List<Rollout> batch = queue.next(learner.step());
    if (batch == null) {
      return false;
    }
    for (Rollout rollout : batch) {
      lag += RolloutQueue.lag(rollout, learner.step()) * rollout.transitions();
      lagging += rollout.transitions();
    }
    learner.learn(batch);
    return true;
  }

  /** Whether the step is one after which parameters are published, and they are not yet. */
  public boolean publicationDue() {
    return learner.publicationDue();
  }

  /** The present parameters, which count as published from now on. */
  public PolicyParameters publish(long nowMillis) {
    return learner.publish(queue.inserted(), nowMillis);
  }

  /** What was published last. */
  public PolicyParameters published() {
    return learner.published();
  }

  /** Where the queue stands, for whoever paces the acting. */
  public Progress.Shard progress() {
    return queue.progress(learner.epoch());
  }

  /** The queue's counters. */
  public Report.Replay queueReport() {
    return new Report.Replay(progress(), 0, 0, 0, 0, 0);
  }

  /** The means since the last report, or null if nothing happened. */
  public Report.Learning report() {
    Report.Learning report =
        learner
            .statistics()
            .report(
                learner.version(),
                lagging == 0 ? Double.NaN : (double) lag / lagging,
                learner.dropped(),
                queue.refused());
    lag = 0;
    lagging = 0;
    return report;
  }

  UpdateStatistics statistics() {
    return learner.statistics();
  }

  /** Everything that must survive. */
  byte[] save() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(4096);
    out.writeInt(VERSION);
    learner.save(out);
    List<Rollout> waiting = queue.waiting();
    out.writeInt(waiting.size());
    for (Rollout rollout : waiting) {
      ROLLOUTS.serialize(rollout, out);
    }
    queue.save(out);
    return out.getCopyOfBuffer();
  }

  @Override
  public void close() {
    learner.close();
  }
}
