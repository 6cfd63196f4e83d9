package dev.millrace.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.flipkart.zjsonpatch.JsonPatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Renders a folder as {@code kustomize build} does, for the part of kustomize that the manifests
 * keep to: resources, components, and patches by RFC 6902 with a kind for a target, in that order.
 * Anything else is refused, so that nothing is tested differently from how it is applied.
 */
final class Kustomization {
  private static final Set<String> FIELDS =
      Set.of("apiVersion", "kind", "resources", "components", "patches");
  private static final String FILE = "kustomization.yaml";

  private Kustomization() {}

  /**
   * The manifests of {@code folder}, in the order of its resources.
   *
   * @throws IllegalArgumentException naming the file and what is wrong with it
   */
  static List<Manifest> render(Path folder) {
    return apply(folder, List.of());
  }

  /**
   * What comes of {@code manifests} when the kustomization in {@code folder} is applied to them.
   */
  static List<Manifest> apply(Path folder, List<Manifest> manifests) {
    Path file = folder.resolve(FILE);
    JsonNode own = Yaml.document(file);
    own.fieldNames()
        .forEachRemaining(
            field -> require(FIELDS.contains(field), file, field + ": is not used here"));
    List<Manifest> all = new ArrayList<>(manifests);
    own.path("resources").forEach(each -> all.addAll(resource(folder.resolve(each.asText()))));
    List<Manifest> changed = all;
    for (JsonNode component : own.path("components")) {
      changed = apply(folder.resolve(component.asText()), changed);
    }
    for (JsonNode patch : own.path("patches")) {
      changed = patch(file, folder, patch, changed);
    }
    return changed;
  }

  private static List<Manifest> resource(Path path) {
    return Files.isDirectory(path)
        ? render(path)
        : Yaml.documents(path).stream().map(Manifest::new).toList();
  }

  private static List<Manifest> patch(
      Path file, Path folder, JsonNode patch, List<Manifest> manifests) {
    String kind = patch.at("/target/kind").asText();
    require(
        patch.size() == 2
            && patch.has("path")
            && patch.path("target").size() == 1
            && !kind.isEmpty(),
        file,
        "a patch here has a path and a target's kind, and nothing else");
    require(
        manifests.stream().anyMatch(each -> each.kind().equals(kind)),
        file,
        "target.kind=%s: nothing of that kind is patched".formatted(kind));
    Path operations = folder.resolve(patch.path("path").asText());
    List<Manifest> changed = new ArrayList<>();
    for (Manifest each : manifests) {
      changed.add(each.kind().equals(kind) ? patched(operations, each) : each);
    }
    return changed;
  }

  private static Manifest patched(Path operations, Manifest manifest) {
    try {
      return new Manifest(JsonPatch.apply(Yaml.document(operations), manifest.json()));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "%s on %s: %s".formatted(operations, manifest.called(), e.getMessage()), e);
    }
  }

  private static void require(boolean holds, Path file, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(file + ": " + otherwise);
    }
  }
}
