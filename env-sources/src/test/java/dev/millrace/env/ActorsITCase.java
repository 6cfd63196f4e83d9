package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.ShardKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tickets and actors in a running job, with a stand-in for replay and learner. */
@Timeout(300)
class ActorsITCase {
  private static final int ENVIRONMENTS = 8;
  private static final ActorSpec ACTORS =
      new ActorSpec(TestingEnvironment.SPEC, ENVIRONMENTS, 2, 42, 3);

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(1)
              .build());

  @BeforeEach
  void forget() {
    TestingRest.failAt = 0;
    TestingRest.snapshotted = 0;
    TestingRest.checkpointed = false;
    TestingRest.lastInserted = null;
  }

  private static StreamExecutionEnvironment environment(Path savepoint) {
    Configuration options = new Configuration();
    options.set(PipelineOptions.GENERIC_TYPES, false);
    options.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    options.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2);
    options.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
    if (savepoint != null) {
      options.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toString());
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
    env.enableCheckpointing(50);
    return env;
  }

  private static void build(
      StreamExecutionEnvironment env, long budget, int parallelism, String shards) {
    TicketPlan plan =
        new TicketPlan(
            ACTORS.groupSizes(), 1, 10, false, new RateLimiter(1, 1, 0, 1_000_000_000), budget, 8);
    Tickets tickets =
        Tickets.issue(env, plan, new TreeMap<>(Map.of("replay.shards", shards)), false);
    Actors<Transition> actors =
        Actors.act(tickets.stream(), ACTORS, loader -> new TestingAgent(), parallelism);
    SingleOutputStreamOperator<PolicyParameters> rest =
        actors
            .experience()
            .transform("rest", MessageTypes.POLICY_PARAMETERS, new TestingRest())
            .setParallelism(1)
            .setMaxParallelism(ShardKeys.MAX_PARALLELISM)
            .setBufferTimeout(0)
            .uid("rest");
    tickets.feedBack(actors.progress().union(rest.getSideOutput(TestingRest.PROGRESS)));
    actors.feedBack(rest);
  }

  /** All but the last few steps of each environment, whose transitions are not complete. */
  private static void assertAllRemembered(long budget) {
    assertThat(TestingRest.lastInserted).hasSize(ENVIRONMENTS);
    assertThat(TestingRest.lastInserted.values().stream().mapToLong(Long::longValue).sum())
        .isBetween(budget - ENVIRONMENTS * TestingAgent.DELAY, budget);
  }

  @Test
  void aBoundedRunEndsByItselfWithNothingLostOrDoubledThroughAFailure() throws Exception {
    long budget = 60_000;
    TestingRest.failAt = 10_000;
    StreamExecutionEnvironment env = environment(null);
    build(env, budget, 2, "1");
    env.execute();
    assertThat(TestingRest.failAt).as("the failure was induced").isZero();
    assertAllRemembered(budget);
  }

  @Test
  void aStoppedJobIsRescaledAndResumed(@TempDir Path folder) throws Exception {
    StreamExecutionEnvironment env = environment(null);
    build(env, 1_000_000_000, 1, "1");
    JobClient job = env.executeAsync();
    while (TestingRest.snapshotted < 10_000) {
      Thread.sleep(10);
    }
    Path savepoint =
        Path.of(
            job.stopWithSavepoint(false, folder.toString(), SavepointFormatType.NATIVE)
                .get(60, TimeUnit.SECONDS));
    job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
    long budget = (TestingRest.snapshotted + 20_000) / ENVIRONMENTS * ENVIRONMENTS;

    StreamExecutionEnvironment other = environment(savepoint);
    build(other, budget, 2, "4");
    assertThatThrownBy(other::execute)
        .hasStackTraceContaining("replay.shards=4: the savepoint has 1")
        .hasStackTraceContaining("set these back, or begin a new run");

    StreamExecutionEnvironment resumed = environment(savepoint);
    build(resumed, budget, 2, "1");
    resumed.execute();
    assertAllRemembered(budget);
  }
}
