package dev.millrace.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatch;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests that are right but for one thing are refused, for that thing. */
class BrokenManifestsTest {
  private static final String POD = "/spec/podTemplate/spec";
  private static final String MAIN = POD + "/containers/0";
  private static final String FLINK = "/spec/flinkConfiguration/";

  /**
   * A manifest with one value changed.
   *
   * @param value as YAML; null to remove what is there
   * @param said part of a complaint that must come of it
   */
  private record Broken(String folder, String kind, String pointer, String value, String said) {
    @Override
    public String toString() {
      return "%s %s %s=%s".formatted(folder, kind, pointer, value);
    }

    List<Manifest> manifests() {
      return Kustomization.render(Repository.here().manifests().resolve(folder)).stream()
          .map(each -> each.kind().equals(kind) ? new Manifest(changed(each.json())) : each)
          .toList();
    }

    private JsonNode changed(JsonNode manifest) {
      ArrayNode patch = JsonNodeFactory.instance.arrayNode();
      ObjectNode operation = patch.addObject().put("path", pointer);
      if (value == null) {
        operation.put("op", "remove");
      } else {
        operation.put("op", manifest.at(pointer).isMissingNode() ? "add" : "replace");
        operation.set("value", Yaml.value(value));
      }
      return JsonPatch.apply(patch, manifest);
    }
  }

  private static Broken application(String pointer, String value, String said) {
    return new Broken("application", Manifest.DEPLOYMENT, pointer, value, said);
  }

  private static Broken session(String pointer, String value, String said) {
    return new Broken("session", Manifest.SESSION_JOB, pointer, value, said);
  }

  private static Broken of(String overlay, String pointer, String value, String said) {
    return new Broken("overlays/" + overlay, Manifest.DEPLOYMENT, pointer, value, said);
  }

  private static Broken platform(String kind, String pointer, String value, String said) {
    return new Broken("platform", kind, pointer, value, said);
  }

  static Stream<Broken> unknownFields() {
    return Stream.of(
        application("/spec/taskManagers", "{}", "property 'taskManagers' is not defined"),
        application("/spec/job/arg", "[]", "property 'arg' is not defined"),
        application(MAIN + "/volumeMount", "[]", "property 'volumeMount' is not defined"),
        application("/spec/flinkVersion", "v1_99", "does not have a value in the enumeration"),
        application("/spec/job/parallelism", "many", "string found, integer expected"),
        application("/metadata/labls", "{}", "Unrecognized field \"labls\""),
        application("/apiVersion", "v1", "apiVersion=v1: must be flink.apache.org/v1beta1"),
        session("/spec/image", "x:1", "property 'image' is not defined"),
        platform("PersistentVolumeClaim", "/spec/accessMode", "x", "\"accessMode\""),
        platform("PodMonitor", "/spec/endpoints", "[]", "Unrecognized field \"endpoints\""),
        platform("Role", "/rules/0/verb", "[]", "Unrecognized field \"verb\""),
        platform("RoleBinding", "/kind", "RoleBound", "kind is not one of"));
  }

  static Stream<Broken> rulesOfTheOperator() {
    return Stream.of(
        application("/metadata/name", "Mill_1", "The FlinkDeployment name: Mill_1 is invalid"),
        application("/spec/serviceAccount", null, "spec.serviceAccount must be defined"),
        application("/spec/taskManager/resource/memory", null, "memory must be defined"),
        application("/spec/jobManager/replicas", "0", "should not be configured less than one"),
        application("/spec/job/parallelism", "0", "Job parallelism must be larger than 0"),
        application(
            FLINK + "execution.checkpointing.dir", null, "Checkpoint directory[execution.checkpoi"),
        application(
            FLINK + "state.savepoints.dir", "file:///data/s", "an operator built with an older"),
        of("large", FLINK + "high-availability.type", null, "High availability should be enabled"),
        session("/spec/job/jarURI", "http://a.example.com/millrace-job.jar", "must be https"));
  }

  static Stream<Broken> flinkOptions() {
    return Stream.of(
        application(
            FLINK + "state.backend.typ", "rocksdb", "no such option (did you mean state.backend.t"),
        application(FLINK + "metrics.reporter.prom.prt", "1", "metrics.reporter.prom.prt: no such"),
        application(FLINK + "job.autoscaler.vertex.excluded", "a", "no such option"),
        application(FLINK + "taskmanager.memory.managed.size", "lots", "Could not parse value"),
        application(FLINK + "execution.checkpointing.incremental", "'yes'", "Could not parse"));
  }

