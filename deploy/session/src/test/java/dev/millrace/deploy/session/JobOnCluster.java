package dev.millrace.deploy.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A job as its cluster's REST API tells of it. */
final class JobOnCluster {
  private final SessionCluster cluster;
  private final String path;

  JobOnCluster(SessionCluster cluster, String id) {
    this.cluster = cluster;
    path = "/jobs/" + id;
  }

  /** A restore of the job: from which checkpoint, and when. */
  record Restore(long checkpoint, Path path, long atMillis) {}

  /** Names of the TaskManagers on which tasks run whose name has {@code part} in it. */
  Set<String> hosts(String part) throws IOException {
    Set<String> hosts = new TreeSet<>();
    for (JsonNode vertex : cluster.rest(path).get("vertices")) {
      if (vertex.get("name").asText().contains(part)) {
        String details = path + "/vertices/" + vertex.get("id").asText();
        for (JsonNode subtask : cluster.rest(details).get("subtasks")) {
          hosts.add(subtask.get("taskmanager-id").asText());
        }
      }
    }
    return hosts;
  }

  boolean allTasksRun() throws IOException {
    for (JsonNode vertex : cluster.rest(path).get("vertices")) {
      if (!vertex.get("status").asText().equals("RUNNING")) {
        return false;
      }
    }
    return true;
  }

  /** The last restore; empty before the first. */
  Optional<Restore> restored() throws IOException {
    JsonNode restored = cluster.rest(path + "/checkpoints").at("/latest/restored");
    return restored.isMissingNode() || restored.isNull()
        ? Optional.empty()
        : Optional.of(
            new Restore(
                restored.get("id").asLong(),
                file(restored.get("external_path")),
                restored.get("restore_timestamp").asLong()));
  }

  /** The first checkpoint after {@code number} that was completed, as far back as is known. */
  Optional<Path> checkpointAfter(long number) throws IOException {
    Optional<Path> first = Optional.empty();
    long least = Long.MAX_VALUE;
    for (JsonNode each : cluster.rest(path + "/checkpoints").get("history")) {
      long id = each.get("id").asLong();
      if (each.get("status").asText().equals("COMPLETED")
          && !each.get("is_savepoint").asBoolean()
          && id > number
          && id < least) {
        least = id;
        first = Optional.of(file(each.get("external_path")));
      }
    }
    return first;
  }

  /** Takes a savepoint; empty if that failed, as it does while a task is not ready. */
  Optional<Path> savepoint() throws IOException, InterruptedException {
    JsonNode trigger = cluster.post(path + "/savepoints", "{\"formatType\": \"NATIVE\"}");
    String request = path + "/savepoints/" + trigger.get("request-id").asText();
    JsonNode answer = cluster.rest(request);
    while (!answer.at("/status/id").asText().equals("COMPLETED")) {
      Thread.sleep(50);
      answer = cluster.rest(request);
    }
    JsonNode location = answer.at("/operation/location");
    return location.isMissingNode() ? Optional.empty() : Optional.of(file(location));
  }

  /** How often the job has failed since the JobManager leads that leads now. */
  int failures() throws IOException {
    return exceptions().at("/exceptionHistory/entries").size();
  }

  /** Whether it has with that in a message. */
  boolean failedWith(String message) throws IOException {
    return exceptions().toString().contains(message);
  }

  private JsonNode exceptions() throws IOException {
    return cluster.rest(path + "/exceptions?maxExceptions=100");
  }

  private static Path file(JsonNode uri) {
    return Path.of(URI.create(uri.asText()).getPath());
  }
}
