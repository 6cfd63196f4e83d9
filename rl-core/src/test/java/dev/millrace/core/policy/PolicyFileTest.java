package dev.millrace.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.Initialization;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileTest {
  private static final NetworkSpec NETWORK =
      new NetworkSpec(
          3,
          List.of(new Dense(5, Activation.TANH), new Dense(4, Activation.RELU)),
          Head.DUELING,
          2);

  @TempDir Path folder;
  private Path path;
  private PolicyFile policy;

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("best.policy");
    float[] values = Initialization.FAN_IN.parameters(NETWORK, new SeededRandom(7));
    policy = new PolicyFile("dqn", "CartPole-v1", NETWORK, new ParameterVersion(9, 11), values);
    policy.write(path);
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    PolicyFile read = PolicyFile.read(path);
    assertThat(read).usingRecursiveComparison().isEqualTo(policy);
    assertThat(folder.toFile().list()).containsExactly("best.policy");
  }

  @Test
  void replacesAnEarlierPolicy() throws IOException {
    new PolicyFile("dqn", "CartPole-v1", NETWORK, new ParameterVersion(9, 12), policy.values())
        .write(path);
    assertThat(PolicyFile.read(path).version()).isEqualTo(new ParameterVersion(9, 12));
  }

  @Test
  void saysThatAFileIsMissing() {
    Path missing = folder.resolve("other.policy");
    assertThatThrownBy(() -> PolicyFile.read(missing))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "policy %s: there is no such file; a run leaves its best policy in its run folder",
            missing);
  }

  @Test
  void saysThatAFileIsForeign() throws IOException {
    Files.write(path, "PK, a zip".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> PolicyFile.read(path))
        .isInstanceOf(IOException.class)
        .hasMessage("policy %s: is not a policy of Millrace", path);
  }

  @Test
  void saysThatAFileWasCutShortWhereverItWas() throws IOException {
    byte[] whole = Files.readAllBytes(path);
    for (int length = 8; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> PolicyFile.read(path))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "policy %s: %d bytes do not match their checksum: it was cut short or damaged; copy it again",
              path, length);
    }
  }

  @Test
  void saysThatAFileIsDamaged() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    bytes[bytes.length / 2] ^= 1;
    Files.write(path, bytes);
    assertThatThrownBy(() -> PolicyFile.read(path)).hasMessageContaining("cut short or damaged");
  }

  @Test
  void saysThatAFileIsOfAnotherFormat() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    bytes[11] = 2;
    Files.write(path, bytes);
    assertThatThrownBy(() -> PolicyFile.read(path))
        .hasMessage("policy %s: format=2, this build reads 1; use the build that wrote it", path);
  }

  @Test
  void refusesParametersOfAnotherNetwork() {
    assertThatThrownBy(
            () ->
                new PolicyFile("dqn", "CartPole-v1", NETWORK, ParameterVersion.NONE, new float[3]))
        .hasMessage("policy with parameters=3: network 3-5t-4-2 dueling needs 59");
  }
}
