package dev.millrace.job.client;

import dev.millrace.job.config.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rest.handler.legacy.messages.ClusterOverviewWithVersion;
import org.apache.flink.runtime.rest.messages.ClusterConfigurationInfoHeaders;
import org.apache.flink.runtime.rest.messages.ConfigurationInfoEntry;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;

/**
 * What must be known of a cluster before a job is sent there.
 *
 * @param name of the cluster, for messages
 * @param version of its Flink
 * @param slots of all its TaskManagers
 * @param configuration of its JobManager
 */
public record ClusterFacts(String name, String version, int slots, Configuration configuration) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * Asks the cluster.
   *
   * @param name of the cluster, for messages
   * @throws ConfigurationException if it cannot be reached
   */
  public static ClusterFacts of(String name, ClusterConnection cluster)
      throws InterruptedException {
    try {
      ClusterOverviewWithVersion overview =
          cluster.ask(client -> ((RestClusterClient<?>) client).getClusterOverview(), PATIENCE);
      Configuration configuration = new Configuration();
      for (ConfigurationInfoEntry entry :
          cluster.ask(
              client ->
                  ((RestClusterClient<?>) client)
                      .sendRequest(
                          ClusterConfigurationInfoHeaders.getInstance(),
                          EmptyMessageParameters.getInstance(),
                          EmptyRequestBody.getInstance()),
              PATIENCE)) {
        configuration.setString(entry.getKey(), entry.getValue());
      }
      return new ClusterFacts(
          name, overview.getVersion(), overview.getNumSlotsTotal(), configuration);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new ConfigurationException(
          name,
          List.of(
              "cannot be reached: %s; is it running, and is this the address of its REST interface?"
                  .formatted(AttendedRun.cause(e).getMessage())));
    }
  }

  /**
   * Refuses a job that could not run there.
   *
   * @param built version of the Flink that this build is for
   * @param slotsNeeded by the job
   * @param checkpoints where the job wants them; null if the cluster shall say
   * @throws ConfigurationException naming everything that is wrong
   */
  public void require(String built, int slotsNeeded, String checkpoints) {
    List<String> problems = new ArrayList<>();
    if (!minor(version).equals(minor(built))) {
      problems.add(
          "it runs Flink %s, and this build is for Flink %s: use a cluster of that version, or build with -Dflink.version=%s"
              .formatted(version, minor(built), version));
    }
    if (slots < slotsNeeded && !startsTaskManagers()) {
      problems.add(
          "it has %d task slots, and the job needs %d (one for the learner, the others for actors and replay): start TaskManagers, or lower actor.parallelism and replay.parallelism"
              .formatted(slots, slotsNeeded));
    }
    if (checkpoints == null
        && configuration.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY) == null) {
      problems.add(
          "it has no directory for checkpoints: set execution.checkpointing.dir in its configuration, or flink.execution.checkpointing.dir in the experiment's, to a directory that all its machines share");
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(name, problems);
    }
  }

  /** Whether it starts a TaskManager for who needs one. */
  private boolean startsTaskManagers() {
    return configuration.keySet().stream()
        .anyMatch(key -> key.equals("kubernetes.cluster-id") || key.startsWith("yarn."));
  }

  private static String minor(String version) {
    String[] parts = version.split("[.-]");
    return parts.length < 2 ? version : parts[0] + "." + parts[1];
  }
}
