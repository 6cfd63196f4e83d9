package dev.millrace.job;

import dev.millrace.core.policy.PolicyFile;
import dev.millrace.job.client.AttendedRun;
import dev.millrace.job.client.ClusterConnection;
import dev.millrace.job.client.ClusterJob;
import dev.millrace.job.client.LostJobException;
import dev.millrace.job.client.RunMirror;
import dev.millrace.job.run.Portraits;
import dev.millrace.job.run.RecorderFactory;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner.Launch;
import dev.millrace.job.run.Runner.Outcome;
import dev.millrace.job.run.SubmittedJob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.TemporaryClassLoaderContext;

/** A run whose job is elsewhere, and whose folder here is a copy of the job's. */
final class ClusterRun {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Launch launch;

  private ClusterRun(Launch launch) {
    this.launch = launch;
  }

  static ClusterRun of(Launch launch) {
    return new ClusterRun(launch);
  }

  /**
   * Sends the job, and notes it in the run folder here.
   *
   * @param checkpoints where they go
   */
  JobID submit(StreamExecutionEnvironment env, String checkpoints) throws Exception {
    JobID id = submit(env, jobFolder(checkpoints));
    note(id, launch.resumeFrom());
    return id;
  }

  /**
   * Sends a job that nobody attends.
   *
   * @param checkpoints where they go
   */
  void leave(StreamExecutionEnvironment env, String checkpoints) throws Exception {
    submit(env, launch.folder() == null ? jobFolder(checkpoints) : launch.folder());
  }

  private void note(JobID id, URI savepoint) throws IOException {
    new SubmittedJob(id.toHexString(), savepoint == null ? null : savepoint.toString())
        .write(launch.folder());
  }

  private JobID submit(StreamExecutionEnvironment env, RunFolder folder) throws Exception {
    build(env, folder);
    return env.executeAsync(launch.experiment().name()).getJobID();
  }

  private OperatorID build(StreamExecutionEnvironment env, RunFolder folder) {
    Recording recording =
        Recording.of(
            launch.experiment(),
            folder,
            launch.startedAtMillis(),
            !launch.cluster().detached(),
            launch.loader());
    try (TemporaryClassLoaderContext user = TemporaryClassLoaderContext.of(launch.loader())) {
      TrainingJob.build(env, launch.experiment(), recording, launch.loader());
    }
    return RecorderFactory.recorder(env.getStreamGraph(false).getJobGraph(), launch.loader());
  }

  /**
   * Where the job keeps the run's files, unless it was told: beside its checkpoints, if those are
   * on a disk that all machines share. Otherwise on the recorder's own machine, and what is there
   * is lost with it; what was fetched from here is not.
   */
  private RunFolder jobFolder(String checkpoints) {
    if (checkpoints == null) {
      return null;
    }
    URI directory = URI.create(checkpoints);
    if (directory.getScheme() != null && !directory.getScheme().equals("file")) {
      return null;
    }
    String name = launch.experiment().name() + "-" + launch.startedAtMillis();
    return RunFolder.at(Path.of(directory.getPath(), "millrace-runs", name));
  }

  /** Attends the job until it ends. */
  Outcome attend(ClusterConnection cluster, JobID id) throws Exception {
    RunFolder folder = launch.folder();
    Files.deleteIfExists(folder.progress());
    if (SubmittedJob.read(folder).filter(each -> each.id().equals(id.toHexString())).isEmpty()) {
      note(id, null);
    }
    OperatorID recorder;
    try (StreamExecutionEnvironment none = new StreamExecutionEnvironment(new Configuration())) {
      recorder = build(none, folder);
    }
    ClusterJob job = new ClusterJob(cluster, id, recorder, launch.loader());
    try {
      Outcome outcome = new AttendedRun(job, launch.stop(), LOOK, new RunMirror(folder)).attend();
      if (outcome.savepoint() != null) {
        note(id, outcome.savepoint());
      }
      return outcome;
    } catch (LostJobException lost) {
      throw lost;
    } catch (Exception failure) {
      try {
        Optional<String> checkpoint = job.leftBehind();
        if (checkpoint.isPresent()) {
          note(id, URI.create(checkpoint.get()));
        }
      } catch (Exception unknown) {
        failure.addSuppressed(unknown);
      }
      throw failure;
    } finally {
      draw(folder);
    }
  }

  private void draw(RunFolder folder) throws IOException {
    float[] best =
        Files.exists(folder.bestPolicy()) ? PolicyFile.read(folder.bestPolicy()).values() : null;
    Portraits.draw(
        Recording.of(launch.experiment(), folder, launch.startedAtMillis(), true, launch.loader()),
        best);
  }
}
