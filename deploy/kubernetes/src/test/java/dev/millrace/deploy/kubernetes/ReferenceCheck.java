package dev.millrace.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a manifest refers to must be there: claims, service accounts, config maps and the monitored
 * port in the platform's manifests or beside it; secrets, which no file holds, in the commands of
 * {@code docs/kubernetes.md} that make them. No value may look like a secret itself.
 */
final class ReferenceCheck implements Check {
  private static final List<String> SECRETIVE =
      List.of("password", "secret", "access-key", "token");

  private final List<Manifest> platform;
  private final Map<String, Set<String>> secrets;

  ReferenceCheck(Repository repository) {
    platform = Kustomization.render(repository.manifests().resolve("platform"));
    secrets = SecretCommands.of(Repository.text(repository.page()));
  }

  @Override
  public List<String> problems(List<Manifest> manifests) {
    List<Manifest> all = new ArrayList<>(platform);
    all.addAll(manifests);
    Set<String> there = new HashSet<>();
    all.forEach(each -> there.add(each.called() + " in " + namespace(each)));
    List<String> problems = new ArrayList<>();
    for (Manifest each : manifests) {
      if (each.kind().equals(Manifest.DEPLOYMENT)) {
        List<String> found = new ArrayList<>();
        references(each).forEach(name -> requireThere(name, namespace(each), there, found));
        each.json().findValues("secretKeyRef").forEach(ref -> requireSecret(ref, found));
        each.json().findValues("secretName").forEach(name -> requireSecret(name.asText(), found));
        monitored(each, found);
        found.forEach(what -> problems.add(each.called() + ": " + what));
      }
      secretValues(each).forEach(what -> problems.add(each.called() + ": " + what));
    }
    return problems;
  }

  private static String namespace(Manifest manifest) {
    return manifest.at("/metadata/namespace").asText();
  }

  private static Set<String> references(Manifest manifest) {
    Set<String> names = new TreeSet<>();
    names.add("ServiceAccount " + manifest.at("/spec/serviceAccount").asText());
    manifest
        .json()
        .findValues("claimName")
        .forEach(name -> names.add("PersistentVolumeClaim " + name.asText()));
    for (String field : List.of("configMap", "configMapRef", "configMapKeyRef")) {
      manifest
          .json()
          .findValues(field)
          .forEach(map -> names.add("ConfigMap " + map.path("name").asText()));
    }
    return names;
  }

  private static void requireThere(
      String name, String namespace, Set<String> there, List<String> problems) {
    if (!there.contains(name + " in " + namespace)) {
      problems.add("%s: there is none in namespace %s".formatted(name, namespace));
    }
  }

  private void requireSecret(JsonNode reference, List<String> problems) {
    String name = reference.path("name").asText();
    String key = reference.path("key").asText();
    if (!secrets.getOrDefault(name, Set.of()).contains(key)) {
      problems.add(
          "secretKeyRef %s/%s: docs/kubernetes.md does not say how to make it"
              .formatted(name, key));
    }
  }

  private void requireSecret(String name, List<String> problems) {
    if (!secrets.containsKey(name)) {
      problems.add("Secret %s: docs/kubernetes.md does not say how to make it".formatted(name));
    }
  }

  private void monitored(Manifest manifest, List<String> problems) {
    String port = manifest.flinkConfiguration().getOrDefault("metrics.reporter.prom.port", "none");
    for (Manifest monitor : platform) {
      for (JsonNode endpoint : monitor.at("/spec/podMetricsEndpoints")) {
        boolean open = false;
        for (JsonNode each : manifest.at("/spec/podTemplate/spec/containers/0/ports")) {
          open |=
              each.path("name").asText().equals(endpoint.path("port").asText())
                  && each.path("containerPort").asText().equals(port);
        }
        if (!open) {
          problems.add(
              "metrics.reporter.prom.port=%s: no container port %s has this number, which PodMonitor %s asks"
                  .formatted(port, endpoint.path("port").asText(), monitor.name()));
        }
      }
    }
  }

  private static List<String> secretValues(Manifest manifest) {
    List<String> problems = new ArrayList<>();
    manifest
        .json()
        .findParents("value")
        .forEach(env -> secretValue(env.path("name").asText(), problems));
    manifest.flinkConfiguration().keySet().forEach(key -> secretValue(key, problems));
    return problems;
  }

  private static void secretValue(String name, List<String> problems) {
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
    if (SECRETIVE.stream().anyMatch(plain::contains)) {
      problems.add(name + ": a secret must be given by reference (secretKeyRef)");
    }
  }
}
