package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.streams.FeedbackEdge;
import dev.millrace.streams.ShardKeys;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.mailbox.SyncMailboxExecutor;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ReplayMetricsTest {
  private static final ReplaySettings SETTINGS =
      new ReplaySettings("uniform", 300, 2, 1, 1 << 20, 3, new Settings(Map.of()));
  private static final ShardKeys KEYS = new ShardKeys(2);

  private final InterceptingOperatorMetricGroup metrics =
      new InterceptingOperatorMetricGroup() {
        @Override
        public MetricGroup addGroup(String name) {
          return this;
        }
      };

  private MockEnvironment environment() {
    return new MockEnvironmentBuilder()
        .setMaxParallelism(ShardKeys.MAX_PARALLELISM)
        .setMetricGroup(
            new InterceptingTaskMetricGroup() {
              @Override
              public InternalOperatorMetricGroup getOrAddOperator(OperatorID id, String name) {
                return metrics;
              }
            })
        .build();
  }

  private Object value(String name) {
    return ((Gauge<?>) metrics.get(name)).getValue();
  }

  @Test
  void gaugesSumOverTheShardsOfASubtask() throws Exception {
    FeedbackEdge<SampleCredit> credits = FeedbackEdge.latest("metric-credits", SampleCredit::shard);
    FeedbackEdge<PriorityUpdates> priorities = FeedbackEdge.bounded("metric-priorities", 1);
    ReplayOperator operator =
        new ReplayOperator(
            Shards.SPEC,
            SETTINGS,
            KEYS,
            credits,
            priorities,
            new SyncMailboxExecutor(),
            Shards.CLOCK);
    try (var harness =
        new KeyedOneInputStreamOperatorTestHarness<Integer, Transition, ReplayOutput>(
            operator,
            t -> KEYS.key(TestingReplay.shardOf(t, SETTINGS)),
            Types.INT,
            environment())) {
      harness.open();
      for (long i = 0; i < 400; i++) {
        harness.processElement(new StreamRecord<>(Shards.transition(Shards.SPEC, i, 1)));
      }
      try (var credit = credits.open(operator.getRuntimeContext());
          var priority = priorities.open(operator.getRuntimeContext())) {
        credit.inbox().offer(new SampleCredit(1, 5000, 1, 12, 12));
        ReplayOutput last = harness.extractOutputValues().get(harness.getOutput().size() - 1);
        priority.inbox().offer(last.batch().priorities(new float[12]));
        priority.inbox().offer(new PriorityUpdates(0, 1, new int[5], new long[5], new float[5]));
      }
      assertThat(value("inserted")).isEqualTo(400L);
      assertThat(value("size")).isEqualTo(300L);
      assertThat(value("sampled")).isEqualTo(12L);
      assertThat(value("storeReads")).as("all of it is cached").isEqualTo(0L);
      assertThat(value("prioritiesApplied")).isEqualTo(12L);
      assertThat(value("prioritiesIgnored")).isEqualTo(5L);
      assertThat(value("prioritiesDropped")).isEqualTo(0L);
      int chunkBytes = 64 * (12 + 4 * (3 + 1 + 1 + 1 + 3));
      assertThat(value("cachedBytes")).as("each shard has filled three").isEqualTo(6L * chunkBytes);
      assertThat(value("storedBytes")).isEqualTo(6L * chunkBytes + 300 * Float.BYTES);
    }
  }
}
