package dev.millrace.streams;

import java.io.IOException;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStorageLocation;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Finds a checkpoint directory that the TaskManagers do not share with the JobManager: checkpoints
 * would complete, each machine with its own files in a directory of the same name, and none could
 * be restored elsewhere.
 *
 * <p>Before any task runs, the JobManager makes the job's directory, with another in it for shared
 * files. A task that does not see that one is elsewhere. Only local file systems are asked; object
 * stores and distributed file systems are shared by nature, and some have no directories.
 */
public final class SharedCheckpoints {
  private SharedCheckpoints() {}

  /**
   * To be called by an operator's factory: later, a restore may have failed already, in words that
   * do not say why.
   *
   * @throws SuppressRestartsException if the directory is not shared
   * @throws IllegalStateException if it is not there, and was when the job was run before
   */
  public static void require(StreamOperatorParameters<?> parameters) {
    if (parameters.getStreamConfig().isCheckpointingEnabled()) {
      Environment task = parameters.getContainingTask().getEnvironment();
      require(
          task.getTaskInfo(),
          task.getTaskManagerInfo().getTaskManagerExternalAddress(),
          task.getCheckpointStorageAccess());
    }
  }

  static void require(TaskInfo task, String machine, CheckpointStorageAccess storage) {
    try {
      CheckpointStreamFactory place =
          storage.resolveCheckpointStorageLocation(
              1, CheckpointStorageLocationReference.getDefault());
      if (place instanceof FsCheckpointStorageLocation files) {
        Path shared = files.getSharedStateDirectory();
        FileSystem system = shared.getFileSystem();
        if (!system.isDistributedFS() && !system.exists(shared)) {
          IllegalStateException reason = notShared(task, machine, shared);
          // Of a job that has run before, the disk may be away for a while.
          throw task.getAttemptNumber() == 0 ? new SuppressRestartsException(reason) : reason;
        }
      }
    } catch (IOException unseen) {
      // Whether it can be written is for the first checkpoint to tell, which may be tried again.
    }
  }

  private static IllegalStateException notShared(TaskInfo task, String machine, Path shared) {
    Path job = shared.getParent();
    return new IllegalStateException(
        "checkpoint directory %s is not shared: %s on %s does not see %s/%s, which the JobManager made there; mount the same disk in the same place on every machine, or set execution.checkpointing.dir to a place that all of them reach"
            .formatted(
                job.getParent(),
                task.getTaskNameWithSubtasks(),
                machine,
                job.getName(),
                shared.getName()));
  }
}
