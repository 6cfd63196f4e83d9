package dev.millrace.learner;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.CreditLedger;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.learner.network.Nd4jNetworks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A learner among those it talks to: asks shards for samples, learns from what comes, says what is
 * to be published. Knows nothing of Flink, and sends nothing itself.
 */
public final class LearningSession implements AutoCloseable {
  private static final int VERSION = 1;

  private final LearnerSettings settings;
  private final VersionedLearner<SampleBatch> learner;
  private final SeededRandom random;
  private final CreditLedger ledger;
  private ParameterVersion newest = ParameterVersion.NONE;

  /** What the shards have reported; until they have after a restore, what they had before. */
  private long environmentSteps;

  /** Begins with the first update. */
  public LearningSession(ReplayAgent agent, LearnerSettings settings, Clock clock)
      throws IOException {
    this(agent, settings, clock, null);
  }

  /**
   * @param saved what {@link #save} gave; null to begin
   */
  LearningSession(ReplayAgent agent, LearnerSettings settings, Clock clock, byte[] saved)
      throws IOException {
    this.settings = settings;
    DataInputStream in =
        saved == null ? null : new DataInputStream(new ByteArrayInputStream(saved));
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
    if (in == null) {
      random = SeededRandom.of(settings.seed(), "credits");
    } else {
      random = new SeededRandom(in.readLong());
      environmentSteps = in.readLong();
    }
    ledger =
        new CreditLedger(
            settings.shards(),
            settings.limiter(),
            agent.replay().batchSize(),
            settings.prefetch(),
            learner.epoch(),
            random);
  }

  private static void checkVersion(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "learning session version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
  }

  /**
   * Takes in what a shard sent.
   *
   * @return the batch with probabilities over the whole replay, to be learned from; null if there
   *     was only progress to tell
   */
  public SampleBatch receive(ReplayOutput output) {
    Progress.Shard progress = output.progress();
    if (progress.newest().newerThan(newest)) {
      newest = progress.newest();
    }
    SampleBatch batch = null;
    if (output.batch() == null) {
      ledger.note(progress);
    } else {
      batch = ledger.receive(output);
    }
    environmentSteps = Math.max(environmentSteps, ledger.inserted());
    return batch;
  }

  /**
   * The grants to send: none while more than a quarter of what may be under way still is, then for
   * all of it, so that others are woken seldom and have something to do when they are. A grant is
   * absolute, so one for each shard says it all.
   */
  public Collection<SampleCredit> grants() {
    if (ledger.underWay() > Math.max(1, settings.prefetch() / 4)) {
      return List.of();
    }
    Map<Integer, SampleCredit> newest = new TreeMap<>();
    for (SampleCredit credit = ledger.grant(); credit != null; credit = ledger.grant()) {
      newest.put(credit.shard(), credit);
    }
    return newest.values();
  }

  /** Every shard's present grant, to be sent again by a timer. */
  public List<SampleCredit> standing() {
    return ledger.standing();
  }

  /**
   * Learns from a batch.
   *
   * @return the new priorities of what was sampled; null if the update was dropped, for it was not
   *     finite
   * @throws IllegalStateException if too many in a row were dropped
   */
  public PriorityUpdates learn(SampleBatch batch) {
    Update update = learner.learn(batch);
    return update.applied() ? batch.priorities(update.priorities()) : null;
  }

  /** Whether the step is one after which parameters are published, and they are not yet. */
  public boolean publicationDue() {
    return learner.publicationDue();
  }

  /** The present parameters, which count as published from now on. */
  public PolicyParameters publish(long nowMillis) {
    return learner.publish(environmentSteps, nowMillis);
  }

  /** What was published last. */
  public PolicyParameters published() {
    return learner.published();
  }

  /** The means since the last report, or null if nothing happened. */
  public Report.Learning report() {
    double lag =
        newest.equals(ParameterVersion.NONE)
            ? Double.NaN
            : Math.max(0, learner.step() - newest.step());
    return learner.statistics().report(learner.version(), lag, learner.dropped(), 0);
  }

  UpdateStatistics statistics() {
    return learner.statistics();
  }

  /** Everything that must survive. */
  byte[] save() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(VERSION);
    learner.save(out);
    out.writeLong(random.state());
    out.writeLong(environmentSteps);
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    learner.close();
  }
}
