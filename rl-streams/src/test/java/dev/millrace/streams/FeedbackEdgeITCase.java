package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.loop.SampleCredit;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
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
    private final FeedbackEdge<SampleCredit> edge;
    private transient FeedbackEdge.Receiving<SampleCredit> receiving;

    private Receiver(FeedbackEdge<SampleCredit> edge) {
      this.edge = edge;
    }

    @Override
    public void open() throws Exception {
      super.open();
      receiving = edge.open(getRuntimeContext());
      int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
      receiving
          .inbox()
          .onArrival(
              () ->
                  receiving
                      .inbox()
                      .drain(
                          credit -> {
                            RECEIVED.add(subtask + " " + credit.shard());
                            allReceived.countDown();
                          }));
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
      receiving.close();
      super.close();
    }
  }

  @BeforeEach
  void forget() {
    RECEIVED.clear();
    allReceived = new CountDownLatch(SHARDS);
  }

  @Test
  void valuesReachTheSubtaskThatOwnsTheirShardAndTheJobFinishes() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(2).setMaxParallelism(ShardKeys.MAX_PARALLELISM);
    FeedbackEdge<SampleCredit> edge = FeedbackEdge.latest("credits", SampleCredit::shard);
    SingleOutputStreamOperator<Integer> receiver =
        env.fromSequence(0, SHARDS - 1)
            .setParallelism(1)
            .map(Long::intValue)
            .returns(Types.INT)
            .setParallelism(1)
            .keyBy(shard -> KEYS.key(shard), Types.INT)
            .transform("receiver", Types.INT, new Receiver(edge));
    MapFunction<Integer, SampleCredit> toCredit = shard -> new SampleCredit(shard, 1, 1, 64, 64);
    edge.connect(
        receiver
            .map(toCredit)
            .returns(MessageTypes.SAMPLE_CREDIT)
            .setParallelism(1)
            .setBufferTimeout(0)
            .keyBy(credit -> KEYS.key(credit.shard()), Types.INT),
        receiver);

    env.execute();

    assertThat(RECEIVED).containsExactlyInAnyOrder("0 0", "0 1", "1 2", "1 3");
    assertThat(Inboxes.inUse()).isZero();
  }
}
