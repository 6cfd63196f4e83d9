package dev.millrace.job;

import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.loop.TicketLedger;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.env.EnvironmentGroup;
import dev.millrace.learner.Judge;
import dev.millrace.learner.LearningSession;
import dev.millrace.replay.ReplayShard;
import dev.millrace.streams.ShardKeys;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The whole loop in one thread: read this first. {@link TrainingJob} joins the same parts by
 * streams.
 */
record LocalTrainer(
    TicketLedger tickets,
    List<EnvironmentGroup<Transition>> groups,
    Policy policy,
    List<ReplayShard> shards,
    LearningSession learning,
    Judge judge,
    Consumer<Report> reports,
    int batchSize) {
  private static final int JUDGED_STEPS_PER_UPDATE = 64;

  /** Trains until the target is reached (true), the budget is spent or {@code stop} says so. */
  boolean run(BooleanSupplier stop) {
    publish();
    groups.forEach(group -> tickets.note(group.progress()));
    shards.forEach(shard -> tell(shard, null));
    while (!stop.getAsBoolean() && !tickets.finished(batchSize)) {
      Ticket ticket = tickets.next();
      if (ticket != null) {
        act(ticket);
      }
      for (var due = learning.grants(); !due.isEmpty(); due = learning.grants()) {
        due.forEach(this::learn);
        if (judged(judge.promised() ? Integer.MAX_VALUE : JUDGED_STEPS_PER_UPDATE)) {
          return true;
        }
      }
    }
    return false;
  }

  private void act(Ticket ticket) {
    PolicyParameters acting = learning.published();
    EnvironmentGroup<Transition> group = groups.get(ticket.group());
    group.advance(ticket, acting.version(), policy, this::remember, reports::accept);
    tickets.note(group.progress());
    reports.accept(group.report(acting.version()));
    shards.forEach(shard -> tell(shard, null));
  }

  private void remember(Transition transition) {
    int shard = ShardKeys.shardOf(transition.environment(), transition.step(), shards.size());
    shards.get(shard).insert(transition);
  }

  private void learn(SampleCredit credit) {
    ReplayShard shard = shards.get(credit.shard());
    shard.grant(credit);
    PriorityUpdates priorities = learning.learn(tell(shard, shard.nextBatch()));
    if (priorities != null) {
      shard.update(priorities);
    }
    if (learning.publicationDue()) {
      publish();
      reports.accept(learning.report());
    }
  }

  private void publish() {
    PolicyParameters parameters = learning.publish(0);
    policy.install(parameters.values());
    judge.offer(parameters);
  }

  private SampleBatch tell(ReplayShard shard, SampleBatch drawn) {
    tickets.note(shard.progress());
    reports.accept(shard.report(0));
    return learning.receive(new ReplayOutput(shard.progress(), drawn));
  }

  private boolean judged(int steps) {
    Report.Evaluation verdict = judge.advance(steps);
    if (verdict != null) {
      reports.accept(verdict);
    }
    return verdict != null && verdict.targetReached();
  }
}
