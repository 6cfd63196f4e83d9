package dev.millrace.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KustomizationTest {
  private static final String PATCHES =
      """
      patches:
        - path: patch.yaml
          target: {kind: Sail}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeABase() throws IOException {
    write("base/kustomization.yaml", "resources: [mill.yaml]");
    write(
        "base/mill.yaml",
        """
        kind: Mill
        metadata: {name: one}
        ---
        kind: Sail
        metadata: {name: one}
        spec: {metres: 10, "cloth.of": linen}
        """);
  }

  @Test
  void patchesWhatIsOfTheTargetsKindAndNothingElse() throws IOException {
    overlay(PATCHES, "- {op: replace, path: /spec/metres, value: 12}");

    List<Manifest> rendered = Kustomization.render(folder);

    assertThat(rendered).extracting(Manifest::called).containsExactly("Mill one", "Sail one");
    assertThat(rendered.get(1).at("/spec/metres").asInt()).isEqualTo(12);
    assertThat(rendered.get(1).at("/spec/cloth.of").asText()).isEqualTo("linen");
  }

  @Test
  void appliesComponentsBeforeItsOwnPatches() throws IOException {
    overlay(
        "components: [component]\n" + PATCHES, "- {op: replace, path: /spec/added, value: own}");
    write("component/kustomization.yaml", "kind: Component\n" + PATCHES);
    write("component/patch.yaml", "- {op: add, path: /spec/added, value: component's}");

    assertThat(Kustomization.render(folder).get(1).at("/spec/added").asText()).isEqualTo("own");
  }

  @Test
  void refusesToReplaceWhatIsNotThere() throws IOException {
    overlay(PATCHES, "- {op: replace, path: /spec/meters, value: 12}");

    assertThatThrownBy(() -> Kustomization.render(folder))
        .hasMessageContaining("patch.yaml on Sail one")
        .hasMessageContaining("meters");
  }

  @Test
  void refusesAPatchOfAKindThatIsNotThere() throws IOException {
    overlay(PATCHES.replace("Sail", "Sails"), "[]");

    assertThatThrownBy(() -> Kustomization.render(folder))
        .hasMessageContaining("target.kind=Sails: nothing of that kind is patched");
  }

  @Test
  void refusesWhatItWouldRenderDifferentlyThanKustomize() throws IOException {
    overlay("namePrefix: my-\n" + PATCHES, "[]");

    assertThatThrownBy(() -> Kustomization.render(folder))
        .hasMessageContaining("namePrefix: is not used here");
  }

  @Test
  void refusesAKeyGivenTwice() throws IOException {
    overlay("resources: []\n" + PATCHES, "[]");

    assertThatThrownBy(() -> Kustomization.render(folder))
        .hasMessageContaining("Duplicate field 'resources'");
  }

  private void overlay(String more, String patch) throws IOException {
    write("kustomization.yaml", "resources: [base]\n" + more);
    write("patch.yaml", patch);
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
