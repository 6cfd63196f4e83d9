package dev.millrace.job;

import dev.millrace.job.client.ClusterConnection;
import dev.millrace.job.client.ClusterFacts;
import dev.millrace.job.client.ClusterJob;
import dev.millrace.job.config.ConfigurationException;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner;
import dev.millrace.job.run.SubmittedJob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Trains on a session cluster: sends the job there, or finds it there, and attends it from here.
 */
public final class ClusterRunner implements Runner {
  private static final String JOB_JAR = "millrace.job-jar";

  @Override
  public Outcome run(Launch launch) throws Exception {
    Cluster target = launch.cluster();
    String name = name(target.addresses());
    try (ClusterConnection cluster = ClusterConnection.to(target.addresses())) {
      if (target.job() != null) {
        return ClusterRun.of(launch).attend(cluster, existing(target.job(), name, cluster));
      }
      ClusterFacts facts = ClusterFacts.of(name, cluster);
      Configuration options = FlinkOptions.onCluster(launch, facts.configuration(), Map.of());
      facts.require(
          EnvironmentInformation.getVersion(),
          Slots.needed(launch.experiment()),
          FlinkOptions.checkpoints(options));
      options.addAll(cluster.way());
      FlinkOptions.addJars(List.of(jobJar()), options);
      FlinkOptions.addJars(launch.jars(), options);
      ClusterRun run = ClusterRun.of(launch);
      try (StreamExecutionEnvironment env =
          new StreamExecutionEnvironment(options, launch.loader())) {
        JobID id = run.submit(env, FlinkOptions.checkpoints(options, facts.configuration()));
        return target.detached() ? new Outcome(Ending.SUBMITTED, null) : run.attend(cluster, id);
      }
    }
  }

  private static JobID existing(String job, String name, ClusterConnection cluster)
      throws Exception {
    ClusterFacts.of(name, cluster);
    JobID id = JobID.fromHexString(job);
    if (!new ClusterJob(cluster, id, null, null).isRunning()) {
      throw new ConfigurationException(
          name, List.of("job %s does not run there; `flink list` shows what does".formatted(job)));
    }
    return id;
  }

  /**
   * The job of that folder, if it runs on the cluster now. Of one that has ended, notes in the
   * folder what can be gone on from.
   *
   * @throws ConfigurationException if the cluster cannot be reached
   */
  @Override
  public Optional<String> running(RunFolder folder, Cluster target) throws Exception {
    Optional<SubmittedJob> submitted = SubmittedJob.read(folder);
    if (submitted.isEmpty()) {
      return Optional.empty();
    }
    try (ClusterConnection cluster = ClusterConnection.to(target.addresses())) {
      ClusterFacts.of(name(target.addresses()), cluster);
      JobID id = JobID.fromHexString(submitted.get().id());
      ClusterJob job = new ClusterJob(cluster, id, null, null);
      if (job.isRunning()) {
        return Optional.of(id.toHexString());
      }
      if (submitted.get().savepoint() == null) {
        note(job, id, folder);
      }
      return Optional.empty();
    }
  }

  private static void note(ClusterJob job, JobID id, RunFolder folder) throws Exception {
    try {
      Optional<String> left = job.leftBehind();
      if (left.isPresent()) {
        new SubmittedJob(id.toHexString(), left.get()).write(folder);
      }
    } catch (ExecutionException forgotten) {
      return; // Flink forgets jobs an hour after their end, or with their JobManager.
    }
  }

  private static String name(List<URI> addresses) {
    return "--cluster " + String.join(",", addresses.stream().map(URI::toString).toList());
  }

  private static Path jobJar() throws IOException {
    String jar = System.getProperty(JOB_JAR);
    if (jar == null || !Files.isRegularFile(Path.of(jar))) {
      throw new ConfigurationException(
          "--cluster",
          List.of(
              "the job's jar was not found (%s=%s): build it with mvn package"
                  .formatted(JOB_JAR, jar)));
    }
    return Path.of(jar).toRealPath();
  }
}
