package dev.millrace.job.run;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reports of a small run, and the recording that they belong to. */
final class Reports {
  static final NetworkSpec NETWORK =
      new NetworkSpec(
          2,
          List.of(new NetworkSpec.Dense(3, NetworkSpec.Activation.RELU)),
          NetworkSpec.Head.DUELING,
          2);

  private Reports() {}

  static Recording recording(Path folder, long startedAtMillis) {
    return recording(folder, startedAtMillis, 475);
  }

  static Recording recording(Path folder, long startedAtMillis, double targetReturn) {
    return new Recording(
        RunFolder.at(folder),
        "trial",
        "testing",
        "Testing-v0",
        "name: trial\n",
        NETWORK,
        List.of("entropy"),
        7,
        targetReturn,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        startedAtMillis,
        false,
        Map.of("millrace", "0"));
  }

  static Report episode(long steps, double episodeReturn) {
    return new Report.Episode(0, steps, episodeReturn, (int) episodeReturn, false);
  }

  static Report acting(int group, long steps) {
    return new Report.Acting(group, steps, 0, ParameterVersion.NONE);
  }

  static Report replay(int shard, long inserted, long sampled) {
    return new Report.Replay(
        new Progress.Shard(shard, 1, inserted, sampled, inserted, 1, ParameterVersion.NONE),
        5,
        2,
        1,
        1000,
        2000);
  }

  static Report learning(long step) {
    return new Report.Learning(new ParameterVersion(1, step), 0, 0.5, 1.5, 20, 12, 3, List.of(0.6));
  }

  static Report evaluation(long steps, double meanReturn, boolean reached, float parameter) {
    float[] values = new float[NETWORK.parameterCount()];
    Arrays.fill(values, parameter);
    ParameterVersion version = new ParameterVersion(1, steps / 10);
    return new Report.Evaluation(
        version,
        steps,
        100,
        meanReturn,
        true,
        reached,
        new PolicyParameters(version, steps, 0, values));
  }
}
