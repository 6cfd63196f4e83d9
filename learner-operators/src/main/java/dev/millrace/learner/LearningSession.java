package dev.millrace.learner;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Learner;
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
import dev.millrace.streams.Epochs;
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
  private final LearnerSettings settings;
  private final Learner learner;
  private final SeededRandom random;
  private final CreditLedger ledger;
  private final UpdateStatistics statistics = new UpdateStatistics();
  private final long epoch;
  private ParameterVersion newest = ParameterVersion.NONE;
  private PolicyParameters published;
  private long dropped;
  private int consecutive;

  /** What the shards have reported; until they have after a restore, what they had before. */
  private long environmentSteps;

  /** Begins with the first update. */
  public LearningSession(Agent agent, LearnerSettings settings, Clock clock) throws IOException {
    this(agent, settings, clock, null);
  }

  /**
   * @param saved what {@link #save} gave; null to begin
   */
  LearningSession(Agent agent, LearnerSettings settings, Clock clock, LearnerState saved)
      throws IOException {
    this.settings = settings;
    learner = agent.learner(new Nd4jNetworks(), settings.seed());
    if (saved == null) {
      random = SeededRandom.of(settings.seed(), "credits");
      epoch = Epochs.next(0, clock);
    } else {
      saved.restore(learner);
      random = new SeededRandom(saved.random());
      epoch = Epochs.next(saved.epoch(), clock);
      dropped = saved.dropped();
      consecutive = saved.consecutive();
      environmentSteps = saved.environmentSteps();
    }
    ledger =
        new CreditLedger(
            settings.shards(),
            settings.limiter(),
            agent.replay().batchSize(),
            settings.prefetch(),
            epoch,
            random);
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
    Update update = learner.update(batch);
    statistics.note(update);
    if (!update.applied()) {
      drop(update);
      return null;
    }
    consecutive = 0;
    return batch.priorities(update.priorities());
  }

  private void drop(Update update) {
    dropped++;
    consecutive++;
    if (consecutive > settings.maxNonFinite()) {
      throw new IllegalStateException(
          "at step=%d loss=%s and gradientNorm=%s, the update number %d in a row that is not finite: must be finite within learner.max-non-finite (%d) updates; lower learner.learning-rate, or look for rewards and observations that are not finite"
              .formatted(
                  learner.step(),
                  update.loss(),
                  update.gradientNorm(),
                  consecutive,
                  settings.maxNonFinite()));
    }
  }

  /** Whether the step is one after which parameters are published, and they are not yet. */
  public boolean publicationDue() {
    return learner.step() % settings.publishEvery() == 0
        && learner.step() != published.version().step();
  }

  /** The present parameters, which count as published from now on. */
  public PolicyParameters publish(long nowMillis) {
    published = new PolicyParameters(version(), environmentSteps, nowMillis, learner.parameters());
    return published;
  }

  /** What was published last. */
  public PolicyParameters published() {
    return published;
  }

  private ParameterVersion version() {
    return new ParameterVersion(epoch, learner.step());
  }

  /** The means since the last report, or null if nothing happened. */
  public Report.Learning report() {
    return statistics.report(version(), newest, dropped);
  }

  UpdateStatistics statistics() {
    return statistics;
  }

  /** Everything that must survive. */
  LearnerState save() throws IOException {
    return new LearnerState(
        epoch, random.state(), dropped, consecutive, environmentSteps, LearnerState.save(learner));
  }

  @Override
  public void close() {
    learner.close();
  }
}
