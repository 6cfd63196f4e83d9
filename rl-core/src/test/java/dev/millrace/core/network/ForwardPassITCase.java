package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM without the incubating module must act all the same, and say once that it is slow. */
class ForwardPassITCase {

  /** What runs in that JVM. */
  public static final class WithoutVectors {
    public static void main(String[] arguments) {
      NetworkSpec spec = new NetworkSpec(2, List.of(), NetworkSpec.Head.LINEAR, 1);
      for (int i = 0; i < 2; i++) {
        ForwardPass pass = ForwardPass.of(spec, 1);
        pass.parameters(new float[] {2, 3, 4});
        float[] outputs = new float[1];
        pass.forward(new float[] {10, 100}, 1, outputs);
        System.out.println("answer " + outputs[0] + " " + ForwardPass.vectorized());
      }
    }
  }

  @Test
  @Timeout(60)
  void fallsBackToLoopsAndSaysSoOnce() throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp",
                System.getProperty("java.class.path"),
                WithoutVectors.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said.lines().filter("answer 324.0 false"::equals)).as(said).hasSize(2);
    assertThat(said).containsOnlyOnce("module jdk.incubator.vector is not there");
  }
}
