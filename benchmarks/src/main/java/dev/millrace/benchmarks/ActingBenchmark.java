package dev.millrace.benchmarks;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.Environment;
import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Ticket;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.Initialization;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import dev.millrace.env.ActorSpec;
import dev.millrace.env.EnvironmentGroup;
import dev.millrace.learner.dqn.Dqn;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One step of one CartPole among 64 that act together with a 128-128 policy: forward pass,
 * environment and accumulator.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ActingBenchmark {
  /** Environment steps in one call of {@link #act}. */
  static final int STEPS = 256;

  private static final int ENVIRONMENTS = 64;

  /** Past the decay of epsilon. */
  private static final long CLOCK = 1_000_000;

  private EnvironmentGroup<Transition> group;
  private Policy policy;
  private long ticket;

  @Setup
  public void prepare() {
    EnvironmentProvider provider =
        EnvironmentProvider.catalogue(ActingBenchmark.class.getClassLoader()).get("CartPole-v1");
    EnvironmentSpec spec;
    try (Environment sample = provider.create()) {
      spec = sample.spec();
    }
    ReplayAgent agent = new Dqn().bind(spec, ENVIRONMENTS, new Settings(Map.of()));
    policy = agent.policy();
    policy.install(Initialization.FAN_IN.parameters(agent.network(), new SeededRandom(1)));
    ActorSpec actors = new ActorSpec(spec, ENVIRONMENTS, ENVIRONMENTS, 1, 1);
    group = EnvironmentGroup.of(actors, 0, provider, agent);
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void act(Blackhole sink) {
    group.advance(
        new Ticket(0, ++ticket, STEPS / ENVIRONMENTS, CLOCK, 0),
        ParameterVersion.NONE,
        policy,
        sink::consume,
        sink::consume);
  }
}
