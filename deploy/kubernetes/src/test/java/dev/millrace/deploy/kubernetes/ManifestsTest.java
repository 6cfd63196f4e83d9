package dev.millrace.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that one may apply is right from every side. */
class ManifestsTest {
  private static final Repository REPOSITORY = Repository.here();
  private static final List<Check> CHECKS = Check.all(REPOSITORY);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "platform",
        "application",
        "session",
        "overlays/small",
        "overlays/large",
        "overlays/gpu"
      })
  void noCheckFindsAProblem(String folder) {
    List<Manifest> manifests = Kustomization.render(REPOSITORY.manifests().resolve(folder));

    assertThat(problems(manifests)).isEmpty();
    assertThat(manifests).isNotEmpty();
  }

  static List<String> problems(List<Manifest> manifests) {
    List<String> problems = new ArrayList<>();
    CHECKS.forEach(check -> problems.addAll(check.problems(manifests)));
    return problems;
  }
}
