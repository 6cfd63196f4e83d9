package dev.millrace.benchmarks;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.env.ActorSpec;
import dev.millrace.env.EnvironmentGroup;
import dev.millrace.learner.actorcritic.A3c;
import dev.millrace.learner.network.Nd4jNetworks;
import dev.millrace.streams.MessageTypes;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The parts of a round in which workers find gradients: eight CartPoles for 500 steps each, as in
 * conf/cartpole-reinforce.yaml once the pole stands, and two networks 4-64-64 with tanh.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class GradientBenchmark {
  private static final int ENVIRONMENTS = 8;
  private static final int STEPS = 500;

  private final TypeSerializer<Rollout> rollouts = MessageTypes.ROLLOUT.serializer();
  private final TypeSerializer<PolicyParameters> parameters =
      MessageTypes.POLICY_PARAMETERS.serializer();
  private final DataOutputSerializer out = new DataOutputSerializer(1 << 17);
  private final DataOutputSerializer written = new DataOutputSerializer(1 << 17);
  private EnvironmentGroup<Trajectory> group;
  private Policy policy;
  private RolloutWorker worker;
  private Learner<List<Rollout>> learner;
  private float[] published;
  private Rollout rollout;
  private Rollout reduced;
  private long ticket;

  @Setup
  public void prepare() throws IOException {
    EnvironmentProvider provider =
        EnvironmentProvider.catalogue(GradientBenchmark.class.getClassLoader()).get("CartPole-v1");
    EnvironmentSpec spec;
    try (Environment sample = provider.create()) {
      spec = sample.spec();
    }
    Settings settings =
        new Settings(
            Map.of(
                "network.hidden", (Serializable) List.of(64L, 64L), "network.activation", "tanh"));
    TrajectoryAgent agent = (TrajectoryAgent) new A3c().bind(spec, ENVIRONMENTS, settings);
    policy = agent.policy();
    worker = agent.worker();
    learner = agent.learner(new Nd4jNetworks(), 1);
    published = learner.parameters();
    policy.install(published);
    group =
        EnvironmentGroup.of(
            new ActorSpec(spec, ENVIRONMENTS, ENVIRONMENTS, 1, 1), 0, provider, agent);
    rollout = rollOut();
    reduced = worker.work(rollout, published);
    rollouts.serialize(reduced, written);
  }

  @TearDown
  public void close() {
    learner.close();
    group.close();
  }

  /** 4,000 steps, by a policy that has learned nothing. */
  @Benchmark
  public Rollout rollOut() {
    List<Trajectory> trajectories = new ArrayList<>();
    group.advance(
        new Ticket(0, ++ticket, STEPS, 0, 0),
        ParameterVersion.NONE,
        policy,
        trajectories::add,
        episode -> {});
    return Rollout.of(0, ticket, ParameterVersion.NONE, trajectories);
  }

  /** The gradient of them, by new parameters. */
  @Benchmark
  public Rollout gradient() {
    return worker.work(rollout, published.clone());
  }

  @Benchmark
  public int writeGradient() throws IOException {
    out.clear();
    rollouts.serialize(reduced, out);
    return out.length();
  }

  @Benchmark
  public Rollout readGradient() throws IOException {
    return rollouts.deserialize(new DataInputDeserializer(written.getSharedBuffer()));
  }

  /** How many gradients are summed. */
  @State(Scope.Thread)
  public static class Workers {
    @Param({"1", "8", "64"})
    public int workers;
  }

  /** The sum of so many gradients, and the step. */
  @Benchmark
  public Object sumAndStep(Workers workers) {
    return learner.update(Collections.nCopies(workers.workers, reduced));
  }

  /** A copy of the parameters, and one actor's message. */
  @Benchmark
  public int publish() throws IOException {
    out.clear();
    parameters.serialize(
        new PolicyParameters(ParameterVersion.NONE, 0, 0, learner.parameters()), out);
    return out.length();
  }

  @Benchmark
  public Policy install() {
    policy.install(published);
    return policy;
  }
}
