package dev.millrace.env;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.loop.TicketLedger;
import java.io.Serializable;

/**
 * How many steps environments may take, and how fast.
 *
 * @param groupSizes environments in each group, as {@link ActorSpec#groupSizes()} says
 * @param shards replay shards that must report before the first ticket
 * @param stepsPerTicket steps each environment of a group takes for one ticket
 * @param lockStep whether each ticket of a group waits for what is learned from the one before
 * @param budgetSteps environment steps in all
 * @param batchSize transitions in a sample; the run lasts until no such batch is due
 */
public record TicketPlan(
    int[] groupSizes,
    int shards,
    int stepsPerTicket,
    boolean lockStep,
    RateLimiter limiter,
    long budgetSteps,
    int batchSize)
    implements Serializable {
  public TicketPlan {
    if (groupSizes.length < 1 || shards < 1 || stepsPerTicket < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "ticket plan groups=%d, shards=%d, stepsPerTicket=%d, batchSize=%d: must be at least 1"
              .formatted(groupSizes.length, shards, stepsPerTicket, batchSize));
    }
  }

  /** A new ledger that keeps to this plan. */
  public TicketLedger ledger() {
    return new TicketLedger(groupSizes, shards, stepsPerTicket, lockStep, limiter, budgetSteps);
  }
}
