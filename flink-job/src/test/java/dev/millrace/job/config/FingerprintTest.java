package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
  @TempDir Path folder;

  private Fingerprint of(String... overrides) {
    ClassLoader loader = TestingProviders.loader(folder);
    String yaml = "{environment: {name: Testing-v0}, algorithm: {name: testing}}";
    return Fingerprint.of(
        new ExperimentReader(loader).read("a.yaml", yaml, "a", List.of(overrides)), loader);
  }

  @Test
  void whatAppliesOnResumeMakesNoDifference() {
    assertThat(
            of().differences(
                    of("learner.learning-rate=0.01", "budget.environment-steps=5", "name=b")))
        .isEmpty();
  }

  @Test
  void everythingFixedIsRefusedWithTheReason() {
    assertThat(of().differences(of("replay.shards=2", "environment.count=4")))
        .containsExactly(
            "environment.count=4: the run's state was made with 8, and this is fixed for a run; set it back or begin a new run",
            "replay.shards=2: the run's state was made with 1, and this is fixed for a run; set it back or begin a new run");
  }

  @Test
  void theNetworkIsNamedOnlyWhenNoOptionExplainsIt() {
    assertThat(of().differences(of("network.hidden=[64]")))
        .containsExactly(
            "network.hidden=[64]: the run's state was made with [128, 128], and this is fixed for a run; set it back or begin a new run");
  }
}
