package dev.millrace.job.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyParameters;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.TemporaryClassLoaderContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job of a user's own, from a jar of their own, with the replay and the learner as a library. */
@Timeout(180)
class OwnJobITCase {
  private static final String JOB = "com.example.sluice.LearnFromLog";

  @TempDir Path folder;

  @Test
  void learnsFromItsOwnStreamOfTransitions() throws Exception {
    Path jar = OwnProject.jar(folder);
    try (URLClassLoader loader = OwnProject.loader(jar);
        TemporaryClassLoaderContext asFlinkRunDoes = TemporaryClassLoaderContext.of(loader);
        StreamExecutionEnvironment env =
            StreamExecutionEnvironment.createLocalEnvironment(2, options(jar))) {
      Object learned = learn(loader.loadClass(JOB), env);
      CloseableIterator<PolicyParameters> parameters = collect(learned, "parameters");
      CloseableIterator<Report> reports = collect(learned, "reports");
      JobClient job = env.executeAsync();

      assertThat(firstThatIsRight(parameters)).isNotNull();
      assertThat(firstWithPriorities(reports)).isNotNull();
      job.cancel().get();
    }
  }

  private static Configuration options(Path jar) {
    Configuration options = new Configuration();
    options.set(PipelineOptions.JARS, List.of(jar.toUri().toString()));
    options.set(RestOptions.BIND_PORT, "0");
    return options;
  }

  private static Object learn(Class<?> job, StreamExecutionEnvironment env) throws Exception {
    Method log = job.getMethod("log", StreamExecutionEnvironment.class);
    Method learn = job.getMethod("learn", DataStream.class);
    return learn.invoke(null, log.invoke(null, env));
  }

  @SuppressWarnings("unchecked") // the record's component is a stream of these
  private static <T> CloseableIterator<T> collect(Object learned, String component)
      throws Exception {
    DataStream<T> stream = (DataStream<T>) learned.getClass().getMethod(component).invoke(learned);
    return stream.collectAsync();
  }

  /** The first parameters with which the sluice is opened above the band and shut below it. */
  private static PolicyParameters firstThatIsRight(CloseableIterator<PolicyParameters> published) {
    while (published.hasNext()) {
      PolicyParameters parameters = published.next();
      if (right(parameters.values())) {
        return parameters;
      }
    }
    return null;
  }

  private static boolean right(float[] values) {
    float bias = values[values.length - 1] - values[values.length - 2];
    for (int level = 1; level < values.length / 2 - 2; level++) {
      boolean opens = values[2 * level + 1] - values[2 * level] + bias > 0;
      if (level < 5 && opens || level > 5 && !opens) {
        return false;
      }
    }
    return true;
  }

  private static Report firstWithPriorities(CloseableIterator<Report> reports) {
    while (reports.hasNext()) {
      if (reports.next() instanceof Report.Replay replay && replay.prioritiesApplied() > 0) {
        return replay;
      }
    }
    return null;
  }
}
