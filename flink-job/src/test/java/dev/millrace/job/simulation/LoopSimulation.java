package dev.millrace.job.simulation;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import java.io.IOException;

/**
 * The loop without Flink: the real ledgers, accumulators and shards, joined by forward channels
 * that are bounded and reliable and by feedback that is neither, with aligned checkpoints and
 * crashes. One seed decides the configuration and which event comes next, so that a schedule that
 * fails can be run again.
 *
 * <pre>
 *   source ═tickets═▶ actors ═transitions═▶ shards ═samples═▶ learner
 *     ▲ ╎◀╌╌╌ progress ╌╌╌╌╯                  ╎ ▲                ╎
 *     ╰╌╌╌╌╌╌╌╌╌╌╌╌╌ progress ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯ ╰╌ credits, priorities; parameters to actors
 * </pre>
 */
final class LoopSimulation {
  /** Turns without a ticket, an insert or a batch. Timers fire a thousand times in as many. */
  private static final long PATIENCE = 30_000;

  final Conditions conditions;
  final SeededRandom random;
  final Trace trace = new Trace();
  final Tally tally = new Tally();
  final Feedback feedback;
  private Life life;
  private int crashes;
  private int checkpoints;

  LoopSimulation(long seed, Defect defect) {
    conditions = new Conditions(seed, defect);
    random = SeededRandom.of(seed, "schedule");
    feedback = new Feedback(conditions, random, trace, tally);
  }

  /**
   * Runs the schedule to its end.
   *
   * @return what it went through
   * @throws AssertionError if an invariant does not hold or the loop is stuck; says which, the
   *     seed, the conditions and the latest events
   */
  Tally run() {
    try {
      start(null, ParameterVersion.NONE);
      while (!life.source.finished) {
        if (++trace.turn - life.invariants.progressed > PATIENCE) {
          throw new Violation("stuck: no ticket, insert or batch for %d turns".formatted(PATIENCE));
        }
        turn();
      }
      life.invariants.checkEnd();
    } catch (RuntimeException | IOException e) {
      throw new AssertionError(
          "seed %d: %s%n%s%n%s  -Dmillrace.simulation.seed=%d runs it alone"
              .formatted(conditions.seed, e.getMessage(), conditions, trace, conditions.seed),
          e);
    }
    tally();
    return tally;
  }

  private void start(Checkpoint from, ParameterVersion published) throws IOException {
    int number = life == null ? 1 : life.number + 1;
    feedback.life = number;
    life = new Life(number, this, from, published);
    trace.add("life", number);
  }

  private void turn() throws IOException {
    int chance = random.nextInt(1000);
    if (chance < 700) {
      life.anyTask().run();
    } else if (chance < 955) {
      deliver();
    } else if (chance < 990) {
      if (conditions.defect != Defect.NO_RESENDING) {
        life.anyTask().onTimer();
      }
    } else if (chance < 997) {
      if (life.checkpoint == null && life.source.checkpoint(checkpoints + 1)) {
        trace.add("checkpoint begun", ++checkpoints);
      }
    } else if (crashes < conditions.crashes) {
      crash();
    }
  }

  private void deliver() {
    Feedback.Message message = feedback.next();
    if (message == null) {
      return;
    }
    boolean outlived = message.life() != life.number;
    if (outlived
        && message.edge() == Feedback.Edge.PROGRESS
        && conditions.defect != Defect.PROGRESS_OUTLIVES_ITS_ATTEMPT) {
      tally.refused++;
      return;
    }
    tally.outlived += outlived ? 1 : 0;
    life.inbox(message).offer(message.value());
  }

  private void crash() throws IOException {
    crashes++;
    trace.add("crash", "");
    feedback.crash();
    if (life.completed == null) {
      tally.startedOver++;
    } else {
      tally.restored++;
    }
    start(life.completed, life.invariants.published());
  }

  private void tally() {
    tally.schedules++;
    tally.turns += trace.turn;
    tally.oneEnvironment += conditions.environments() == 1 ? 1 : 0;
    tally.smallestWindow += conditions.smallestWindow ? 1 : 0;
    tally.skewed += conditions.skewed ? 1 : 0;
    tally.residueBeyondMinimum +=
        (long) conditions.n * conditions.environments() > conditions.limiter.minimumSize() ? 1 : 0;
  }
}
