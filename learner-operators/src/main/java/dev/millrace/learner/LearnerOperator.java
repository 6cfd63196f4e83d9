package dev.millrace.learner;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.learner.network.Cuda;
import dev.millrace.learner.network.NoBackendException;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.OperatorMetrics;
import dev.millrace.streams.Outgoing;
import dev.millrace.streams.Repeating;
import dev.millrace.streams.RunOver;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Gives lessons to a learner and tells everyone: parameters on the main output, all else on the
 * side. Runs with parallelism 1.
 *
 * <p>What the edges back may lose is sent again by timers.
 */
final class LearnerOperator<A extends Agent, I> extends AbstractStreamOperator<PolicyParameters>
    implements OneInputStreamOperator<I, PolicyParameters>, Lessons.Outlet {
  private static final long serialVersionUID = 1L;

  static final OutputTag<PolicyParameters> CANDIDATES =
      new OutputTag<>("candidates", MessageTypes.POLICY_PARAMETERS);
  static final OutputTag<Report> REPORTS = new OutputTag<>("reports", MessageTypes.REPORT);

  static final Duration PARAMETERS_INTERVAL = Duration.ofMillis(500);
  static final Duration CANDIDATES_INTERVAL = Duration.ofMillis(20);
  static final Duration TELL_INTERVAL = Duration.ofMillis(200);

  private static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>("learner", BytePrimitiveArraySerializer.INSTANCE);

  private final AgentFactory<A> agents;
  private final LessonsFactory<A, I> factory;
  private final boolean onGpu;

  private transient ListState<byte[]> state;
  private transient byte[] restored;
  private transient Lessons<I> lessons;
  private transient PolicyParameters candidate;
  private transient RunOver over;

  /**
   * @param onGpu whether it asks Flink for a GPU to compute on
   */
  LearnerOperator(AgentFactory<A> agents, LessonsFactory<A, I> factory, boolean onGpu) {
    this.agents = agents;
    this.factory = factory;
    this.onGpu = onGpu;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = context.getOperatorStateStore().getListState(STATE);
    for (byte[] bytes : state.get()) {
      restored = bytes;
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    over = new RunOver();
    A agent = agents.agent(getUserCodeClassloader());
    try {
      if (onGpu) {
        Cuda.use(Gpu.index(getRuntimeContext().getExternalResourceInfos(Gpu.RESOURCE)));
      }
      lessons = factory.lessons(agent, restored);
    } catch (NoBackendException hopeless) {
      throw forGood(hopeless);
    }
    restored = null;
    lessons
        .statistics()
        .register(OperatorMetrics.of(getMetricGroup(), "learner"), agent.measures());
    publish();
    propose();
    lessons.tellAgain(this);
    Repeating.every(PARAMETERS_INTERVAL, getProcessingTimeService(), this::publishAgain);
    Repeating.every(CANDIDATES_INTERVAL, getProcessingTimeService(), this::propose);
    Repeating.every(TELL_INTERVAL, getProcessingTimeService(), this::tellAgain);
  }

  @Override
  public void processElement(StreamRecord<I> record) {
    try {
      lessons.take(record.getValue(), this);
    } catch (NotFiniteException hopeless) {
      throw forGood(hopeless);
    }
  }

  private SuppressRestartsException forGood(RuntimeException hopeless) {
    return new SuppressRestartsException(
        new IllegalStateException(
            "%s, subtask %d/%d: %s"
                .formatted(
                    getOperatorName(),
                    getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() + 1,
                    getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks(),
                    hopeless.getMessage()),
            hopeless));
  }

  @Override
  public void publish() {
    lessons.publish(getProcessingTimeService().getCurrentProcessingTime());
    publishAgain();
  }

  private void publishAgain() {
    output.collect(new StreamRecord<>(lessons.published()));
    send();
  }

  private void propose() {
    if (lessons.published() != candidate) {
      candidate = lessons.published();
      emit(CANDIDATES, candidate);
      send();
    }
  }

  private void tellAgain() {
    lessons.tellAgain(this);
    report();
  }

  private void report() {
    lessons.reports().forEach(report -> emit(REPORTS, report));
  }

  @Override
  public <T> void emit(OutputTag<T> tag, T value) {
    output.collect(tag, new StreamRecord<>(value));
  }

  @Override
  public void send() {
    Outgoing.send(getContainingTask());
  }

  /** The last parameters are published whatever the interval, for the evaluator to judge. */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (over.begins(mark)) {
      publish();
      propose();
      report();
    }
    super.processWatermark(mark);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.of(lessons.save()));
  }

  @Override
  public void close() throws Exception {
    if (lessons != null) {
      lessons.close();
    }
    super.close();
  }
}
