package dev.millrace.job.simulation;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.replay.PrioritizedSampler;
import dev.millrace.replay.ReplaySettings;
import dev.millrace.replay.ReplayShard;
import dev.millrace.streams.Inbox;
import java.util.Arrays;
import java.util.Map;

/** A replay task around one real shard. */
final class ShardTask implements Task {
  /** What a checkpoint keeps of it. */
  record Saved(TestingShardStore store, ShardTruth truth, float[] leaves) {}

  private final Life life;
  private final int number;
  private final Channel.Outbox outbox = new Channel.Outbox();
  private final Channel.Aligned input;
  private final TestingShardStore store;
  private final PrioritizedSampler sampler;
  private final ReplayShard shard;
  private long reported;
  private long added;
  final Inbox<Object> credits = Inbox.latest(credit -> ((SampleCredit) credit).shard());
  final Inbox<Object> priorities;
  final ShardTruth truth;

  ShardTask(Life life, int number, Saved saved) {
    this.life = life;
    this.number = number;
    Conditions conditions = life.conditions;
    Channel[] channels = new Channel[conditions.groupSizes.length];
    for (int group = 0; group < channels.length; group++) {
      channels[group] = life.transitions[group][number];
    }
    input = new Channel.Aligned(channels, conditions.defect != Defect.BARRIERS_DO_NOT_BLOCK);
    priorities = Inbox.bounded(conditions.priorityInbox);
    store = saved == null ? new TestingShardStore() : saved.store.copy();
    sampler = sampler();
    shard = open(store, sampler);
    truth =
        saved == null
            ? new ShardTruth(conditions.shardCapacity, conditions.environments())
            : saved.truth.copy();
    if (saved != null) {
      checkContents();
      if (!Arrays.equals(leaves(), saved.leaves)) {
        throw new Violation("shard %d has other priorities than it had saved".formatted(number));
      }
    }
    report(null);
  }

  private PrioritizedSampler sampler() {
    return new PrioritizedSampler(life.conditions.shardCapacity, 1, ShardTruth.EPSILON);
  }

  private float[] leaves() {
    float[] leaves = new float[truth.size()];
    for (int slot = 0; slot < leaves.length; slot++) {
      leaves[slot] = sampler.weight(slot);
    }
    return leaves;
  }

  private ReplayShard open(TestingShardStore store, PrioritizedSampler sampler) {
    Conditions conditions = life.conditions;
    ReplaySettings settings =
        new ReplaySettings(
            "prioritized",
            (long) conditions.shardCapacity * conditions.shards,
            conditions.shards,
            1,
            1 << 16,
            conditions.seed,
            new Settings(Map.of()));
    ReplaySpec.Sampled spec = new ReplaySpec.Sampled(2, 1, conditions.batchSize);
    return new ReplayShard(number, spec, settings, sampler, store, life.clock);
  }

  @Override
  public void run() {
    if (!outbox.flush()) {
      return;
    }
    credits.drain(credit -> grant((SampleCredit) credit));
    priorities.drain(updates -> update((PriorityUpdates) updates));
    if (life.random.nextBoolean() && shard.canServe()) {
      serve();
      return;
    }
    Object element = input.poll(life.random.nextInt(input.count()));
    if (element instanceof Transition transition) {
      insert(transition);
    } else if (element instanceof Channel.Barrier barrier) {
      flush();
      checkContents();
      life.checkpoint.shards[number] = new Saved(store.copy(), truth.copy(), leaves());
      outbox.emit(life.samples[number], barrier);
    }
    outbox.flush();
  }

  private void grant(SampleCredit credit) {
    long epoch = shard.progress().epoch();
    long learnerEpoch = credit.learnerEpoch();
    int batchSize = credit.batchSize();
    switch (life.conditions.defect) {
      case CREDITS_ADD_UP -> {
        added += batchSize;
        shard.grant(new SampleCredit(number, epoch, learnerEpoch, added, batchSize));
      }
      case CREDITS_IGNORE_EPOCHS ->
          shard.grant(new SampleCredit(number, epoch, learnerEpoch, credit.granted(), batchSize));
      default -> shard.grant(credit);
    }
  }

  private void update(PriorityUpdates updates) {
    life.trace.add("priorities", updates);
    boolean blind = life.conditions.defect == Defect.PRIORITIES_IGNORE_EPOCHS;
    shard.update(
        !blind
            ? updates
            : new PriorityUpdates(
                number,
                shard.progress().epoch(),
                updates.slots(),
                updates.insertNumbers(),
                updates.priorities()));
    truth.checkLeaves(sampler);
  }

  private void serve() {
    SampleBatch batch = shard.nextBatch();
    life.trace.add("serve", shard.progress());
    truth.checkBatch(batch);
    truth.sampled += batch.size();
    life.invariants.served(batch);
    report(batch);
  }

  private void insert(Transition transition) {
    shard.insert(transition);
    truth.insert(transition, life.lifeOf(transition));
    life.trace.add("insert into " + number, shard.progress());
    life.invariants.checkInserted();
    if (truth.inserted - reported >= life.conditions.reportEvery) {
      report(null);
    }
  }

  private void report(SampleBatch batch) {
    Progress.Shard progress = shard.progress();
    reported = truth.inserted;
    outbox.emit(life.samples[number], new ReplayOutput(progress, batch));
    life.feedback.send(Feedback.Edge.PROGRESS, 0, progress);
    outbox.flush();
  }

  @Override
  public void onTimer() {
    if (outbox.flush()) {
      report(null);
    }
  }

  /** Holds a second shard, made on a copy of what was stored, against what must be there. */
  void checkContents() {
    PrioritizedSampler copied = sampler();
    ReplayShard copy = open(store.copy(), copied);
    truth.checkLeaves(copied);
    truth.checkAll(copy);
  }

  void flush() {
    if (life.conditions.defect != Defect.SHARDS_UNFLUSHED) {
      shard.flush();
    }
  }

  Report.Replay counters() {
    return shard.report(priorities.dropped());
  }
}
