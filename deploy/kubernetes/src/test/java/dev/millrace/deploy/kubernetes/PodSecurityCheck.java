package dev.millrace.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Holds pods to Kubernetes' pod security standard "restricted" (as of v1.30), and to a read-only
 * root file system besides. The template of all pods must comply by itself, and those of
 * JobManagers and TaskManagers may not touch what it says about security.
 */
final class PodSecurityCheck implements Check {
  private static final Set<String> VOLUMES =
      Set.of(
          "name",
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");
  private static final List<String> HOST = List.of("hostNetwork", "hostPID", "hostIPC");

  @Override
  public List<String> problems(List<Manifest> manifests) {
    List<String> problems = new ArrayList<>();
    for (Manifest each : manifests) {
      if (each.kind().equals(Manifest.DEPLOYMENT)) {
        Stream.of(
                pod(each.at("/spec/podTemplate/spec")),
                role(each, "/spec/jobManager/podTemplate/spec"),
                role(each, "/spec/taskManager/podTemplate/spec"))
            .flatMap(found -> found)
            .forEach(what -> problems.add(each.called() + ": " + what));
      }
    }
    return problems;
  }

  private static Stream<String> pod(JsonNode pod) {
    List<String> problems = new ArrayList<>();
    JsonNode security = pod.path("securityContext");
    require(security.path("runAsNonRoot").asBoolean(), "runAsNonRoot must be true", problems);
    require(
        security.path("runAsUser").asInt() > 0, "runAsUser must be a user other than 0", problems);
    require(
        security.at("/seccompProfile/type").asText().equals("RuntimeDefault"),
        "seccompProfile.type must be RuntimeDefault",
        problems);
    require(
        pod.path("containers").size() > 0, "the template has no container to restrict", problems);
    for (String field : List.of("containers", "initContainers", "ephemeralContainers")) {
      pod.path(field).forEach(container -> container(container, problems));
    }
    return Stream.concat(problems.stream(), host(pod));
  }

  private static void container(JsonNode container, List<String> problems) {
    JsonNode security = container.path("securityContext");
    String of = container.path("name").asText() + ": ";
    require(
        security.path("allowPrivilegeEscalation").isBoolean()
            && !security.path("allowPrivilegeEscalation").asBoolean(),
        of + "allowPrivilegeEscalation must be false",
        problems);
    require(
        security.path("readOnlyRootFilesystem").asBoolean(),
        of + "readOnlyRootFilesystem must be true",
        problems);
    JsonNode drop = security.at("/capabilities/drop");
    require(
        drop.size() == 1 && drop.get(0).asText().equals("ALL"),
        of + "capabilities.drop must be [ALL]",
        problems);
    require(
        !security.at("/capabilities").has("add"), of + "capabilities.add must be absent", problems);
    for (String field : List.of("privileged", "runAsNonRoot", "runAsUser", "seccompProfile")) {
      require(!security.has(field), of + field + " must be left to the pod", problems);
    }
  }

  private static Stream<String> role(Manifest manifest, String pointer) {
    JsonNode pod = manifest.at(pointer);
    Stream<String> own =
        pod.findValues("securityContext").isEmpty()
            ? Stream.empty()
            : Stream.of(pointer + ": securityContext belongs in the template of all pods");
    return Stream.concat(own, host(pod));
  }

  private static Stream<String> host(JsonNode pod) {
    List<String> problems = new ArrayList<>();
    HOST.forEach(
        field -> require(!pod.path(field).asBoolean(), field + " must be absent", problems));
    require(pod.findValues("hostPort").isEmpty(), "hostPort must be absent", problems);
    for (JsonNode volume : pod.path("volumes")) {
      volume
          .fieldNames()
          .forEachRemaining(
              kind -> require(VOLUMES.contains(kind), "a volume may not be a " + kind, problems));
    }
    return problems.stream();
  }

  private static void require(boolean holds, String otherwise, List<String> problems) {
    if (!holds) {
      problems.add("podTemplate: " + otherwise);
    }
  }
}
