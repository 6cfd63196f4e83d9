package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDbFactoryTest {
  @TempDir private Path folder;

  @Test
  void aJobsOptionsNameItAndFlinkMakesItsOwnBackendByIt() throws Exception {
    Configuration options =
        FlinkOptions.embedded(TestingRuns.launch(TestingRuns.experiment(), folder, null));
    assertThat(StateBackendLoader.loadStateBackendFromConfig(options, TestingRuns.LOADER, null))
        .isExactlyInstanceOf(EmbeddedRocksDBStateBackend.class);
    assertThat(options.get(StateBackendOptions.STATE_BACKEND))
        .isEqualTo(RocksDbFactory.class.getName());
  }

  @Test
  void withoutItsClassesAJobFailsForGoodAndSaysWhereTheyBelong() throws Exception {
    Configuration options = new Configuration();
    options.set(StateBackendOptions.STATE_BACKEND, RocksDbFactory.class.getName());
    assertThatThrownBy(
            () -> StateBackendLoader.loadStateBackendFromConfig(options, new Poorer(), null))
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageStartingWith("RocksDB is not here (java.lang.NoClassDefFoundError: ")
        .hasMessageContaining("put flink-statebackend-rocksdb and its frocksdbjni")
        .hasMessageContaining("into the lib/ of the JobManager and of every TaskManager");
  }

  /** Sees everything but RocksDB. */
  private static final class Poorer extends ClassLoader {
    private Poorer() {
      super(TestingRuns.LOADER);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.apache.flink.contrib.") || name.startsWith("org.rocksdb.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.equals(RocksDbFactory.class.getName())) {
        return super.loadClass(name, resolve);
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
