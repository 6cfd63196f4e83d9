package dev.millrace.job;

import dev.millrace.job.client.AttendedRun;
import dev.millrace.job.client.EmbeddedJob;
import dev.millrace.job.run.RecorderFactory;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.Runner;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.TemporaryClassLoaderContext;

/** Trains on a Flink mini cluster in this process. */
public final class EmbeddedRunner implements Runner {
  private static final Duration LOOK = Duration.ofMillis(50);

  @Override
  public Outcome run(Launch launch) throws Exception {
    Configuration options = FlinkOptions.embedded(launch);
    Recording recording =
        Recording.of(
            launch.experiment(), launch.folder(), launch.startedAtMillis(), true, launch.loader());
    try (StreamExecutionEnvironment env = environment(launch, options)) {
      // As where a job's main method runs on a cluster: what it names may be in the user's jars.
      try (TemporaryClassLoaderContext user = TemporaryClassLoaderContext.of(launch.loader())) {
        TrainingJob.build(env, launch.experiment(), recording, launch.loader());
      }
      OperatorID recorder =
          RecorderFactory.recorder(env.getStreamGraph(false).getJobGraph(), launch.loader());
      JobClient job = env.executeAsync(launch.experiment().name());
      String savepoints = launch.folder().savepoints().toUri().toString();
      return new AttendedRun(new EmbeddedJob(job, recorder, savepoints), launch.stop(), LOOK, null)
          .attend();
    }
  }

  private static StreamExecutionEnvironment environment(Launch launch, Configuration options) {
    return launch.webUi()
        ? StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(options)
        : StreamExecutionEnvironment.createLocalEnvironment(1, options);
  }
}
