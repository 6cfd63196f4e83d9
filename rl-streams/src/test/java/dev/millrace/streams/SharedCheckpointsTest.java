package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedCheckpointsTest {
  private static final JobID JOB = new JobID(7, 9);

  @TempDir private Path folder;

  private static void require(CheckpointStorageAccess storage) throws Exception {
    try (MockEnvironment task = new MockEnvironmentBuilder().setTaskName("replay").build()) {
      SharedCheckpoints.require(task, storage);
    }
  }

  private CheckpointStorageAccess storage() throws Exception {
    return new FileSystemCheckpointStorage(folder.toUri()).createCheckpointStorage(JOB);
  }

  @Test
  void aTaskThatSeesWhatTheJobManagerMadeMayRun() throws Exception {
    storage().initializeBaseLocationsForCheckpoint();
    require(storage());
  }

  @Test
  void aTaskThatDoesNotSeeItFailsForGoodAndSaysWhereItLooked() throws Exception {
    Files.createDirectories(folder.resolve("the JobManager's own/" + JOB));
    assertThatThrownBy(() -> require(storage()))
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageMatching(
            "checkpoint directory file:"
                + folder
                + " is not shared: replay \\(1/1\\)#0 on \\S+ does not see "
                + JOB
                + "/shared, which the JobManager made there; mount the same disk in the same place on every machine, or set execution.checkpointing.dir to a place that all of them reach");
  }

  @Test
  void checkpointsThatAreNoFilesNeedNoDirectory() throws Exception {
    CheckpointStorageAccess inMemory =
        new JobManagerCheckpointStorage().createCheckpointStorage(JOB);
    assertThatCode(() -> require(inMemory)).doesNotThrowAnyException();
  }
}
