package dev.millrace.core.loop;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.SeededRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Decides which shard a learner asks for its next batch, and knows with what probability: a shard
 * is drawn in proportion to its mass, so that an item's probability over the whole replay is the
 * shard's times the one within it, whatever the sizes and masses of shards.
 *
 * <p>At most {@code prefetch} batches are under way. A grant is absolute, so the latest for a shard
 * replaces those before it and may be lost, late or repeated. Nothing is granted until every shard
 * has reported: from the masses of some of them no probability over the whole can be told.
 */
public final class CreditLedger {
  /** One shard as the learner knows it. */
  private static final class Account {
    /** Null until it has reported. */
    Progress.Shard progress;

    long granted;

    /** With which the shard was drawn, for each batch under way. */
    final ArrayDeque<Double> probabilities = new ArrayDeque<>();
  }

  private final RateLimiter limiter;
  private final int batchSize;
  private final int prefetch;
  private final long learnerEpoch;
  private final SeededRandom random;
  private final Account[] accounts;
  private int underWay;

  /**
   * @param shards how many there are
   * @param prefetch batches that may be under way, over all shards
   * @param random draws the shards; saved with the learner, not here
   */
  public CreditLedger(
      int shards,
      RateLimiter limiter,
      int batchSize,
      int prefetch,
      long learnerEpoch,
      SeededRandom random) {
    accounts = new Account[shards];
    Arrays.setAll(accounts, shard -> new Account());
    this.limiter = limiter;
    this.batchSize = batchSize;
    this.prefetch = prefetch;
    this.learnerEpoch = learnerEpoch;
    this.random = random;
  }

  /**
   * Takes note of where a shard stands. A shard that opened anew has forgotten what it was granted,
   * and so has the ledger.
   */
  public void note(Progress.Shard progress) {
    Account account = accounts[progress.shard()];
    Progress.Shard known = account.progress;
    if (known != null && progress.epoch() < known.epoch()) {
      return;
    }
    if (known == null || progress.epoch() > known.epoch()) {
      underWay -= account.probabilities.size();
      account.probabilities.clear();
      account.granted = progress.sampled();
    }
    account.progress = progress;
  }

  /**
   * Takes a batch in.
   *
   * @return the batch with probabilities over the whole replay; for one that this ledger did not
   *     ask for, as may come after a restore, they are told from the present masses
   */
  public SampleBatch receive(ReplayOutput output) {
    SampleBatch batch = output.batch();
    Account account = accounts[batch.shard()];
    Double drawnWith = null;
    if (account.progress != null && account.progress.epoch() == batch.epoch()) {
      drawnWith = account.probabilities.poll();
      underWay -= drawnWith == null ? 0 : 1;
    }
    note(output.progress());
    double probability = drawnWith == null ? account.progress.mass() / totalMass() : drawnWith;
    return batch.over(probability, population());
  }

  /** The next grant, or null if none may be made now. */
  public SampleCredit grant() {
    if (underWay >= prefetch
        || !everyoneReported()
        || !limiter.maySample(inserted(), requested(), batchSize)) {
      return null;
    }
    double total = totalMass();
    if (!(total > 0)) {
      return null;
    }
    double point = random.nextDouble() * total;
    Account chosen = null;
    for (Account account : accounts) {
      if (account.progress.mass() > 0) {
        chosen = account;
        point -= account.progress.mass();
        if (point < 0) {
          break;
        }
      }
    }
    chosen.probabilities.add(chosen.progress.mass() / total);
    chosen.granted += batchSize;
    underWay++;
    return credit(chosen);
  }

  /** Every shard's present grant, to be sent again by a timer. */
  public List<SampleCredit> standing() {
    return Arrays.stream(accounts).filter(a -> a.progress != null).map(this::credit).toList();
  }

  private boolean everyoneReported() {
    for (Account account : accounts) {
      if (account.progress == null) {
        return false;
      }
    }
    return true;
  }

  private SampleCredit credit(Account account) {
    Progress.Shard progress = account.progress;
    return new SampleCredit(
        progress.shard(), progress.epoch(), learnerEpoch, account.granted, batchSize);
  }

  /** Batches granted and not yet received. */
  public int underWay() {
    return underWay;
  }

  /** Transitions in replay, as far as reported. */
  public long population() {
    long sum = 0;
    for (Account account : accounts) {
      sum += account.progress == null ? 0 : account.progress.size();
    }
    return sum;
  }

  /** Transitions ever inserted, as far as reported. */
  public long inserted() {
    long sum = 0;
    for (Account account : accounts) {
      sum += account.progress == null ? 0 : account.progress.inserted();
    }
    return sum;
  }

  private long requested() {
    long sum = 0;
    for (Account account : accounts) {
      sum += Math.max(account.granted, account.progress.sampled());
    }
    return sum;
  }

  private double totalMass() {
    double sum = 0;
    for (Account account : accounts) {
      sum += account.progress == null ? 0 : account.progress.mass();
    }
    return sum;
  }
}