  static Stream<Broken> image() {
    return Stream.of(
        application("/spec/image", "registry.example.com/millrace:latest", "other than latest"),
        application("/spec/image", "registry.example.com/millrace", "must have a registry and"),
        application(
            "/spec/job/jarURI", "local:///opt/flink/usrlib/other.jar", "image has no such file"),
        application("/spec/job/entryClass", "dev.millrace.Main", "there is no such class"),
        application(
            FLINK + "metrics.reporter.prom.factory.class",
            "org.apache.flink.metrics.prometheus.Reporter",
            "there is no such class"),
        application(FLINK + "kubernetes.entry.path", "/entry.sh", "the image has no such file"),
        application(
            FLINK + "env.java.opts.all",
            "-Dorg.bytedeco.javacpp.cachedir=/tmp/javacpp",
            "--add-modules=jdk.incubator.vector is missing"),
        application(
            FLINK + "env.java.opts.all", "-Djava.awt.headless=true", "must unpack native code"),
        session("/spec/job/entryClass", "dev.millrace.Main", "there is no such class"));
  }

  static Stream<Broken> job() {
    return Stream.of(
        application("/spec/job/args/0", "trane", "args: Unmatched argument"),
        application("/spec/job/args/0", "list", "args: "),
        application("/spec/job/args/1", "/opt/millrace/conf/pong.yaml", "image has no such file"),
        application("/spec/job/args/2", "--run-folder", "args: Unknown options: '--run-folder'"),
        application("/spec/job/args/3", "/var/runs/x", "must be on a persistent volume"),
        of("large", "/spec/job/args/5", "environment.cout=256", "environment.cout: no such key"),
        of("large", "/spec/job/args/13", "replay.parallelism=3", "replay.parallelism=3"),
        of("large", "/spec/job/parallelism", "4", "parallelism=4: must be 8"),
        of("gpu", FLINK + "taskmanager.numberOfTaskSlots", "1", "ask for a GPU that nothing uses"),
        application(
            FLINK + "job.autoscaler.vertex.exclude.ids",
            "b7d192bcd5f15630d2760929dd4ddfbe",
            "the ends of the feedback edges"),
        session(FLINK + "job.autoscaler.vertex.exclude.ids", null, "the ends of the feedback edg"),
        session("/spec/deploymentName", "other", "there is no such FlinkDeployment"));
  }

  static Stream<Broken> memory() {
    return Stream.of(
        application(FLINK + "taskmanager.memory.managed.size", "3g", "memory: "),
        application("/spec/jobManager/resource/memory", "400m", "memory: "),
        application(
            "/spec/taskManager/resource/memory", "1650m", "replay.cache-bytes takes 128 MiB"),
        of(
            "large",
            "/spec/taskManager/resource/memory",
            "3g",
            "replay.cache-bytes takes 1024 MiB"));
  }

  static Stream<Broken> security() {
    return Stream.of(
        application(POD + "/securityContext", null, "runAsNonRoot must be true"),
        application(POD + "/securityContext/runAsUser", "0", "runAsUser must be a user other"),
        application(
            POD + "/securityContext/seccompProfile/type", "Unconfined", "must be RuntimeDefault"),
        application(
            MAIN + "/securityContext/allowPrivilegeEscalation", "true", "Escalation must be false"),
        application(MAIN + "/securityContext/capabilities/drop", "[]", "drop must be [ALL]"),
        application(MAIN + "/securityContext/privileged", "true", "privileged must be left to"),
        application(MAIN + "/securityContext/readOnlyRootFilesystem", null, "must be true"),
        application(POD + "/hostNetwork", "true", "hostNetwork must be absent"),
        application(POD + "/volumes/1", "{name: scratch, hostPath: {path: /tmp}}", "a hostPath"),
        application(
            "/spec/jobManager/podTemplate",
            "{spec: {securityContext: {runAsNonRoot: false}, containers: []}}",
            "securityContext belongs in the template of all pods"));
  }

  static Stream<Broken> references() {
    return Stream.of(
        application("/spec/serviceAccount", "flink", "ServiceAccount flink: there is none"),
        application(
            POD + "/volumes/0/persistentVolumeClaim/claimName", "data", "Claim data: there is non"),
        application(
            POD + "/volumes/-", "{name: x, configMap: {name: x}}", "ConfigMap x: there is none"),
        application(
            POD + "/volumes/-", "{name: x, secret: {secretName: x}}", "Secret x: docs/kubernetes"),
        application(MAIN + "/ports/0/containerPort", "9250", "no container port metrics has this"),
        application(
            MAIN + "/env/-",
            "{name: S3_PASSWORD, value: x}",
            "S3_PASSWORD: a secret must be given"),
        application(FLINK + "s3.secret-key", "x", "s3.secret-key: a secret must be given by ref"),
        of(
            "large",
            MAIN + "/env/1/valueFrom/secretKeyRef/key",
            "accesskey",
            "secretKeyRef millrace-object-storage/accesskey"));
  }

  @ParameterizedTest
  @MethodSource({
    "unknownFields",
    "rulesOfTheOperator",
    "flinkOptions",
    "image",
    "job",
    "memory",
    "security",
    "references"
  })
  void isRefusedForWhatIsBroken(Broken broken) {
    assertThat(ManifestsTest.problems(broken.manifests()))
        .anySatisfy(problem -> assertThat(problem).contains(broken.said()));
  }
}
