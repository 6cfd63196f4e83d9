package dev.millrace.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.learner.network.NoBackendException;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.RunOver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.io.network.partition.MockResultPartitionWriter;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LearnerOperatorTest {
  private static final long SEED = 3;
  private static final long SHARD_EPOCH = 77;
  private static final LearnerSettings SETTINGS = settings(1);

  private final List<OneInputStreamOperatorTestHarness<?, ?>> harnesses = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (OneInputStreamOperatorTestHarness<?, ?> harness : harnesses) {
      harness.close();
    }
  }

  @Test
  void publishesWhatItBeginsWithWhenItOpens() throws Exception {
    var learner = opened(null);
    assertThat(parameters(learner)).hasSize(1);
    PolicyParameters first = parameters(learner).get(0);
    assertThat(first.values()).containsExactly(SEED);
    assertThat(first.version().step()).isZero();
    assertThat(first.version().newerThan(ParameterVersion.NONE)).isTrue();
  }

  @Test
  void grantsInBurstsOnceLittleIsUnderWay() throws Exception {
    var learner =
        opened(null, new LearnerSettings(1, new RateLimiter(1, 1, -1e9, 1e9), 4, 3, 2, SEED));
    learner.processElement(progress(0, 10), 0);
    for (int received = 1; received <= 7; received++) {
      learner.processElement(batch(0, 10, 2L * received, 1f), 0);
    }
    assertThat(side(learner, SampleLessons.CREDITS))
        .extracting(SampleCredit::granted)
        .as("four batches of two at first, then three more after every third")
        .containsExactly(8L, 14L, 20L);
  }

  @Test
  void learnsWithProbabilitiesOverTheWholeReplayAndReturnsPriorities() throws Exception {
    var learner = opened(null);
    learner.processElement(progress(0, 10), 0);
    learner.processElement(batch(0, 10, 2, 1f), 0);
    List<PriorityUpdates> updates = side(learner, SampleLessons.PRIORITIES);
    assertThat(updates).hasSize(1);
    assertThat(updates.get(0).epoch()).isEqualTo(SHARD_EPOCH);
    assertThat(updates.get(0).insertNumbers()).containsExactly(5, 6);
    // Each was drawn with probability 0.1 from the only shard, of 10 items.
    assertThat(updates.get(0).priorities()).containsExactly(1f, 1f);
  }

  @Test
  void publishesEveryFewUpdates() throws Exception {
    var learner = opened(null);
    for (int i = 0; i < 7; i++) {
      learner.processElement(batch(0, 10, 2L * i, 1f), 0);
    }
    assertThat(parameters(learner))
        .extracting(p -> p.version().step() + ": " + p.values()[0])
        .containsExactly("0: 3.0", "3: 9.0", "6: 15.0");
    assertThat(parameters(learner).get(1).environmentSteps()).isEqualTo(10);
  }

  @Test
  void sendsOnlyWhenSomethingWholeIsSaid() throws Exception {
    var learner =
        opened(null, new LearnerSettings(1, new RateLimiter(1, 1, -1e9, 1e9), 4, 5, 2, SEED));
    AtomicInteger sent = new AtomicInteger();
    learner
        .getEnvironment()
        .addOutputs(
            List.of(
                new MockResultPartitionWriter() {
                  @Override
                  public void flushAll() {
                    sent.incrementAndGet();
                  }
                }));
    learner.processElement(progress(0, 10), 0);
    assertThat(sent).as("grants").hasValue(1);
    learner.processElement(batch(0, 10, 2, 1f), 0);
    learner.processElement(batch(0, 10, 4, 1f), 0);
    assertThat(sent).as("priorities wait").hasValue(1);
    learner.processElement(batch(0, 10, 6, 1f), 0);
    assertThat(sent).as("for the next grants").hasValue(2);
    learner.processElement(batch(0, 10, 8, 1f), 0);
    learner.processElement(batch(0, 10, 10, 1f), 0);
    assertThat(sent).as("parameters").hasValue(3);
  }

  @Test
  void proposesTheNewestParametersNowAndThenAndTheLast() throws Exception {
    var learner = opened(null);
    long interval = LearnerOperator.CANDIDATES_INTERVAL.toMillis();
    for (int i = 0; i < 7; i++) {
      learner.processElement(batch(0, 10, 2L * i, 1f), 0);
    }
    learner.setProcessingTime(interval);
    learner.setProcessingTime(3 * interval);
    learner.processElement(batch(0, 10, 14, 1f), 0);
    learner.processWatermark(RunOver.TIMESTAMP);
    assertThat(side(learner, LearnerOperator.CANDIDATES))
        .extracting(p -> p.version().step())
        .containsExactly(0L, 6L, 8L);
  }

  @Test
  void saysAgainWhatMayHaveBeenLost() throws Exception {
    var learner = opened(null);
    learner.processElement(progress(0, 10), 0);
    learner.getOutput().clear();
    learner.getSideOutput(SampleLessons.CREDITS).clear();
    learner.setProcessingTime(LearnerOperator.PARAMETERS_INTERVAL.toMillis());
    assertThat(parameters(learner)).extracting(p -> p.version().step()).containsExactly(0L);
    assertThat(side(learner, SampleLessons.CREDITS))
        .extracting(SampleCredit::granted)
        .contains(4L)
        .doesNotContain(6L);
  }

  @Test
  void reportsMeansSinceTheReportBefore() throws Exception {
    var learner = opened(null);
    learner.processElement(batch(0, 10, 2, 1f), 0);
    learner.processElement(batch(0, 10, 4, 2f), 0);
    learner.processElement(batch(0, 10, 6, Float.NaN), 0);
    learner.setProcessingTime(LearnerOperator.TELL_INTERVAL.toMillis());
    learner.setProcessingTime(2 * LearnerOperator.TELL_INTERVAL.toMillis());
    assertThat(side(learner, LearnerOperator.REPORTS)).hasSize(1);
    Report.Learning report = (Report.Learning) side(learner, LearnerOperator.REPORTS).get(0);
    assertThat(report.version().step()).isEqualTo(3);
    assertThat(report.dropped()).isEqualTo(1);
    assertThat(report.loss()).isEqualTo(3);
    assertThat(report.gradientNorm()).isEqualTo(6);
    assertThat(report.meanValue()).isEqualTo((5 + 9) / 2.0);
    // The newest transition was chosen by step 1 of an earlier epoch.
    assertThat(report.policyLag()).isEqualTo(2);
  }

  @Test
  void restoredIntoAFreshOperatorItHasTheSameFuture() throws Exception {
    var uninterrupted = opened(null, settings(2));
    var before = opened(null, settings(2));
    for (var learner : List.of(uninterrupted, before)) {
      learner.processElement(progress(1, 0), 0);
      learner.processElement(progress(0, 10), 0);
      learner.processElement(emptied(batch(0, 10, 2, 1f)), 0);
      learner.processElement(emptied(batch(0, 10, 4, Float.NaN)), 0);
      learner.setProcessingTime(LearnerOperator.TELL_INTERVAL.toMillis());
    }
    OperatorSubtaskState state = before.snapshot(1, 1);
    var after = opened(state, settings(2));
    long epoch = parameters(after).get(0).version().epoch();
    assertThat(epoch).isGreaterThan(parameters(before).get(0).version().epoch());
    assertThat(parameters(after).get(0).version().step()).isEqualTo(2);
    assertThat(parameters(after).get(0).environmentSteps())
        .as("known before any shard has reported")
        .isEqualTo(10);

    // Nothing is under way, so the ledgers of both know the same as the shards open anew.
    for (var learner : List.of(uninterrupted, after)) {
      drainSide(learner);
      newShardEpochs(learner);
      for (int i = 0; i < 12; i++) {
        learner.processElement(batch(i % 2, 10 + 20 * (i % 2), SHARD_EPOCH + 1, 4, i), 0);
      }
      learner.setProcessingTime(1000);
    }
    assertThat(last(parameters(after)).values())
        .isEqualTo(last(parameters(uninterrupted)).values());
    assertThat(last(side(after, LearnerOperator.REPORTS)))
        .usingRecursiveComparison()
        .ignoringFields("version.epoch")
        .isEqualTo(last(side(uninterrupted, LearnerOperator.REPORTS)));
    assertThat(shards(after)).hasSizeGreaterThan(5).isEqualTo(shards(uninterrupted));
  }

  @Test
  void failsForGoodWhenTooManyUpdatesInARowAreNotFinite() throws Exception {
    var learner = opened(null);
    for (int i = 0; i < 2; i++) {
      learner.processElement(batch(0, 10, 2L * i, Float.NaN), 0);
    }
    learner.processElement(batch(0, 10, 4, 1f), 0);
    for (int i = 0; i < 2; i++) {
      learner.processElement(batch(0, 10, 6 + 2L * i, Float.NaN), 0);
    }
    assertThat(side(learner, SampleLessons.PRIORITIES)).hasSize(1);
    assertThatThrownBy(() -> learner.processElement(batch(0, 10, 10, Float.NaN), 0))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageMatching(
            ".*, subtask 1/1: at step=6 loss=NaN and gradientNorm=1\\.0, the update number 3 in a row that is not finite: must be finite within learner\\.max-non-finite \\(2\\) updates; lower learner\\.learning-rate, or look for rewards and observations that are not finite");
  }

  @Test
  void failsForGoodWhereNoNetworkCanBeMade() {
    LessonsFactory<TestingAgent, ReplayOutput> lessons =
        (agent, saved) -> {
          throw new NoBackendException(new ClassNotFoundException("org.nd4j.Missing"));
        };
    var learner =
        new LearnerOperator<TestingAgent, ReplayOutput>(
            loader -> new TestingAgent(), lessons, false);
    assertThatThrownBy(
            () -> {
              try (var harness = new OneInputStreamOperatorTestHarness<>(learner)) {
                harness.open();
              }
            })
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessage(
            "ND4J cannot run here (java.lang.ClassNotFoundException: org.nd4j.Missing): put the jars of deploy/lib, which `mvn -pl deploy/lib package` gathers, into the lib/ of every TaskManager and start it again; a jar of natives must be for its processor");
  }

  @Test
  void failsForGoodWhereItIsToHaveAGpuAndThereIsNone() {
    assertThatThrownBy(() -> openOnGpu(Set.of()))
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageStartingWith(
            "learner.device=cuda: this TaskManager offers no external resource gpu; set external-resources: gpu, external-resource.gpu.amount: 1 and external-resource.gpu.driver-factory.class: ");
  }

  @Test
  void failsForGoodWhereThereIsAGpuAndNoCuda() {
    assertThatThrownBy(() -> openOnGpu(Set.of(new TestingGpu("1"))))
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageStartingWith(
            "learner.device=cuda: the ND4J on this TaskManager computes on the processor; put the jars that `mvn -pl deploy/lib -Pcuda package` gathers into its lib/");
  }

  @Test
  void takesTheFirstOfTheGpusThatItIsGiven() {
    assertThat(Gpu.index(Set.of(new TestingGpu("3"), new TestingGpu("2")))).isEqualTo(2);
    assertThatThrownBy(() -> Gpu.index(Set.of(new TestingGpu("none"))))
        .hasMessageContaining("the external resource gpu without a number");
  }

  private record TestingGpu(String index) implements ExternalResourceInfo {
    @Override
    public Optional<String> getProperty(String key) {
      return key.equals("index") ? Optional.of(index) : Optional.empty();
    }

    @Override
    public Collection<String> getKeys() {
      return List.of("index");
    }
  }

  private static void openOnGpu(Set<ExternalResourceInfo> offered) throws Exception {
    try (MockEnvironment task =
            new MockEnvironmentBuilder()
                .setExternalResourceInfoProvider(
                    name -> name.equals("gpu") ? offered : Set.of(new TestingGpu("0")))
                .build();
        var harness =
            new OneInputStreamOperatorTestHarness<>(
                new LearnerOperator<>(
                    loader -> new TestingAgent(), SampleLessons.with(SETTINGS), true),
                task)) {
      harness.open();
    }
  }

  @Test
  void publishesItsLastParametersWhenTheRunIsOver() throws Exception {
    var learner = opened(null);
    learner.processElement(batch(0, 10, 2, 1f), 0);
    learner.processWatermark(RunOver.TIMESTAMP);
    assertThat(parameters(learner)).extracting(p -> p.version().step()).containsExactly(0L, 1L);
    assertThat(side(learner, LearnerOperator.REPORTS)).hasSize(1);
  }

  private OneInputStreamOperatorTestHarness<ReplayOutput, PolicyParameters> opened(
      OperatorSubtaskState state) throws Exception {
    return opened(state, SETTINGS);
  }

  private OneInputStreamOperatorTestHarness<ReplayOutput, PolicyParameters> opened(
      OperatorSubtaskState state, LearnerSettings settings) throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new LearnerOperator<>(
                loader -> new TestingAgent(), SampleLessons.with(settings), false),
            MessageTypes.REPLAY_OUTPUT.serializer());
    harnesses.add(harness);
    harness.setup(MessageTypes.POLICY_PARAMETERS.serializer());
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static LearnerSettings settings(int shards) {
    return new LearnerSettings(shards, new RateLimiter(1, 1, -1e9, 1e9), 2, 3, 2, SEED);
  }

  private static void newShardEpochs(OneInputStreamOperatorTestHarness<ReplayOutput, ?> learner)
      throws Exception {
    for (int shard = 0; shard < 2; shard++) {
      Progress.Shard progress = shard(shard, 30 * shard, SHARD_EPOCH + 1, 2);
      learner.processElement(new ReplayOutput(progress, null), 0);
    }
  }

  /** The same batch from a shard that holds nothing any more, so that no other can be granted. */
  private static ReplayOutput emptied(ReplayOutput output) {
    return new ReplayOutput(shard(0, 0, SHARD_EPOCH, output.progress().sampled()), output.batch());
  }

  private static void drainSide(OneInputStreamOperatorTestHarness<?, ?> learner) {
    Queue<?> credits = learner.getSideOutput(SampleLessons.CREDITS);
    if (credits != null) {
      credits.clear();
    }
  }

  private static ReplayOutput progress(int shard, long size) {
    return new ReplayOutput(shard(shard, size, SHARD_EPOCH, 0), null);
  }

  private static ReplayOutput batch(int shard, long size, long sampled, float reward) {
    return batch(shard, size, SHARD_EPOCH, sampled, reward);
  }

  private static ReplayOutput batch(int shard, long size, long epoch, long sampled, float reward) {
    SampleBatch batch = SampleBatch.allocate(shard, epoch, TestingAgent.BATCH_SIZE, size, 1, 1);
    for (int i = 0; i < batch.size(); i++) {
      batch.insertNumbers()[i] = 5 + i;
      batch.probabilities()[i] = 1.0 / size;
      batch.rewards()[i] = reward;
    }
    return new ReplayOutput(shard(shard, size, epoch, sampled), batch);
  }

  private static Progress.Shard shard(int shard, long size, long epoch, long sampled) {
    return new Progress.Shard(shard, epoch, size, sampled, size, size, new ParameterVersion(1, 1));
  }

  private static List<PolicyParameters> parameters(OneInputStreamOperatorTestHarness<?, ?> from) {
    List<PolicyParameters> values = new ArrayList<>();
    for (Object value : from.extractOutputValues()) {
      values.add((PolicyParameters) value);
    }
    return values;
  }

  private static List<Integer> shards(OneInputStreamOperatorTestHarness<?, ?> from) {
    return side(from, SampleLessons.CREDITS).stream().map(SampleCredit::shard).toList();
  }

  private static <T> List<T> side(OneInputStreamOperatorTestHarness<?, ?> from, OutputTag<T> tag) {
    Queue<StreamRecord<T>> records = from.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  private static <T> T last(List<T> values) {
    return values.get(values.size() - 1);
  }
}
