package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.io.network.api.writer.ResultPartitionWriter;
import org.apache.flink.runtime.io.network.partition.MockResultPartitionWriter;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class OutgoingTest {

  @Test
  void sendsOnEveryEdge() throws Exception {
    List<String> sent = new ArrayList<>();
    StreamMap<String, String> operator = new StreamMap<>(word -> word);
    try (OneInputStreamOperatorTestHarness<String, String> task =
        new OneInputStreamOperatorTestHarness<>(operator)) {
      task.setup();
      task.getEnvironment().addOutputs(List.of(edge("one", sent), edge("other", sent)));
      Outgoing.send(operator.getContainingTask());
    }
    assertThat(sent).containsExactly("one", "other");
  }

  private static ResultPartitionWriter edge(String name, List<String> sent) {
    return new MockResultPartitionWriter() {
      @Override
      public void flushAll() {
        sent.add(name);
      }
    };
  }
}
