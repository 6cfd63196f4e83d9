package dev.millrace.core.loop;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.SeededRandom;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides which shard a learner asks for its next batch, and knows with what probability: a shard
 * is drawn in proportion to its mass, so that an item's probability over the whole replay is the
 * shard's times the one within it, whatever the sizes and masses of shards.
 *
 * <p>At most {@code prefetch} batches are under way. A grant is absolute, so the latest for a shard
 * replaces those before it and may be lost, late or repeated.
 */
public final class CreditLedger {
  /** One shard as the learner knows it. */
  private static final class Account {
    Progress.Shard progress;
    long received;
    long granted;
    final ArrayDeque<Double> probabilities = new ArrayDeque<>();
  }

  private final RateLimiter limiter;
  private final int batchSize;
  private final int prefetch;
  private final long learnerEpoch;
  private final SeededRandom random;
  private final Map<Integer, Account> accounts = new TreeMap<>();
  private int underWay;

  /**
   * @param prefetch batches that may be under way, over all shards
   * @param random draws the shards; saved with the learner, not here
   */
  public CreditLedger(
      RateLimiter limiter, int batchSize, int prefetch, long learnerEpoch, SeededRandom random) {
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
    Account account = accounts.computeIfAbsent(progress.shard(), shard -> new Account());
    Progress.Shard known = account.progress;
    if (known != null && progress.epoch() < known.epoch()) {
      return;
    }
    if (known == null || progress.epoch() > known.epoch()) {
      underWay -= account.probabilities.size();
      account.probabilities.clear();
      account.received = progress.sampled();
      account.granted = progress.sampled();
    }
    account.progress = progress;
  }

  /**
   * Takes a batch in.
   *
   * @return the batch with probabilities over the whole replay
   */
  public SampleBatch receive(ReplayOutput output) {
    SampleBatch batch = output.batch();
    Account account = accounts.get(batch.shard());
    boolean granted =
        account != null
            && account.progress.epoch() == batch.epoch()
            && !account.probabilities.isEmpty();
    double probability = granted ? account.probabilities.poll() : Double.NaN;
    if (granted) {
      underWay--;
      account.received += batch.size();
    }
    note(output.progress());
    return batch.over(Double.isNaN(probability) ? share(batch.shard()) : probability, population());
  }

  private double share(int shard) {
    double total = totalMass();
    return total > 0 ? accounts.get(shard).progress.mass() / total : 1.0;
  }

  /** The next grant, or null if none may be made now. */
  public SampleCredit grant() {
    if (underWay >= prefetch
        || !limiter.maySample(population(), inserted(), requested(), batchSize)) {
      return null;
    }
    double total = totalMass();
    if (!(total > 0)) {
      return null;
    }
    double point = random.nextDouble() * total;
    Account chosen = null;
    for (Account account : accounts.values()) {
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
  public Iterable<SampleCredit> standing() {
    return accounts.values().stream().map(this::credit).toList();
  }

  private SampleCredit credit(Account account) {
    return new SampleCredit(account.progress.shard(), learnerEpoch, account.granted, batchSize);
  }

  /** Batches granted and not yet received. */
  public int underWay() {
    return underWay;
  }

  /** Transitions in replay, as far as reported. */
  public long population() {
    long sum = 0;
    for (Account account : accounts.values()) {
      sum += account.progress.size();
    }
    return sum;
  }

  /** Transitions ever inserted, as far as reported. */
  public long inserted() {
    long sum = 0;
    for (Account account : accounts.values()) {
      sum += account.progress.inserted();
    }
    return sum;
  }

  private long requested() {
    long sum = 0;
    for (Account account : accounts.values()) {
      sum += Math.max(account.granted, account.progress.sampled());
    }
    return sum;
  }

  private double totalMass() {
    double sum = 0;
    for (Account account : accounts.values()) {
      sum += account.progress.mass();
    }
    return sum;
  }
}
