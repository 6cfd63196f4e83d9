package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.streams.MessageType;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.Outgoing;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private final StreamExecutionEnvironment env =
      StreamExecutionEnvironment.createLocalEnvironment(1);

  @Test
  void makesAJobThatCanTravelWithItsFeedbackAndSendsWhenItSaysSo() {
    Replay replay =
        Replay.sample(
            stream(MessageTypes.TRANSITION),
            new ReplaySpec.Sampled(1, 1, 4),
            new ReplaySettings("uniform", 100, 1, 1, 0, 1, new Settings(Map.of())));
    DataStream<SampleCredit> credits = stream(MessageTypes.SAMPLE_CREDIT);
    DataStream<PriorityUpdates> priorities = stream(MessageTypes.PRIORITY_UPDATES);

    replay.feedBack(credits, priorities);

    StreamGraph graph = env.getStreamGraph();
    assertThat(node(graph, "replay").getBufferTimeout()).isEqualTo(Outgoing.TIMEOUT_MILLIS);
    assertThat(graph.getJobGraph().getNumberOfVertices()).isPositive();
  }

  private static StreamNode node(StreamGraph graph, String name) {
    return graph.getStreamNodes().stream()
        .filter(node -> node.getOperatorName().equals(name))
        .findAny()
        .orElseThrow();
  }

  private <T> DataStream<T> stream(MessageType<T> type) {
    return env.fromSequence(0, 1).map(number -> (T) null).returns(type);
  }
}
