package dev.millrace.learner;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import org.apache.flink.util.OutputTag;

/** Learns from what the replay's shards send; priorities and credits go back to them. */
record SampleLessons(LearningSession session) implements Lessons<ReplayOutput> {
  static final OutputTag<PriorityUpdates> PRIORITIES =
      new OutputTag<>("priorities", MessageTypes.PRIORITY_UPDATES);
  static final OutputTag<SampleCredit> CREDITS =
      new OutputTag<>("credits", MessageTypes.SAMPLE_CREDIT);

  /** Begins, or continues, with {@code settings}. */
  static LessonsFactory<ReplayAgent, ReplayOutput> with(LearnerSettings settings) {
    return (agent, saved) ->
        new SampleLessons(new LearningSession(agent, settings, Clock.systemUTC(), saved));
  }

  @Override
  public void take(ReplayOutput input, Outlet outlet) {
    SampleBatch batch = session.receive(input);
    grant(outlet); // before learning, so that the next batch is drawn meanwhile
    if (batch == null) {
      return;
    }
    PriorityUpdates priorities = session.learn(batch);
    if (priorities != null) {
      outlet.emit(PRIORITIES, priorities);
    }
    if (session.publicationDue()) {
      outlet.publish();
    }
  }

  private void grant(Outlet outlet) {
    Collection<SampleCredit> credits = session.grants();
    if (!credits.isEmpty()) {
      credits.forEach(credit -> outlet.emit(CREDITS, credit));
      outlet.send(); // with all priorities found since the grants before
    }
  }

  @Override
  public void tellAgain(Outlet outlet) {
    grant(outlet);
    session.standing().forEach(credit -> outlet.emit(CREDITS, credit));
    outlet.send();
  }

  @Override
  public List<Report> reports() {
    Report.Learning report = session.report();
    return report == null ? List.of() : List.of(report);
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
