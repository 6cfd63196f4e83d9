package dev.millrace.learner;

import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.apache.flink.util.OutputTag;

/** Learns from rollouts in turn; progress goes to whoever paces the acting. */
record RolloutLessons(RolloutSession session) implements Lessons<Rollout> {
  static final OutputTag<Progress> PROGRESS = new OutputTag<>("progress", MessageTypes.PROGRESS);

  /** Begins, or continues, with {@code settings}. */
  static LessonsFactory<TrajectoryAgent, Rollout> with(RolloutSettings settings) {
    return (agent, saved) ->
        new RolloutLessons(new RolloutSession(agent, settings, Clock.systemUTC(), saved));
  }

  @Override
  public void take(Rollout input, Outlet outlet) {
    long consumed = session.progress().sampled();
    session.receive(input);
    boolean learned = false;
    while (session.learn()) {
      learned = true;
      outlet.emit(PROGRESS, session.progress());
      if (session.publicationDue()) {
        outlet.publish();
      }
      outlet.send();
    }
    if (!learned && session.progress().sampled() > consumed) {
      tellAgain(outlet); // a refused rollout makes room for others too
    }
  }

  @Override
  public void tellAgain(Outlet outlet) {
    outlet.emit(PROGRESS, session.progress());
    outlet.send();
  }

  @Override
  public List<Report> reports() {
    Report.Learning report = session.report();
    Report.Replay queue = session.queueReport();
    return report == null ? List.of(queue) : List.of(queue, report);
  }

  @Override
  public PolicyParameters publish(long nowMillis) {
    return session.publish(nowMillis);
  }

  @Override
  public PolicyParameters published() {
    return session.published();
  }

  @Override
  public UpdateStatistics statistics() {
    return session.statistics();
  }

  @Override
  public byte[] save() throws IOException {
    return session.save();
  }

  @Override
  public void close() {
    session.close();
  }
}
