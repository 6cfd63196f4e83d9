package dev.millrace.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/kubernetes.md says what is so. */
class KubernetesPageTest {
  private static final Repository REPOSITORY = Repository.here();
  private static final String PAGE = Repository.text(REPOSITORY.page());

  @ParameterizedTest
  @CsvSource({
    "operator-api.version, definitions of operator **%s**",
    "operator.version, validator of version **%s**",
    "fabric8.version, fabric8 Kubernetes client %s",
    "flink-kubernetes.version, of Flink on Kubernetes (%s)",
  })
  void namesTheVersionsThatAreTestedWith(String property, String sentence) {
    String pom = Repository.text(REPOSITORY.manifests().resolve("pom.xml"));
    String version = found("<%1$s>(.*)</%1$s>".formatted(property), pom).get(0);

    assertThat(PAGE.replaceAll("\\s+", " ")).contains(sentence.formatted(version));
  }

  @Test
  void appliesFoldersThatThereAre() {
    assertThat(found("-k (deploy/kubernetes/[\\w/-]+)", PAGE))
        .hasSizeGreaterThan(2)
        .allSatisfy(
            folder ->
                assertThat(REPOSITORY.root().resolve(folder).resolve("kustomization.yaml"))
                    .isRegularFile());
  }

  @Test
  void listsEveryOverlayAndComponent() {
    assertThat(List.of("overlays", "components"))
        .flatMap(
            folder ->
                List.of(REPOSITORY.manifests().resolve(folder).toFile().list()).stream()
                    .map(name -> folder + "/" + name)
                    .toList())
        .hasSize(5)
        .allSatisfy(name -> assertThat(PAGE).contains("`" + name + "`"));
  }

  @Test
  void tellsWhereThingsAreInTheImage() {
    Image image = Image.of(REPOSITORY);

    assertThat(image.copies())
        .filteredOn(copy -> !copy.target().endsWith(".sh"))
        .allSatisfy(copy -> assertThat(PAGE).contains("`" + copy.target() + "`"));
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult each) -> each.group(1))
        .toList();
  }
}
