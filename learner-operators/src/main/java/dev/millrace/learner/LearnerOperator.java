package dev.millrace.learner;

import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Outgoing;
import dev.millrace.streams.Repeating;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Learns from what the replay's shards send, and tells everyone: parameters on the main output,
 * priorities, credits and reports on the side. Runs with parallelism 1.
 *
 * <p>Parameters and credits are sent again by timers, for the edges back may lose them.
 */
final class LearnerOperator extends AbstractStreamOperator<PolicyParameters>
    implements OneInputStreamOperator<ReplayOutput, PolicyParameters>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  static final OutputTag<PriorityUpdates> PRIORITIES =
      new OutputTag<>("priorities", MessageTypes.PRIORITY_UPDATES);
  static final OutputTag<SampleCredit> CREDITS =
      new OutputTag<>("credits", MessageTypes.SAMPLE_CREDIT);
  static final OutputTag<PolicyParameters> CANDIDATES =
      new OutputTag<>("candidates", MessageTypes.POLICY_PARAMETERS);
  static final OutputTag<Report> REPORTS = new OutputTag<>("reports", MessageTypes.REPORT);

  static final Duration PARAMETERS_INTERVAL = Duration.ofMillis(500);
  static final Duration CANDIDATES_INTERVAL = Duration.ofMillis(20);
  static final Duration CREDITS_INTERVAL = Duration.ofMillis(200);
  static final Duration REPORT_INTERVAL = Duration.ofMillis(200);

  private static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>("learner", BytePrimitiveArraySerializer.INSTANCE);

  private final AgentFactory agents;
  private final LearnerSettings settings;

  private transient ListState<byte[]> state;
  private transient LearnerState restored;
  private transient LearningSession session;
  private transient PolicyParameters candidate;

  LearnerOperator(AgentFactory agents, LearnerSettings settings) {
    this.agents = agents;
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = context.getOperatorStateStore().getListState(STATE);
    for (byte[] bytes : state.get()) {
      restored = LearnerState.of(bytes);
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    session =
        new LearningSession(
            agents.agent(getUserCodeClassloader()), settings, Clock.systemUTC(), restored);
    restored = null;
    session.statistics().register(getMetricGroup());
    publish();
    propose();
    Repeating.every(PARAMETERS_INTERVAL, getProcessingTimeService(), this::publishAgain);
    Repeating.every(CANDIDATES_INTERVAL, getProcessingTimeService(), this::propose);
    Repeating.every(CREDITS_INTERVAL, getProcessingTimeService(), this::grantAgain);
    Repeating.every(REPORT_INTERVAL, getProcessingTimeService(), this::report);
  }

  @Override
  public void processElement(StreamRecord<ReplayOutput> record) {
    SampleBatch batch = session.receive(record.getValue());
    grant(); // before learning, so that the next batch is drawn meanwhile
    if (batch != null) {
      learn(batch);
    }
  }

  private void learn(SampleBatch batch) {
    PriorityUpdates priorities;
    try {
      priorities = session.learn(batch);
    } catch (IllegalStateException hopeless) {
      throw new SuppressRestartsException(
          new IllegalStateException(
              "%s, subtask %d/%d: %s"
                  .formatted(
                      getOperatorName(),
                      getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() + 1,
                      getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks(),
                      hopeless.getMessage()),
              hopeless));
    }
    if (priorities != null) {
      emit(PRIORITIES, priorities);
    }
    if (session.publicationDue()) {
      publish();
    }
  }

  private void grant() {
    Collection<SampleCredit> credits = session.grants();
    if (!credits.isEmpty()) {
      credits.forEach(credit -> emit(CREDITS, credit));
      // With all priorities found since the grants before.
      Outgoing.send(getContainingTask());
    }
  }

  private void grantAgain() {
    grant();
    session.standing().forEach(credit -> emit(CREDITS, credit));
    Outgoing.send(getContainingTask());
  }

  private void publish() {
    session.publish(getProcessingTimeService().getCurrentProcessingTime());
    publishAgain();
  }

  private void publishAgain() {
    output.collect(new StreamRecord<>(session.published()));
    Outgoing.send(getContainingTask());
  }

  private void propose() {
    if (session.published() != candidate) {
      candidate = session.published();
      emit(CANDIDATES, candidate);
      Outgoing.send(getContainingTask());
    }
  }

  private void report() {
    Report.Learning report = session.report();
    if (report != null) {
      emit(REPORTS, report);
    }
  }

  private <T> void emit(OutputTag<T> tag, T value) {
    output.collect(tag, new StreamRecord<>(value));
  }

  /** The last parameters are published whatever the interval, for the evaluator to judge. */
  @Override
  public void endInput() {
    publish();
    propose();
    report();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.of(session.save().bytes()));
  }

  @Override
  public void close() throws Exception {
    if (session != null) {
      session.close();
    }
    super.close();
  }
}
