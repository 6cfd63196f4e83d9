package com.example.sluice;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.config.Settings;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.learner.LearnerSettings;
import dev.millrace.learner.Learners;
import dev.millrace.replay.Replay;
import dev.millrace.replay.ReplaySettings;
import dev.millrace.streams.MessageTypes;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** A DataStream job that learns to work a sluice from the log of ponds worked by hand. */
public final class LearnFromLog {
  private static final Settings SETTINGS =
      new Settings(
          Map.of(
              "algorithm.discount", 0.9,
              "learner.batch-size", 32L,
              "learner.learning-rate", 0.1));

  private static final float DISCOUNT = SETTINGS.get(LinearQ.DISCOUNT).floatValue();

  private LearnFromLog() {}

  public static void main(String[] arguments) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    learn(log(env)).parameters().map(LearnFromLog::describe).setParallelism(1).print();
    env.execute("learn to work a sluice");
  }

  /** The mill's log. Yours would come from Kafka. */
  public static DataStream<Reading> log(StreamExecutionEnvironment env) {
    return env.fromSequence(0, Long.MAX_VALUE).setParallelism(1).map(new Ponds()).setParallelism(1);
  }

  /** What comes out: parameters every 20 updates, and counters of learner and replay. */
  public record Learned(DataStream<PolicyParameters> parameters, DataStream<Report> reports) {}

  /** Learns from {@code log} for as long as it goes on. */
  public static Learned learn(DataStream<Reading> log) {
    ReplaySettings remembering =
        new ReplaySettings(
            "prioritized",
            /* capacity= */ 10_000,
            /* shards= */ 1,
            /* parallelism= */ 1,
            /* cacheBytes= */ 1 << 20,
            /* seed= */ 7,
            SETTINGS);
    LearnerSettings learning =
        new LearnerSettings(
            /* shards= */ 1,
            RateLimiter.atMost(8, 200),
            /* prefetch= */ 4,
            /* publishEvery= */ 20,
            /* maxNonFinite= */ 10,
            /* seed= */ 7);

    DataStream<Transition> transitions =
        log.keyBy(Reading::pond).process(new Join()).returns(MessageTypes.TRANSITION).uid("join");
    Replay replay = Replay.sample(transitions, agent().replay(), remembering);
    Learners.Learning learner = Learners.learn(replay.batches(), loader -> agent(), learning);
    replay.feedBack(learner.credits(), learner.priorities());
    return new Learned(learner.parameters(), learner.reports().union(replay.reports()));
  }

  /** What it would do at each level: {@code o} for open, {@code -} for shut. */
  private static String describe(PolicyParameters learned) {
    float[] values = learned.values();
    float bias = values[values.length - 1] - values[values.length - 2];
    StringBuilder line =
        new StringBuilder("after %d updates: ".formatted(learned.version().step()));
    for (int level = 1; level < Sluice.LEVELS - 1; level++) {
      line.append(values[2 * level + 1] - values[2 * level] + bias > 0 ? 'o' : '-');
    }
    return line.toString();
  }

  private static ReplayAgent agent() {
    return new LinearQ().bind(Sluice.SPEC, 1, SETTINGS);
  }

  /** Two readings of one pond in a row make a transition. */
  private static final class Join extends KeyedProcessFunction<Integer, Reading, Transition> {
    private transient ValueState<Reading> latest;

    @Override
    public void open(OpenContext context) {
      latest = getRuntimeContext().getState(new ValueStateDescriptor<>("latest", Reading.class));
    }

    @Override
    public void processElement(Reading now, Context context, Collector<Transition> out)
        throws Exception {
      Reading before = latest.value();
      latest.update(now);
      if (before == null || now.tick() != before.tick() + 1 || Sluice.over(before.level())) {
        return;
      }
      boolean last = Sluice.over(now.level());
      out.collect(
          new Transition(
              now.pond(),
              before.tick(),
              ParameterVersion.NONE, // no policy of ours chose the action
              Sluice.observe(before.level()),
              new float[] {before.action()},
              Sluice.reward(now.level()),
              last ? 0f : DISCOUNT,
              Sluice.observe(now.level()),
              Float.NaN)); // the replay takes the greatest priority it has seen
    }
  }
}
