package dev.millrace.replay;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.experience.TransitionLayout;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.Epochs;
import java.time.Clock;

/**
 * One shard of the replay: a ring of transitions that overwrites the oldest, a sampler, and the
 * counters from which others pace the loop. It does not decide who may sample; it serves grants.
 *
 * <p>The transition with insert number {@code n} lies in slot {@code n mod capacity}. What {@link
 * #flush} leaves in the store is the whole shard: a new one made on the same store continues as if
 * there had been no interruption, but for its epoch, and it has forgotten what it was granted.
 */
public final class ReplayShard {
  private final int shard;
  private final ReplaySpec.Sampled spec;
  private final int capacity;
  private final Sampler sampler;
  private final ShardStore store;
  private final ChunkRing ring;
  private final WeightBlocks weights;
  private final ShardHeader.Form form;
  private final SeededRandom random;
  private final long epoch;

  private long inserted;
  private long sampled;
  private long applied;
  private long ignored;
  private float greatest = 1; // Schaul et al. 2016, algorithm 1: p_1 = 1
  private ParameterVersion newest = ParameterVersion.NONE;

  private long learnerEpoch;
  private long granted;
  private int batchSize = 1;

  /**
   * Continues what was flushed to {@code store}, or begins empty if nothing was.
   *
   * @param shard its number
   * @param sampler new, for {@code settings.shardCapacity()} slots
   * @throws IllegalStateException if the store holds a shard of another form
   */
  public ReplayShard(
      int shard,
      ReplaySpec.Sampled spec,
      ReplaySettings settings,
      Sampler sampler,
      ShardStore store,
      Clock clock) {
    this.shard = shard;
    this.spec = spec;
    this.capacity = settings.shardCapacity();
    this.sampler = sampler;
    this.store = store;
    TransitionLayout layout = new TransitionLayout(spec.observationSize(), spec.actionSize());
    form = ShardHeader.Form.of(spec, settings, ChunkRing.chunkSize(layout.bytes()));
    weights = new WeightBlocks(store);
    byte[] saved = store.read(ShardStore.Part.HEADER, 0);
    if (saved == null) {
      random = SeededRandom.of(settings.seed(), "replay", shard);
      epoch = Epochs.next(0, clock);
    } else {
      ShardHeader header = ShardHeader.of(saved);
      checkForm(header.form());
      random = new SeededRandom(header.random());
      epoch = Epochs.next(header.epoch(), clock);
      inserted = header.inserted();
      sampled = header.sampled();
      applied = header.applied();
      ignored = header.ignored();
      greatest = header.greatest();
      newest = header.newest();
      weights.restore(sampler, size());
    }
    ring = new ChunkRing(layout, capacity, settings.shardCacheBytes(), inserted, store);
  }

  private void checkForm(ShardHeader.Form saved) {
    if (!saved.equals(form)) {
      throw new IllegalStateException(
          "replay shard %d is configured as %s, but its state was written as %s: a replay keeps its form; restore the former settings or start without this state"
              .formatted(shard, form, saved));
    }
  }

  /**
   * Takes a transition in; when the shard is full the oldest makes room. A priority that is not a
   * number, negative or infinite stands for the greatest seen.
   *
   * @throws IllegalArgumentException if the transition's widths are not the spec's
   */
  public void insert(Transition transition) {
    int slot = (int) (inserted % capacity);
    ring.append(transition);
    float priority = transition.priority();
    if (!usable(priority)) {
      priority = greatest;
    } else if (priority > greatest) {
      greatest = priority;
    }
    if (sampler.set(slot, priority)) {
      weights.changed(slot);
    }
    inserted++;
    if (transition.version().newerThan(newest)) {
      newest = transition.version();
    }
  }

  private static boolean usable(float priority) {
    return priority >= 0 && priority <= Float.MAX_VALUE;
  }

