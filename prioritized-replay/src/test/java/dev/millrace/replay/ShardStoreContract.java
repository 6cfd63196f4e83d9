package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What every store must do. */
abstract class ShardStoreContract {

  abstract ShardStore store() throws Exception;

  @Test
  void readsWhatWasWrittenLast() throws Exception {
    ShardStore store = store();
    byte value = 1;
    for (ShardStore.Part part : ShardStore.Part.values()) {
      store.write(part, 0, new byte[] {value, 9});
      store.write(part, 0, new byte[] {value++, 8, 7});
    }
    store.write(ShardStore.Part.CHUNK, 70_000, new byte[] {50});
    store.write(ShardStore.Part.WEIGHTS, 3, new byte[] {60});
    value = 1;
    for (ShardStore.Part part : ShardStore.Part.values()) {
      assertThat(store.read(part, 0)).as("%s", part).containsExactly(value++, 8, 7);
    }
    assertThat(store.read(ShardStore.Part.CHUNK, 70_000)).containsExactly(50);
    assertThat(store.read(ShardStore.Part.WEIGHTS, 3)).containsExactly(60);
    assertThat(store.read(ShardStore.Part.WEIGHTS, 2)).isNull();
    assertThat(store.read(ShardStore.Part.CHUNK, 70_001)).isNull();
  }

  @Test
  void readsNothingWhereNothingWasWritten() throws Exception {
    ShardStore store = store();
    for (ShardStore.Part part : ShardStore.Part.values()) {
      assertThat(store.read(part, 0)).as("%s", part).isNull();
    }
  }

  @Test
  void keepsACopyOfWhatItIsGiven() throws Exception {
    ShardStore store = store();
    for (int round = 0; round < 2; round++) {
      byte[] bytes = {4, 5};
      store.write(ShardStore.Part.CHUNK, 1, bytes);
      bytes[0] = 99;
      assertThat(store.read(ShardStore.Part.CHUNK, 1)).containsExactly(4, 5);
    }
  }
}
