package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedCheckpointsTest {
  private static final JobID JOB = new JobID(7, 9);

  @TempDir private Path folder;

  private static void require(CheckpointStorageAccess storage) {
    require(storage, 0);
  }

  private static void require(CheckpointStorageAccess storage, int attempt) {
    TaskInfo task = new TaskInfoImpl("replay", 1, 0, 1, attempt);
    SharedCheckpoints.require(task, "worker-7", storage);
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
                + " is not shared: replay \\(1/1\\)#0 on worker-7 does not see "
                + JOB
                + "/shared, which the JobManager made there; mount the same disk in the same place on every machine, or set execution.checkpointing.dir to a place that all of them reach");
  }

  @Test
  void aDiskThatIsAwayWhenTheJobIsRestartedIsWaitedFor() throws Exception {
    assertThatThrownBy(() -> require(storage(), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(" is not shared: ");
  }

  @Test
  void checkpointsThatAreNoFilesNeedNoDirectory() throws Exception {
    CheckpointStorageAccess inMemory =
        new JobManagerCheckpointStorage().createCheckpointStorage(JOB);
    assertThatCode(() -> require(inMemory)).doesNotThrowAnyException();
  }
}
