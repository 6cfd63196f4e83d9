package dev.millrace.learner;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.AgentFactory;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.Update;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.CreditLedger;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.learner.network.Nd4jNetworks;
import dev.millrace.streams.Epochs;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Repeating;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  static final OutputTag<Report> REPORTS = new OutputTag<>("reports", MessageTypes.REPORT);

  static final Duration PARAMETERS_INTERVAL = Duration.ofMillis(500);
  static final Duration CREDITS_INTERVAL = Duration.ofMillis(200);
  static final Duration REPORT_INTERVAL = Duration.ofMillis(200);

  private static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>("learner", BytePrimitiveArraySerializer.INSTANCE);

  private final AgentFactory agents;
  private final LearnerSettings settings;

  private transient ListState<byte[]> state;
  private transient LearnerState restored;
  private transient Learner learner;
  private transient CreditLedger ledger;
  private transient SeededRandom random;
  private transient UpdateStatistics statistics;
  private transient Map<Integer, ParameterVersion> newest;
  private transient PolicyParameters published;
  private transient long epoch;
  private transient long dropped;
  private transient int consecutive;

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
    Agent agent = agents.agent(getUserCodeClassloader());
    learner = agent.learner(new Nd4jNetworks(), settings.seed());
    random = SeededRandom.of(settings.seed(), "credits");
    long previousEpoch = 0;
    if (restored != null) {
      restored.restore(learner);
      random = new SeededRandom(restored.random());
      previousEpoch = restored.epoch();
      dropped = restored.dropped();
      consecutive = restored.consecutive();
      restored = null;
    }
    epoch = Epochs.next(previousEpoch, Clock.systemUTC());
    ledger =
        new CreditLedger(
            settings.shards(),
            settings.limiter(),
            agent.replay().batchSize(),
            settings.prefetch(),
            epoch,
            random);
    newest = new TreeMap<>();
    statistics = new UpdateStatistics();
    statistics.register(getMetricGroup());
    publish();
    Repeating.every(PARAMETERS_INTERVAL, getProcessingTimeService(), this::publishAgain);
    Repeating.every(CREDITS_INTERVAL, getProcessingTimeService(), this::grantAgain);
    Repeating.every(REPORT_INTERVAL, getProcessingTimeService(), this::report);
  }

  @Override
  public void processElement(StreamRecord<ReplayOutput> record) {
    ReplayOutput message = record.getValue();
    Progress.Shard progress = message.progress();
    newest.merge(progress.shard(), progress.newest(), (a, b) -> a.newerThan(b) ? a : b);
    if (message.batch() == null) {
      ledger.note(progress);
      grant();
      return;
    }
    SampleBatch batch = ledger.receive(message);
    grant();
    learn(batch);
  }

  private void learn(SampleBatch batch) {
    Update update = learner.update(batch);
    statistics.note(update);
    if (!update.applied()) {
      drop(update);
      return;
    }
    consecutive = 0;
    emit(PRIORITIES, batch.priorities(update.priorities()));
    if (learner.step() % settings.publishEvery() == 0) {
      publish();
    }
  }

  private void drop(Update update) {
    dropped++;
    consecutive++;
    if (consecutive > settings.maxNonFinite()) {
      throw new SuppressRestartsException(
          new IllegalStateException(
              "%s, subtask %d/%d: at step=%d loss=%s and gradientNorm=%s, the update number %d in a row that is not finite: must be finite within learner.max-non-finite (%d) updates; lower learner.learning-rate, or look for rewards and observations that are not finite"
                  .formatted(
                      getOperatorName(),
                      getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() + 1,
                      getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks(),
                      learner.step(),
                      update.loss(),
                      update.gradientNorm(),
                      consecutive,
                      settings.maxNonFinite())));
    }
  }

  private void grant() {
    for (SampleCredit credit = ledger.grant(); credit != null; credit = ledger.grant()) {
      emit(CREDITS, credit);
    }
  }

  private void grantAgain() {
    grant();
    for (SampleCredit credit : ledger.standing()) {
      emit(CREDITS, credit);
    }
  }

  private ParameterVersion version() {
    return new ParameterVersion(epoch, learner.step());
  }

  private void publish() {
    published =
        new PolicyParameters(
            version(),
            ledger.inserted(),
            getProcessingTimeService().getCurrentProcessingTime(),
            learner.parameters());
    publishAgain();
  }

  private void publishAgain() {
    output.collect(new StreamRecord<>(published));
  }

  private void report() {
    ParameterVersion best =
        newest.values().stream().max(ParameterVersion::compareTo).orElse(ParameterVersion.NONE);
    Report.Learning report = statistics.report(version(), best, dropped);
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
    report();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    LearnerState now =
        new LearnerState(epoch, random.state(), dropped, consecutive, LearnerState.save(learner));
    state.update(List.of(now.bytes()));
  }

  @Override
  public void close() throws Exception {
    if (learner != null) {
      learner.close();
    }
    super.close();
  }
}
