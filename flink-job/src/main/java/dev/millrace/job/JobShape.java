package dev.millrace.job;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.TemporaryClassLoaderContext;

/**
 * What Flink makes of an experiment's topology.
 *
 * @param slots task slots it takes
 * @param networkBuffers that all its tasks together use at most
 * @param feedback the vertices at the ends of feedback edges, whose parallelism must stay equal;
 *     for {@code job.autoscaler.vertex.exclude.ids}
 */
public record JobShape(int slots, long networkBuffers, List<Vertex> feedback) {
  private static final int BUFFERS_PER_CHANNEL = 2; // Flink's default, as the next
  private static final int FLOATING_BUFFERS = 8;

  /**
   * A vertex of the job graph.
   *
   * @param id in hexadecimal, as the REST interface and the autoscaler write it
   */
  public record Vertex(String name, String id) {}

  public JobShape {
    feedback = List.copyOf(feedback);
  }

  /** The shape of {@code experiment}, of which nothing is run. */
  public static JobShape of(Experiment experiment, ClassLoader loader) throws Exception {
    List<Vertex> feedback = new ArrayList<>();
    long buffers = 0;
    for (JobVertex vertex : graph(experiment, loader).getVerticesSortedTopologicallyFromSources()) {
      if (vertex.getCoLocationGroup() != null) {
        feedback.add(new Vertex(vertex.getName(), vertex.getID().toHexString()));
      }
      buffers += vertex.getParallelism() * buffers(vertex);
    }
    return new JobShape(Slots.needed(experiment), buffers, feedback);
  }

  static JobGraph graph(Experiment experiment, ClassLoader loader) throws Exception {
    Recording recording = Recording.of(experiment, RunFolder.at(Path.of("")), 0, false, loader);
    try (StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        TemporaryClassLoaderContext user = TemporaryClassLoaderContext.of(loader)) {
      TrainingJob.build(env, experiment, recording, loader);
      return env.getStreamGraph().getJobGraph();
    }
  }

  /** Of one subtask: 2 for each channel and 8 more, for each edge in and out. */
  private static long buffers(JobVertex vertex) {
    long buffers = 0;
    for (JobEdge input : vertex.getInputs()) {
      buffers += buffers(input, input.getSource().getProducer());
    }
    for (IntermediateDataSet output : vertex.getProducedDataSets()) {
      for (JobEdge edge : output.getConsumers()) {
        buffers += buffers(edge, edge.getTarget());
      }
    }
    return buffers;
  }

  private static long buffers(JobEdge edge, JobVertex other) {
    boolean toAll = edge.getDistributionPattern() == DistributionPattern.ALL_TO_ALL;
    return (toAll ? other.getParallelism() : 1) * BUFFERS_PER_CHANNEL + FLOATING_BUFFERS;
  }
}
