package dev.millrace.job.client;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.config.ConfigurationException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class ClusterFactsTest {
  private static final Map<String, String> CHECKPOINTS =
      Map.of("execution.checkpointing.dir", "file:///shared");

  private static ClusterFacts facts(String version, int slots, Map<String, String> configuration) {
    return new ClusterFacts(
        "--cluster http://here:8081", version, slots, Configuration.fromMap(configuration));
  }

  @Test
  void whatFitsIsLetThrough() {
    assertThatCode(() -> facts("1.20.0", 3, CHECKPOINTS).require("1.20.3", 3, null))
        .doesNotThrowAnyException();
    assertThatCode(() -> facts("1.20.3", 3, Map.of()).require("1.20.3", 3, "file:///mine"))
        .doesNotThrowAnyException();
  }

  @Test
  void anotherMinorVersionIsRefused() {
    assertThatThrownBy(() -> facts("1.19.1", 3, CHECKPOINTS).require("1.20.3", 3, null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "--cluster http://here:8081: it runs Flink 1.19.1, and this build is for Flink 1.20: use a cluster of that version, or build with -Dflink.version=1.19.1");
    assertThatThrownBy(() -> facts("1.2.0", 3, CHECKPOINTS).require("1.20.3", 3, null))
        .hasMessageContaining("it runs Flink 1.2.0");
    assertThatThrownBy(() -> facts("2.20-SNAPSHOT", 3, CHECKPOINTS).require("1.20.3", 3, null))
        .hasMessageContaining("it runs Flink 2.20-SNAPSHOT");
  }

  @Test
  void tooFewSlotsAreRefused() {
    assertThatThrownBy(() -> facts("1.20.3", 2, CHECKPOINTS).require("1.20.3", 3, null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "--cluster http://here:8081: it has 2 task slots, and the job needs 3 (one for the learner, the others for actors and replay): start TaskManagers, or lower actor.parallelism and replay.parallelism");
  }

  @Test
  void aClusterThatStartsTaskManagersOnDemandHasSlotsEnough() {
    Configuration kubernetes = Configuration.fromMap(CHECKPOINTS);
    kubernetes.setString("kubernetes.cluster-id", "millrace");
    assertThatCode(() -> new ClusterFacts("it", "1.20.3", 0, kubernetes).require("1.20.3", 3, null))
        .doesNotThrowAnyException();
  }

  @Test
  void nowhereToPutCheckpointsIsRefused() {
    assertThatThrownBy(() -> facts("1.20.3", 3, Map.of()).require("1.20.3", 3, null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "--cluster http://here:8081: it has no directory for checkpoints: set execution.checkpointing.dir in its configuration, or flink.execution.checkpointing.dir in the experiment's, to a directory that all its machines share");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    assertThatThrownBy(() -> facts("1.19.1", 0, Map.of()).require("1.20.3", 3, null))
        .hasMessageContaining("3 problems")
        .hasMessageContaining("1.19.1")
        .hasMessageContaining("0 task slots")
        .hasMessageContaining("no directory");
  }

  @Test
  void aClusterSaysWhatItIs() throws Exception {
    try (TestingCluster answering = TestingCluster.of("1.19.1", 7, "execution.checkpointing.dir");
        ClusterConnection cluster = ClusterConnection.to(List.of(answering.address()))) {
      ClusterFacts facts = ClusterFacts.of("it", cluster);
      assertThatThrownBy(() -> facts.require("1.20.3", 8, null))
          .hasMessageContaining("it runs Flink 1.19.1, and this build is for Flink 1.20")
          .hasMessageContaining("it has 7 task slots, and the job needs 8")
          .hasMessageNotContaining("no directory");
    }
  }

  @Test
  void aClusterThatCannotBeReachedIsSaidToBe() throws Exception {
    URI nobody = TestingCluster.nobody();
    try (ClusterConnection cluster = ClusterConnection.to(List.of(nobody))) {
      assertThatThrownBy(() -> ClusterFacts.of("--cluster " + nobody, cluster))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageMatching(
              "--cluster "
                  + nobody
                  + ": cannot be reached: .*[Cc]onnection refused.*; is it running, and is this the address of its REST interface\\?");
    }
  }

  @Test
  void somethingElseAtThatAddressIsNoCluster() throws Exception {
    try (TestingCluster other = TestingCluster.somethingElse();
        ClusterConnection cluster = ClusterConnection.to(List.of(other.address()))) {
      assertThatThrownBy(() -> ClusterFacts.of("--cluster there", cluster))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith("--cluster there: cannot be reached: ");
    }
  }
}
