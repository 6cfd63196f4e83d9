package dev.millrace.deploy.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * Reads a job's arguments as Millrace would, and compares what the manifest says of the job with
 * the job that comes of them.
 */
final class JobCheck implements Check {
  private static final String EXCLUDED = "job.autoscaler.vertex.exclude.ids";
  private static final String SLOTS = "taskmanager.numberOfTaskSlots";

  private final TrainArguments trainArguments;

  JobCheck(Image image) {
    trainArguments = new TrainArguments(image);
  }

  @Override
  public List<String> problems(List<Manifest> manifests) {
    List<String> problems = new ArrayList<>();
    for (Manifest job : manifests) {
      if (job.hasJob()) {
        problems(job, cluster(job, manifests))
            .forEach(what -> problems.add(job.called() + ": " + what));
      }
    }
    return problems;
  }

  /**
   * The deployment that {@code job} runs on: itself, or the session that it names; null for none.
   */
  private static Manifest cluster(Manifest job, List<Manifest> manifests) {
    if (job.kind().equals(Manifest.DEPLOYMENT)) {
      return job;
    }
    String name = job.at("/spec/deploymentName").asText();
    return manifests.stream()
        .filter(each -> each.kind().equals(Manifest.DEPLOYMENT) && each.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private List<String> problems(Manifest job, Manifest cluster) {
    if (cluster == null) {
      return List.of(
          "deploymentName=%s: there is no such FlinkDeployment"
              .formatted(job.at("/spec/deploymentName").asText()));
    }
    List<String> problems = new ArrayList<>();
    try {
      TrainArguments.Train train = trainArguments.read(job.arguments());
      Topology topology = Topology.of(train.experiment());
      parallelism(job, topology, problems);
      excluded(job, topology, problems);
      gpu(cluster, topology, problems);
      runFolder(cluster, train.runFolder(), problems);
    } catch (IllegalArgumentException e) {
      problems.add("args: " + e.getMessage());
    }
    return problems;
  }

  private static void parallelism(Manifest job, Topology topology, List<String> problems) {
    int said = job.at("/spec/job/parallelism").asInt();
    if (said != topology.parallelism()) {
      problems.add(
          "parallelism=%d: must be %d, the greatest that the configuration gives an operator"
              .formatted(said, topology.parallelism()));
    }
  }

  private static void excluded(Manifest job, Topology topology, List<String> problems) {
    Set<String> said =
        new TreeSet<>(List.of(job.flinkConfiguration().getOrDefault(EXCLUDED, "").split(";")));
    if (!said.equals(topology.feedbackEnds().keySet())) {
      problems.add(
          "%s=%s: must be %s, the ends of the feedback edges: %s"
              .formatted(
                  EXCLUDED,
                  String.join(";", said),
                  String.join(";", topology.feedbackEnds().keySet()),
                  topology.feedbackEnds()));
    }
  }

  private static void gpu(Manifest cluster, Topology topology, List<String> problems) {
    int slots = Integer.parseInt(cluster.flinkConfiguration().getOrDefault(SLOTS, "1"));
    boolean gpu = cluster.flinkConfiguration().containsKey("external-resources");
    if (gpu && slots < topology.slots()) {
      problems.add(
          "%s=%d: must be at least %d, or a second TaskManager would ask for a GPU that nothing uses"
              .formatted(SLOTS, slots, topology.slots()));
    }
  }

  private static void runFolder(Manifest cluster, String folder, List<String> problems) {
    boolean shared =
        StreamSupport.stream(cluster.at("/spec/podTemplate/spec/volumes").spliterator(), false)
            .filter(volume -> volume.has("persistentVolumeClaim"))
            .map(volume -> mount(cluster, volume.path("name").asText()))
            .anyMatch(mount -> folder.startsWith(mount + "/"));
    if (!shared) {
      problems.add(
          "--run-dir %s: must be on a persistent volume, or the run's files are lost with a pod"
              .formatted(folder));
    }
  }

  private static String mount(Manifest cluster, String volume) {
    return StreamSupport.stream(
            cluster.at("/spec/podTemplate/spec/containers/0/volumeMounts").spliterator(), false)
        .filter(mount -> mount.path("name").asText().equals(volume))
        .map(mount -> mount.path("mountPath").asText())
        .findFirst()
        .orElse("(not mounted)");
  }
}
