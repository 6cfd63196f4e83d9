package dev.millrace.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.MessageTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Learning and judging on a stream that ends, as a user's own job would. */
class LearnersITCase {
  @RegisterExtension static final MiniClusterExtension CLUSTER = new MiniClusterExtension();

  @Test
  void learnsFromAUsersOwnSamplesAndJudgesTheLastParameters() throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            new Configuration().set(PipelineOptions.GENERIC_TYPES, false));
    env.setParallelism(2);
    var samples = env.fromData(samples(16), MessageTypes.REPLAY_OUTPUT);
    var learning =
        Learners.learn(
            samples,
            loader -> new TestingAgent(),
            new LearnerSettings(1, new RateLimiter(1, 1, -1e9, 1e9), 4, 3, 1, 0));
    var judging =
        Learners.evaluate(
            learning.candidates(),
            loader -> new TestingAgent(),
            new EvaluatorSettings("testing", 10, 100, 9.9, 42));

    List<Report> reports = new ArrayList<>();
    try (CloseableIterator<Report> all =
        learning.reports().union(judging.reports()).executeAndCollect()) {
      all.forEachRemaining(reports::add);
    }

    List<Report.Learning> learned = only(reports, Report.Learning.class);
    assertThat(learned.get(learned.size() - 1).version().step()).isEqualTo(16);
    List<Report.Evaluation> judged = only(reports, Report.Evaluation.class);
    Report.Evaluation last = judged.get(judged.size() - 1);
    assertThat(last.version().step()).isEqualTo(16);
    assertThat(last.decisive()).isTrue();
    assertThat(last.targetReached()).isTrue();
    assertThat(last.best().values()).containsExactly(1f);
  }

  private static List<ReplayOutput> samples(int count) {
    List<ReplayOutput> samples = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      SampleBatch batch = SampleBatch.allocate(0, 1, TestingAgent.BATCH_SIZE, 10, 1, 1);
      for (int row = 0; row < batch.size(); row++) {
        batch.probabilities()[row] = 0.1;
        batch.rewards()[row] = 1 / 32f;
      }
      Progress.Shard progress = new Progress.Shard(0, 1, 10, 2L * i, 10, 10, ParameterVersion.NONE);
      samples.add(new ReplayOutput(progress, batch));
    }
    return samples;
  }

  private static <T> List<T> only(List<Report> reports, Class<T> type) {
    return reports.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
