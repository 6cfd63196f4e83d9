package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.loop.SampleCredit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The edge in a running job: values come back to the subtask that owns their key. */
class FeedbackEdgeITCase {
  private static final int SHARDS = 4;
  private static final ShardKeys KEYS = new ShardKeys(SHARDS);
  private static final Queue<String> RECEIVED = new ConcurrentLinkedQueue<>();
  private static volatile CountDownLatch allReceived;

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(1)
              .build());

  /** Sends each shard on once, then waits for its credit to come back around. */
  private static final class Receiver extends AbstractStreamOperator<Integer>
      implements OneInputStreamOperator<Integer, Integer> {
    private static final long serialVersionUID = 1L;
    private final ArrayList<FeedbackEdge<SampleCredit>> edges;
    private transient List<FeedbackEdge.Receiving<SampleCredit>> receiving;

    private Receiver(List<FeedbackEdge<SampleCredit>> edges) {
      this.edges = new ArrayList<>(edges);
    }

    @Override
    public void open() throws Exception {
      super.open();
      receiving = new ArrayList<>();
      for (FeedbackEdge<SampleCredit> edge : edges) {
        FeedbackEdge.Receiving<SampleCredit> opened = edge.open(getRuntimeContext());
        receiving.add(opened);
        opened.inbox().onArrival(() -> opened.inbox().drain(credit -> note(edge, credit)));
      }
    }

    private void note(FeedbackEdge<SampleCredit> edge, SampleCredit credit) {
      int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
      RECEIVED.add(edge.name() + " " + subtask + " " + credit.shard());
      allReceived.countDown();
    }

    @Override
    public void processElement(StreamRecord<Integer> shard) {
      output.collect(shard);
    }

    @Override
    public void finish() throws Exception {
      assertThat(allReceived.await(60, TimeUnit.SECONDS)).isTrue();
      super.finish();
    }

    @Override
    public void close() throws Exception {
      receiving.forEach(FeedbackEdge.Receiving::close);
      super.close();
    }
  }

  @BeforeEach
  void forget() {
    RECEIVED.clear();
  }

  @Test
  void valuesReachTheSubtaskThatOwnsTheirShardAndTheJobFinishes() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(2).setMaxParallelism(ShardKeys.MAX_PARALLELISM);
    FeedbackEdge<SampleCredit> alone = edge("alone");
    allReceived = new CountDownLatch(SHARDS);
    SingleOutputStreamOperator<Integer> receiver = receiver(env, List.of(alone));
    alone.connect(credits(receiver), receiver);

    env.execute();

    assertThat(RECEIVED)
        .containsExactlyInAnyOrder("alone 0 0", "alone 0 1", "alone 1 2", "alone 1 3");
    assertThat(Inboxes.inUse()).isZero();
  }

  @Test
  void twoEdgesShareATail() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(2).setMaxParallelism(ShardKeys.MAX_PARALLELISM);
    FeedbackEdge<SampleCredit> one = edge("one");
    FeedbackEdge<SampleCredit> other = edge("other");
    allReceived = new CountDownLatch(2 * SHARDS);
    SingleOutputStreamOperator<Integer> receiver = receiver(env, List.of(one, other));
    one.connect(credits(receiver), other, credits(receiver), receiver);

    env.execute();

    assertThat(RECEIVED)
        .containsExactlyInAnyOrder(
            "one 0 0",
            "one 0 1",
            "one 1 2",
            "one 1 3",
            "other 0 0",
            "other 0 1",
            "other 1 2",
            "other 1 3");
    assertThat(Inboxes.inUse()).isZero();
  }

  /** As an autoscaler does that knows of no feedback. */
  @Test
  void aReceiverRescaledWithoutItsTailFailsTheJobOnce() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(2).setMaxParallelism(ShardKeys.MAX_PARALLELISM);
    FeedbackEdge<SampleCredit> alone = edge("alone");
    allReceived = new CountDownLatch(0);
    SingleOutputStreamOperator<Integer> receiver = receiver(env, List.of(alone));
    alone.connect(credits(receiver), receiver);
    String vertex = "";
    for (JobVertex each : env.getStreamGraph(false).getJobGraph().getVertices()) {
      vertex = each.getName().startsWith("receiver") ? each.getID().toHexString() : vertex;
    }
    Configuration options = new Configuration();
    options.set(PipelineOptions.PARALLELISM_OVERRIDES, Map.of(vertex, "1"));
    options.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    options.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1000);
    env.configure(options);

    String named = "; its receiver is receiver (" + vertex + "), subtask 1/1, attempt 0, in slot";
    assertThatThrownBy(env::execute)
        .rootCause()
        .hasMessageContaining("feedback alone: the tail is feedback alone (")
        .hasMessageContaining("subtask 1/2, attempt 0, in slot")
        .hasMessageContaining(named)
        .hasMessageContaining("both must have the same parallelism and slot");
  }

  private static FeedbackEdge<SampleCredit> edge(String name) {
    return FeedbackEdge.latest(name, SampleCredit::shard);
  }

  private static SingleOutputStreamOperator<Integer> receiver(
      StreamExecutionEnvironment env, List<FeedbackEdge<SampleCredit>> edges) {
    return env.fromSequence(0, SHARDS - 1)
        .setParallelism(1)
        .map(Long::intValue)
        .returns(Types.INT)
        .setParallelism(1)
        .keyBy(shard -> KEYS.key(shard), Types.INT)
        .transform("receiver", Types.INT, new Receiver(edges));
  }

  private static DataStream<SampleCredit> credits(DataStream<Integer> shards) {
    MapFunction<Integer, SampleCredit> toCredit = shard -> new SampleCredit(shard, 1, 1, 64, 64);
    return shards
        .map(toCredit)
        .returns(MessageTypes.SAMPLE_CREDIT)
        .setParallelism(1)
        .setBufferTimeout(0)
        .keyBy(credit -> KEYS.key(credit.shard()), Types.INT);
  }
}
