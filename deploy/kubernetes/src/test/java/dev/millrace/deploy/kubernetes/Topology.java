package dev.millrace.deploy.kubernetes;

import dev.millrace.job.TrainingJob;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobmanager.scheduler.SlotSharingGroup;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What the scheduler sees of a training job. Vertices' ids depend on the operators' uids only, so
 * they are those of every run of this configuration.
 *
 * @param parallelism the greatest of any vertex
 * @param slots that the job needs
 * @param feedbackEnds names by id of the vertices at either end of a feedback edge, which are those
 *     that share their place with another
 */
record Topology(int parallelism, int slots, SortedMap<String, String> feedbackEnds) {

  static Topology of(Experiment experiment) {
    return of(graph(experiment));
  }

  private static Topology of(JobGraph graph) {
    SortedMap<String, String> feedbackEnds = new TreeMap<>();
    Map<SlotSharingGroup, Integer> slots = new HashMap<>();
    int parallelism = 0;
    for (JobVertex vertex : graph.getVertices()) {
      parallelism = Math.max(parallelism, vertex.getParallelism());
      slots.merge(vertex.getSlotSharingGroup(), vertex.getParallelism(), Math::max);
      if (vertex.getCoLocationGroup() != null) {
        feedbackEnds.put(vertex.getID().toHexString(), vertex.getName());
      }
    }
    return new Topology(
        parallelism, slots.values().stream().mapToInt(Integer::intValue).sum(), feedbackEnds);
  }

  private static JobGraph graph(Experiment experiment) {
    ClassLoader loader = Topology.class.getClassLoader();
    RunFolder folder = RunFolder.at(Path.of("/data/runs", experiment.name()));
    try (StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration())) {
      TrainingJob.build(
          env, experiment, Recording.of(experiment, folder, 0, false, loader), loader);
      return env.getStreamGraph().getJobGraph();
    } catch (Exception e) {
      throw new IllegalStateException(experiment.name(), e);
    }
  }
}
