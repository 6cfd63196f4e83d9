package dev.millrace.job.simulation;

import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import java.util.Arrays;

/** What must hold of a life, where more than one task decides it. */
final class Invariants {
  /** What the limiter allows beyond its bounds, for products that are rounded. */
  private static final double ROUNDING = 1e-3 + 1e-6;

  private final Life life;

  /** The turn of the last ticket, insert or batch. */
  long progressed;

  private ParameterVersion published;
  private long batchesUnderWay;

  /**
   * @param turn at which the life begins
   * @param published the newest version of an earlier life
   */
  Invariants(Life life, long turn, ParameterVersion published) {
    this.life = life;
    this.progressed = turn;
    this.published = published;
  }

  /** At most two tickets of a group are outstanding. */
  void checkTicket(Ticket ticket) {
    progressed = life.trace.turn;
    long outstanding = ticket.number() - life.actors[ticket.group()].answered;
    if (outstanding > 2) {
      throw new Violation("%s makes %d outstanding tickets".formatted(ticket, outstanding));
    }
    if (life.source.ledger.clock() > life.conditions.budgetSteps) {
      throw new Violation("%s exceeds the budget".formatted(ticket));
    }
  }

  long inserted() {
    long sum = 0;
    for (ShardTask shard : life.shards) {
      sum += shard.truth.inserted;
    }
    return sum;
  }

  long sampled() {
    long sum = 0;
    for (ShardTask shard : life.shards) {
      sum += shard.truth.sampled;
    }
    return sum;
  }

  /** How far inserting is ahead of sampling, in samples: what the limiter bounds. */
  double lead() {
    return inserted() * life.conditions.limiter.samplesPerInsert() - sampled();
  }

  void checkInserted() {
    progressed = life.trace.turn;
    life.tally.inserted++;
    if (lead() > life.conditions.limiter.max() + ROUNDING) {
      throw new Violation(
          "inserted=%d sampled=%d: the lead %s is above max=%s"
              .formatted(inserted(), sampled(), lead(), life.conditions.limiter.max()));
    }
  }

  /** What an environment completed is in the shards, once. */
  private void checkInserted(EnvironmentModel environment) {
    long inserted = 0;
    for (ShardTask shard : life.shards) {
      inserted += shard.truth.insertedOf(environment.number);
    }
    long completed = environment.completed();
    if (inserted != completed) {
      throw new Violation(
          "environment %d completed %d transitions, and %d were inserted"
              .formatted(environment.number, completed, inserted));
    }
  }

  void served(SampleBatch batch) {
    progressed = life.trace.turn;
    life.tally.batches++;
    if (lead() < life.conditions.limiter.min() - ROUNDING) {
      throw new Violation(
          "inserted=%d sampled=%d: the lead %s is below min=%s after a batch of shard %d"
              .formatted(
                  inserted(), sampled(), lead(), life.conditions.limiter.min(), batch.shard()));
    }
    if (inserted() < life.conditions.limiter.minimumSize()) {
      throw new Violation(
          "a batch was drawn from %d transitions, fewer than the minimum size"
              .formatted(inserted()));
    }
    if (++batchesUnderWay > life.conditions.prefetch) {
      throw new Violation(
          "%d batches are under way, more than the prefetch".formatted(batchesUnderWay));
    }
  }

  void received(SampleBatch batch) {
    batchesUnderWay--;
    for (double probability : batch.probabilities()) {
      if (!(probability > 0 && probability <= 1)) {
        throw new Violation("a transition was drawn with probability=" + probability);
      }
    }
  }

  /** Versions only ever grow, over all lives. */
  void published(ParameterVersion version) {
    if (!version.newerThan(published) && !version.equals(ParameterVersion.NONE)) {
      throw new Violation("%s was published after %s".formatted(version, published));
    }
    published = version;
  }

  ParameterVersion published() {
    return published;
  }

  /** What must be so when the source ends the run. */
  void checkEnd() {
    long completed = 0;
    for (ActorTask actor : life.actors) {
      completed += actor.completed;
    }
    boolean closed = life.conditions.closesAtUpdate != Long.MAX_VALUE;
    if (!closed) {
      long left = life.conditions.budgetSteps - life.source.ledger.clock();
      int smallest = Arrays.stream(life.conditions.groupSizes).min().orElseThrow();
      if (left >= smallest) {
        throw new Violation("%d steps of the budget were not issued".formatted(left));
      }
      if (inserted() != completed) {
        throw new Violation(
            "the run ended with %d of %d transitions inserted".formatted(inserted(), completed));
      }
      double min = life.conditions.limiter.min();
      if (inserted() >= life.conditions.limiter.minimumSize()
          && lead() - life.conditions.batchSize >= min) {
        throw new Violation(
            "the run ended with a lead of %s, which leaves a batch of %d to sample before min=%s"
                .formatted(lead(), life.conditions.batchSize, min));
      }
    }
    long steps = 0;
    for (ActorTask actor : life.actors) {
      for (EnvironmentModel environment : actor.environments) {
        steps += environment.steps;
        life.tally.abandoned += environment.abandoned;
        if (!closed) {
          checkInserted(environment);
        }
      }
    }
    if (steps != life.source.ledger.clock()) {
      throw new Violation(
          "%d steps were taken of %d issued".formatted(steps, life.source.ledger.clock()));
    }
    for (ShardTask shard : life.shards) {
      shard.flush();
      shard.checkContents();
      life.tally.prioritiesApplied += shard.counters().prioritiesApplied();
      life.tally.prioritiesIgnored += shard.counters().prioritiesIgnored();
    }
    life.tally.closed += closed ? 1 : 0;
  }
}
