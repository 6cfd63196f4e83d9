package dev.millrace.job;

import dev.millrace.job.client.ClusterConnection;
import dev.millrace.job.client.ClusterFacts;
import dev.millrace.job.run.Runner;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Trains where Flink's command line, or an application's JobManager, that runs this program says.
 * Detached, as in an application's JobManager always, it submits and returns.
 */
public final class SubmittedRunner implements Runner {
  @Override
  public Outcome run(Launch launch) throws Exception {
    // Flink closes what it made.
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration flink = Configuration.fromMap(env.getConfiguration().toMap());
    Configuration options = FlinkOptions.onCluster(launch, flink, FlinkContext.commandLine(flink));
    FlinkOptions.addJars(launch.jars(), options);
    ClusterRun run = ClusterRun.of(launch);
    if (FlinkContext.inJobManager()) {
      env.configure(options, launch.loader());
      run.leave(env, FlinkOptions.checkpoints(options, flink));
      return new Outcome(Ending.SUBMITTED, null);
    }
    try (ClusterConnection cluster = ClusterConnection.as(flink)) {
      ClusterFacts facts = ClusterFacts.of("the cluster", cluster);
      facts.require(
          EnvironmentInformation.getVersion(),
          Slots.needed(launch.experiment()),
          FlinkOptions.checkpoints(options));
      env.configure(options, launch.loader());
      String checkpoints = FlinkOptions.checkpoints(options, facts.configuration());
      if (FlinkContext.detached()) {
        run.leave(env, checkpoints);
        return new Outcome(Ending.SUBMITTED, null);
      }
      return run.attend(cluster, run.submit(env, checkpoints));
    }
  }
}
