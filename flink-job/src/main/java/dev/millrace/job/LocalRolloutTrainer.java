package dev.millrace.job;

import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.loop.TicketLedger;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.env.EnvironmentGroup;
import dev.millrace.env.RolloutAnswers;
import dev.millrace.learner.Judge;
import dev.millrace.learner.RolloutSession;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** As {@link LocalTrainer}, for what is learned from trajectories, each in turn. */
record LocalRolloutTrainer(
    TicketLedger tickets,
    List<EnvironmentGroup<Trajectory>> groups,
    RolloutAnswers answers,
    Policy policy,
    RolloutSession learning,
    Judge judge,
    Consumer<Report> reports,
    int batchSize) {

  /**
   * Steps judged for each step acted. There is one thread: judge too little, and a policy that is
   * good enough is known to be so many rounds late; ten episodes of 500 steps are judged within 625
   * steps acted, less than a usual round. A step judged costs one pass of the policy, one learned
   * from at least seven of networks its size, and ten epochs' sixty: so judging takes about half
   * the time at the worst.
   */
  private static final int JUDGED_STEPS_PER_STEP = 8;

  /** Trains until the target is reached (true), the budget is spent or {@code stop} says so. */
  boolean run(BooleanSupplier stop) {
    publish();
    groups.forEach(group -> tickets.note(group.progress()));
    tickets.note(learning.progress());
    while (!stop.getAsBoolean() && !tickets.finished(batchSize)) {
      Ticket ticket = tickets.next();
      if (ticket != null) {
        act(ticket);
        if (judged(judge.promised() ? Integer.MAX_VALUE : slice(ticket))) {
          return true;
        }
      }
    }
    return false;
  }

  private int slice(Ticket answered) {
    long taken = tickets.clock() - answered.environmentSteps();
    return (int) Math.min(Integer.MAX_VALUE, JUDGED_STEPS_PER_STEP * taken);
  }

  private void act(Ticket ticket) {
    PolicyParameters acting = learning.published();
    EnvironmentGroup<Trajectory> group = groups.get(ticket.group());
    answers.answer(group, ticket, acting, policy, this::learn, reports::accept);
    tickets.note(group.progress());
    tickets.note(learning.progress());
    reports.accept(group.report(acting.version()));
    reports.accept(learning.queueReport());
  }

  private void learn(Rollout rollout) {
    learning.receive(rollout);
    while (learning.learn()) {
      if (learning.publicationDue()) {
        publish();
      }
      reports.accept(learning.report());
    }
  }

  private void publish() {
    PolicyParameters parameters = learning.publish(0);
    policy.install(parameters.values());
    judge.offer(parameters);
  }

  private boolean judged(int steps) {
    Report.Evaluation verdict = judge.advance(steps);
    if (verdict != null) {
      reports.accept(verdict);
    }
    return verdict != null && verdict.targetReached();
  }
}
