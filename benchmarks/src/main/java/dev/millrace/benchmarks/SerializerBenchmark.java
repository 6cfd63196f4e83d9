package dev.millrace.benchmarks;

import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.ReplayOutput;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.streams.MessageTypes;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A CartPole transition, and a batch of 64, through the serializers that join the tasks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SerializerBenchmark {
  private final TypeSerializer<Transition> transitions = MessageTypes.TRANSITION.serializer();
  private final TypeSerializer<ReplayOutput> outputs = MessageTypes.REPLAY_OUTPUT.serializer();
  private final DataOutputSerializer out = new DataOutputSerializer(8192);
  private final DataInputDeserializer in = new DataInputDeserializer();

  private final ParameterVersion version = new ParameterVersion(1, 1);
  private final Transition transition =
      new Transition(3, 1000, version, new float[4], new float[1], 1, 0.95f, new float[4], 0.5f);
  private final ReplayOutput batch =
      new ReplayOutput(
          new Progress.Shard(0, 1, 5000, 64_000, 5000, 1234.5, version),
          SampleBatch.allocate(0, 1, 64, 5000, 4, 1));

  private byte[] transitionBytes;
  private byte[] batchBytes;

  @Setup
  public void prepare() throws IOException {
    writeTransition();
    transitionBytes = out.getCopyOfBuffer();
    writeBatch();
    batchBytes = out.getCopyOfBuffer();
  }

  @Benchmark
  public int writeTransition() throws IOException {
    out.clear();
    transitions.serialize(transition, out);
    return out.length();
  }

  @Benchmark
  public Transition readTransition() throws IOException {
    in.setBuffer(transitionBytes);
    return transitions.deserialize(in);
  }

  @Benchmark
  public int writeBatch() throws IOException {
    out.clear();
    outputs.serialize(batch, out);
    return out.length();
  }

  @Benchmark
  public ReplayOutput readBatch() throws IOException {
    in.setBuffer(batchBytes);
    return outputs.deserialize(in);
  }
}