  /**
   * Draws a batch.
   *
   * @return with probabilities within this shard
   * @throws IllegalStateException if the shard is empty
   */
  public SampleBatch sample(int batchSize) {
    SampleBatch batch =
        SampleBatch.allocate(
            shard, epoch, batchSize, size(), spec.observationSize(), spec.actionSize());
    sampler.draw(random, batch.slots(), batch.probabilities());
    ring.read(batch.slots(), batch);
    for (int i = 0; i < batchSize; i++) {
      batch.insertNumbers()[i] = insertNumber(batch.slots()[i]);
    }
    sampled += batchSize;
    return batch;
  }

  /** The insert number of what lies in {@code slot}; negative if nothing was ever put there. */
  private long insertNumber(int slot) {
    long newestRound = inserted - inserted % capacity;
    return slot < inserted - newestRound ? newestRound + slot : newestRound - capacity + slot;
  }

  /**
   * Takes new priorities. Ignored and counted are those of another epoch, for a transition that is
   * no longer there, and any that is not a finite number of at least 0.
   */
  public void update(PriorityUpdates updates) {
    if (updates.epoch() != epoch) {
      ignored += updates.size();
      return;
    }
    int[] slots = new int[updates.size()];
    float[] priorities = new float[updates.size()];
    int count = 0;
    for (int i = 0; i < updates.size(); i++) {
      int slot = updates.slots()[i];
      if (holds(slot, updates.insertNumbers()[i]) && usable(updates.priorities()[i])) {
        slots[count] = slot;
        priorities[count++] = updates.priorities()[i];
        greatest = Math.max(greatest, updates.priorities()[i]);
      }
    }
    applied += count;
    ignored += updates.size() - count;
    if (sampler.set(slots, priorities, count)) {
      for (int i = 0; i < count; i++) {
        weights.changed(slots[i]);
      }
    }
  }

  private boolean holds(int slot, long number) {
    return slot >= 0 && slot < capacity && number >= 0 && insertNumber(slot) == number;
  }

  /**
   * Takes note of a grant: the greatest of the newest learner epoch counts. One that was made to
   * this shard before it opened is on another scale, and is ignored.
   */
  public void grant(SampleCredit credit) {
    if (credit.shardEpoch() != epoch) {
      return;
    }
    if (credit.learnerEpoch() > learnerEpoch) {
      learnerEpoch = credit.learnerEpoch();
      granted = credit.granted();
    } else if (credit.learnerEpoch() == learnerEpoch) {
      granted = Math.max(granted, credit.granted());
    } else {
      return;
    }
    batchSize = credit.batchSize();
  }

  /** Whether {@link #nextBatch} would give a batch. */
  public boolean canServe() {
    return granted - sampled >= batchSize && sampler.mass() > 0;
  }

  /** The next batch that was granted, or null if none was, or nothing is here yet. */
  public SampleBatch nextBatch() {
    return canServe() ? sample(batchSize) : null;
  }

  /** Stores everything that is not stored yet. */
  public void flush() {
    ring.flush();
    weights.flush(sampler, size());
    ShardHeader header =
        new ShardHeader(
            form, epoch, inserted, sampled, applied, ignored, greatest, random.state(), newest);
    store.write(ShardStore.Part.HEADER, 0, header.toBytes());
  }

  /** Transitions held now. */
  public int size() {
    return (int) Math.min(inserted, capacity);
  }

  /** Where the shard stands. */
  public Progress.Shard progress() {
    return new Progress.Shard(shard, epoch, inserted, sampled, size(), sampler.mass(), newest);
  }

  /**
   * Its counters.
   *
   * @param dropped priorities that were dropped before they came here
   */
  public Report.Replay report(long dropped) {
    return new Report.Replay(
        progress(), applied, ignored, dropped, ring.cachedBytes(), storedBytes());
  }

  private long storedBytes() {
    return ring.storedBytes(inserted) + WeightBlocks.storedBytes(size());
  }

  /** Times that a chunk of transitions was read from the store because it was not cached. */
  public long storeReads() {
    return ring.storeReads();
  }
}
