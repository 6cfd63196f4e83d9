package dev.millrace.learner;

import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.OperatorMetrics;
import dev.millrace.streams.Repeating;
import dev.millrace.streams.RunOver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Judges the learner's parameters while it goes on learning: keeps the newest, plays in slices of a
 * few milliseconds between records and barriers, and rests for a multiple of what a slice took, so
 * that it takes a tenth of a core at most. It does not rest while the target is in sight.
 *
 * <p>Once the target is reached it says so again and again, and judges no more: the parameters it
 * named are the run's result. When the run is over before that, it judges the last parameters
 * decisively. Runs with parallelism 1, in a task of its own.
 */
final class EvaluatorOperator extends AbstractStreamOperator<Report>
    implements OneInputStreamOperator<PolicyParameters, Report> {
  private static final long serialVersionUID = 1L;

  static final OutputTag<Progress> VERDICTS = new OutputTag<>("verdicts", MessageTypes.PROGRESS);
  static final Duration VERDICT_INTERVAL = Duration.ofMillis(500);

  private static final int SIDE_BY_SIDE = 16;
  private static final int STEPS_AT_A_TIME = 64;
  private static final long SLICE_NANOS = Duration.ofMillis(5).toNanos();
  private static final int REST_PER_SLICE = 9;

  private static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>("evaluator", BytePrimitiveArraySerializer.INSTANCE);

  private final AgentFactory<?> agents;
  private final EvaluatorSettings settings;

  private transient ListState<byte[]> state;
  private transient byte[] restored;
  private transient List<Environment> environments;
  private transient Judge judge;
  private transient Progress.TargetReached reached;
  private transient Counter evaluations;
  private transient boolean scheduled;
  private transient long restsUntilMillis;
  private transient RunOver over;

  EvaluatorOperator(AgentFactory<?> agents, EvaluatorSettings settings) {
    this.agents = agents;
    this.settings = settings;
    this.chainingStrategy = ChainingStrategy.HEAD;
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
    ClassLoader loader = getUserCodeClassloader();
    EnvironmentProvider provider =
        EnvironmentProvider.catalogue(loader).get(settings.environment());
    environments = Stream.generate(provider::create).limit(SIDE_BY_SIDE).toList();
    judge = new Judge(agents.agent(loader).policy(), environments, settings);
    if (restored != null) {
      judge.restore(new DataInputStream(new ByteArrayInputStream(restored)));
      restored = null;
    }
    MetricGroup metrics = OperatorMetrics.of(getMetricGroup(), "evaluator");
    metrics.gauge("bestEvaluation", judge::best);
    evaluations = metrics.counter("evaluations");
    Repeating.every(VERDICT_INTERVAL, getProcessingTimeService(), this::repeatVerdict);
    schedule();
  }

  @Override
  public void processElement(StreamRecord<PolicyParameters> record) {
    judge.offer(record.getValue());
    schedule();
  }

  private void schedule() {
    if (!scheduled && reached == null && judge.busy()) {
      scheduled = true;
      getProcessingTimeService().registerTimer(restsUntilMillis, timestamp -> slice());
    }
  }

  private void slice() {
    scheduled = false;
    long begin = System.nanoTime();
    long taken = 0;
    while (reached == null && judge.busy() && taken < SLICE_NANOS) {
      pronounce(judge.advance(STEPS_AT_A_TIME));
      taken = System.nanoTime() - begin;
    }
    restsUntilMillis = getProcessingTimeService().getCurrentProcessingTime();
    if (!judge.promised()) {
      restsUntilMillis += REST_PER_SLICE * Duration.ofNanos(taken).toMillis();
    }
    schedule();
  }

  private void pronounce(Report.Evaluation verdict) {
    if (verdict == null) {
      return;
    }
    evaluations.inc();
    output.collect(new StreamRecord<>(verdict));
    if (verdict.targetReached()) {
      reached = new Progress.TargetReached(verdict.meanReturn());
      repeatVerdict();
    }
  }

  private void repeatVerdict() {
    if (reached != null) {
      output.collect(VERDICTS, new StreamRecord<>(reached));
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (over.begins(mark)) {
      judgeTheLast();
    }
    super.processWatermark(mark);
  }

  private void judgeTheLast() throws InterruptedException {
    judge.insist();
    while (reached == null && judge.busy()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException("cancelled while judging the last parameters");
      }
      pronounce(judge.advance(STEPS_AT_A_TIME));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    judge.save(new DataOutputStream(bytes));
    state.update(List.of(bytes.toByteArray()));
  }

  @Override
  public void close() throws Exception {
    if (environments != null) {
      environments.forEach(Environment::close);
    }
    super.close();
  }
}
