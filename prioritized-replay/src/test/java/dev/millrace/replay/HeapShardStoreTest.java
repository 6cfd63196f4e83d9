package dev.millrace.replay;

class HeapShardStoreTest extends ShardStoreContract {
  @Override
  ShardStore store() {
    return new HeapShardStore();
  }
}
