package dev.millrace.job.simulation;

import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.CreditLedger;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.Epochs;

/** A learner that learns nothing, around the real credit ledger. */
final class LearnerTask implements Task {
  /** What a checkpoint keeps of it. */
  record Saved(long epoch, long step, long random) {}

  private final Life life;
  private final Channel.Aligned input;
  private final CreditLedger ledger;
  private final SeededRandom random;
  private final long epoch;
  private ParameterVersion published;
  private long step;

  LearnerTask(Life life, Saved saved) {
    this.life = life;
    Conditions conditions = life.conditions;
    input = new Channel.Aligned(life.samples, true);
    random =
        saved == null
            ? SeededRandom.of(conditions.seed, "credits")
            : new SeededRandom(saved.random);
    step = saved == null ? 0 : saved.step;
    epoch = Epochs.next(saved == null ? 0 : saved.epoch, life.clock);
    ledger =
        new CreditLedger(
            conditions.shards,
            conditions.limiter,
            conditions.batchSize,
            conditions.prefetch,
            epoch,
            random);
    publish();
  }

  @Override
  public void run() {
    Object element = input.poll(life.random.nextInt(input.count()));
    if (element instanceof ReplayOutput output) {
      receive(output);
    } else if (element instanceof Channel.Barrier) {
      life.checkpoint.learner = new Saved(epoch, step, random.state());
      life.completed();
    }
  }

  private void receive(ReplayOutput output) {
    if (output.batch() == null) {
      ledger.note(output.progress());
      grant();
      return;
    }
    SampleBatch batch = ledger.receive(output);
    life.invariants.received(batch);
    grant();
    step++;
    float[] priorities = new float[batch.size()];
    for (int row = 0; row < priorities.length; row++) {
      priorities[row] =
          ShardTruth.priority(
              (int) batch.observations()[2 * row],
              (long) batch.observations()[2 * row + 1],
              (int) batch.rewards()[row],
              ShardTruth.Judge.LEARNER);
    }
    life.feedback.send(Feedback.Edge.PRIORITIES, batch.shard(), batch.priorities(priorities));
    if (step % life.conditions.publishEvery == 0) {
      publish();
    }
  }

  private void grant() {
    if (ledger.underWay() > Math.max(1, life.conditions.prefetch / 4)) {
      return;
    }
    for (SampleCredit credit = ledger.grant(); credit != null; credit = ledger.grant()) {
      life.trace.add("credit", credit);
      life.feedback.send(Feedback.Edge.CREDITS, credit.shard(), credit);
    }
    if (ledger.underWay() > life.conditions.prefetch || ledger.underWay() < 0) {
      throw new Violation("the learner has granted %d batches".formatted(ledger.underWay()));
    }
  }

  private void publish() {
    published = new ParameterVersion(epoch, step);
    life.trace.add("publish", published);
    life.invariants.published(published);
    publishAgain();
  }

  private void publishAgain() {
    for (int group = 0; group < life.conditions.groupSizes.length; group++) {
      life.feedback.send(Feedback.Edge.PARAMETERS, group, published);
    }
  }

  @Override
  public void onTimer() {
    publishAgain();
    grant();
    for (SampleCredit credit : ledger.standing()) {
      life.feedback.send(Feedback.Edge.CREDITS, credit.shard(), credit);
    }
    if (step >= life.conditions.closesAtUpdate) {
      life.feedback.send(Feedback.Edge.PROGRESS, 0, new Progress.TargetReached(475));
    }
  }
}
