package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyedShardStoreTest extends ShardStoreContract {
  private KeyedOneInputStreamOperatorTestHarness<Integer, Integer, Integer> harness;

  @BeforeEach
  void open() throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new StreamMap<Integer, Integer>(x -> x), x -> x, Types.INT);
    harness.setStateBackend(new EmbeddedRocksDBStateBackend(true));
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Override
  ShardStore store() {
    return store(1);
  }

  private ShardStore store(int key) {
    return new KeyedShardStore(
        harness.getOperator(), key, harness.getOperator().getKeyedStateStore());
  }

  @Test
  void shardsDoNotSeeEachOther() {
    ShardStore one = store(1);
    ShardStore two = store(2);
    for (ShardStore.Part part : ShardStore.Part.values()) {
      one.write(part, 0, new byte[] {1});
      two.write(part, 0, new byte[] {2});
      assertThat(one.read(part, 0)).containsExactly(1);
      assertThat(two.read(part, 0)).containsExactly(2);
    }
  }
}
