package dev.millrace.core.loop;

import dev.millrace.core.agent.RateLimiter;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Decides when the next ticket may be issued: budget, pacing and stopping in one place, without a
 * thread or a clock.
 *
 * <p>The rate limiter is asked with an upper bound of what may yet be inserted: every step issued
 * begins one transition, less those that failing environments abandoned. The bound needs no
 * history, so late, lost or repeated progress only delays a ticket. Nothing is issued until every
 * shard and every group has reported since this ledger was made or restored.
 */
public final class TicketLedger {
  private static final int VERSION = 1;
  private static final int OUTSTANDING = 2;

  private final boolean lockStep;
  private final int stepsPerTicket;
  private final int[] groupSizes;
  private final RateLimiter limiter;
  private final long budgetSteps;
  private final int smallestGroup;
  private final int environments;
  private final long[] issued;
  private long issuedSteps;
  private int nextGroup;
  private boolean closed;

  private final LatestProgress latest;

  /**
   * @param groupSizes environments in each group
   * @param lockStep whether a group's ticket {@code n} waits for parameters of step {@code n - 1},
   *     so that all groups answer in rounds
   * @param budgetSteps environment steps to issue in all. The last tickets may be shorter, and what
   *     is less than a step of the smallest group is not issued; in lock-step no round is begun
   *     that might not fit
   */
  public TicketLedger(
      int[] groupSizes,
      int shards,
      int stepsPerTicket,
      boolean lockStep,
      RateLimiter limiter,
      long budgetSteps) {
    this.lockStep = lockStep;
    this.groupSizes = groupSizes.clone();
    this.stepsPerTicket = stepsPerTicket;
    this.limiter = limiter;
    this.budgetSteps = budgetSteps;
    this.smallestGroup = Arrays.stream(groupSizes).min().orElseThrow();
    this.environments = Arrays.stream(groupSizes).sum();
    this.issued = new long[groupSizes.length];
    latest = new LatestProgress(groupSizes.length, shards);
  }

  /** Takes note of news; older or repeated news changes nothing. */
  public void note(Progress progress) {
    if (progress instanceof Progress.Shard shard) {
      latest.note(shard);
    } else if (progress instanceof Progress.Group group) {
      latest.note(group);
    } else if (progress instanceof Progress.TargetReached) {
      close();
    }
  }

  /** Issues no further ticket. */
  public void close() {
    closed = true;
  }

  /** The next ticket, or null if none may be issued now. */
  public Ticket next() {
    if (!latest.complete() || exhausted()) {
      return null;
    }
    for (int i = 0; i < groupSizes.length; i++) {
      int group = (nextGroup + i) % groupSizes.length;
      if (issued[group] - latest.answered(group) < OUTSTANDING && stepsLeft(group) > 0) {
        return issue(group);
      }
    }
    return null;
  }

  private int stepsLeft(int group) {
    if (lockStep) {
      return issued[group] < rounds() || roundFits() ? stepsPerTicket : 0;
    }
    return (int) Math.min(stepsPerTicket, (budgetSteps - clock()) / groupSizes[group]);
  }

  /** Rounds begun. */
  private long rounds() {
    return Arrays.stream(issued).max().orElseThrow();
  }

  private boolean roundFits() {
    return (rounds() + 1) * stepsPerTicket * environments - latest.spared() <= budgetSteps;
  }

  private boolean roundUnderWay() {
    long rounds = rounds();
    return Arrays.stream(issued).anyMatch(number -> number < rounds);
  }

  private Ticket issue(int group) {
    int steps = stepsLeft(group);
    long environmentSteps = (long) steps * groupSizes[group];
    if (!limiter.mayInsert(clock() - latest.abandoned(), sampled(), environmentSteps)) {
      return null;
    }
    long number = ++issued[group];
    Ticket ticket = new Ticket(group, number, steps, clock(), lockStep ? number - 1 : 0);
    issuedSteps += environmentSteps;
    nextGroup = (group + 1) % groupSizes.length;
    return ticket;
  }

  /** Whether no ticket will be issued, unless one under way spares some of its steps. */
  public boolean exhausted() {
    return closed
        || (lockStep ? !roundFits() && !roundUnderWay() : budgetSteps - clock() < smallestGroup);
  }

  /**
   * Whether the run is over: exhausted, every ticket answered and, unless it was closed, everything
   * inserted that came of them and everything sampled that the rate limiter wants sampled.
   *
   * @param batchSize transitions in a sample
   */
  public boolean finished(int batchSize) {
    if (!latest.complete() || !exhausted()) {
      return false;
    }
    for (int group = 0; group < groupSizes.length; group++) {
      if (latest.answered(group) < issued[group]) {
        return false;
      }
    }
    return closed
        || inserted() == latest.completed() && !limiter.maySample(inserted(), sampled(), batchSize);
  }

  /** Environment steps issued so far, less those spared: the experiment's clock. */
  public long clock() {
    return issuedSteps - latest.spared();
  }

  /** Tickets issued and not answered, as far as reported. */
  public long outstanding() {
    long sum = 0;
    for (int group = 0; group < issued.length; group++) {
      sum += Math.max(0, issued[group] - latest.answered(group));
    }
    return sum;
  }

  /** Transitions ever inserted, as far as reported. */
  public long inserted() {
    return latest.inserted();
  }

  /** Transitions ever sampled, as far as reported. */
  public long sampled() {
    return latest.sampled();
  }

  /** Writes what was issued; whether it was closed is not kept, so that a resumed run goes on. */
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(issued.length);
    for (long number : issued) {
      out.writeLong(number);
    }
    out.writeLong(issuedSteps);
    out.writeInt(nextGroup);
  }

  /** Continues what {@link #save} wrote, once everyone has reported anew. */
  public void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "ticket ledger version=%d: this build reads version %d; use the build that wrote it"
              .formatted(version, VERSION));
    }
    int count = in.readInt();
    if (count != issued.length) {
      throw new IllegalStateException(
          "ticket ledger has groups=%d, the configuration %d: the number of groups is fixed for a run"
              .formatted(count, issued.length));
    }
    for (int group = 0; group < count; group++) {
      issued[group] = in.readLong();
    }
    issuedSteps = in.readLong();
    nextGroup = in.readInt();
  }
}
