package dev.millrace.job;

import java.io.IOException;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackendFactory;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendFactory;

/**
 * Flink's own RocksDB backend, but where its classes are missing a job fails once, and says what to
 * do. Told {@code rocksdb}, Flink would fail before any operator of ours is asked, and restart into
 * it for ever.
 */
public final class RocksDbFactory implements StateBackendFactory<StateBackend> {
  @Override
  public StateBackend createFromConfig(ReadableConfig config, ClassLoader loader)
      throws IllegalConfigurationException, IOException {
    try {
      return new EmbeddedRocksDBStateBackendFactory().createFromConfig(config, loader);
    } catch (LinkageError missing) {
      IllegalStateException reason =
          new IllegalStateException(
              "RocksDB is not here (%s): put flink-statebackend-rocksdb and its frocksdbjni, of Flink's own version, into the lib/ of the JobManager and of every TaskManager and start them again, or set flink.state.backend.type: hashmap, which keeps the replay on the heap"
                  .formatted(missing));
      reason.addSuppressed(missing); // as a cause it would be what a client shows
      throw new SuppressRestartsException(reason);
    }
  }
}
