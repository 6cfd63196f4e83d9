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
        return ClusterRun.of(launch).attend(cluster, JobID.fromHexString(target.job()));
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

  /**
   * The job of that folder, if it runs on the cluster now.
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
      return new ClusterJob(cluster, id, null, null).isRunning()
          ? Optional.of(submitted.get().id())
          : Optional.empty();
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
