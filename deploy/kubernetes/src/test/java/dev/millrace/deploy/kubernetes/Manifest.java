package dev.millrace.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One Kubernetes resource, as it would be applied. */
record Manifest(JsonNode json) {
  static final String DEPLOYMENT = "FlinkDeployment";
  static final String SESSION_JOB = "FlinkSessionJob";

  String kind() {
    return json.path("kind").asText();
  }

  String name() {
    return json.at("/metadata/name").asText();
  }

  /** How messages call it. */
  String called() {
    return kind() + " " + name();
  }

  JsonNode at(String pointer) {
    return json.at(pointer);
  }

  boolean runsOnFlink() {
    return kind().equals(DEPLOYMENT) || kind().equals(SESSION_JOB);
  }

  /** Whether it names a job: an application or a session's job, not a session. */
  boolean hasJob() {
    return runsOnFlink() && !at("/spec/job").isMissingNode();
  }

  Map<String, String> flinkConfiguration() {
    Map<String, String> values = new LinkedHashMap<>();
    at("/spec/flinkConfiguration")
        .fields()
        .forEachRemaining(each -> values.put(each.getKey(), each.getValue().asText()));
    return values;
  }

  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    at("/spec/job/args").forEach(each -> arguments.add(each.asText()));
    return arguments;
  }
}
