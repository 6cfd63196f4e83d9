package dev.millrace.replay;

class TestingShardStoreTest extends ShardStoreContract {
  @Override
  ShardStore store() {
    return new TestingShardStore();
  }
}
