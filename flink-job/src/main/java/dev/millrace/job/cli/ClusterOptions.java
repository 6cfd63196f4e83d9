package dev.millrace.job.cli;

import dev.millrace.job.run.Runner;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of a command that trains on a session cluster. */
final class ClusterOptions {
  @Option(
      names = "--cluster",
      paramLabel = "URL",
      split = ",",
      description =
          "Train on the session cluster whose REST interface is there, such as http://localhost:8081;"
              + " of several JobManagers name each. Given again, it attends the job that runs already.")
  private List<URI> addresses = List.of();

  @Option(
      names = "--attend",
      paramLabel = "JOB",
      description = "With --cluster: attend the running job of that Flink job ID.")
  private String attend;

  @Option(names = "--detach", description = "With --cluster: submit the job and return.")
  private boolean detach;

  boolean given() {
    return !addresses.isEmpty();
  }

  List<URI> addresses() {
    return addresses;
  }

  /** The job to attend, or null. */
  String attend() {
    return attend;
  }

  /**
   * The cluster for a runner.
   *
   * @param job that runs there already and shall be attended, or null
   */
  Runner.Cluster running(String job) {
    return new Runner.Cluster(addresses, job, detach);
  }

  /** What is wrong with what was given; empty if nothing is. */
  Optional<String> problem() {
    if (!given() && (attend != null || detach)) {
      return Optional.of("--attend and --detach: need --cluster, the address of a session cluster");
    }
    if (attend != null && !attend.matches("[0-9a-f]{32}")) {
      return Optional.of(
          "--attend %s: must be a job's ID of 32 hexadecimal digits, as `flink list` shows"
              .formatted(attend));
    }
    if (attend != null && detach) {
      return Optional.of("--attend and --detach: contradict each other; leave one out");
    }
    return addresses.stream()
        .filter(address -> !isWeb(address))
        .map("--cluster %s: must be an address such as http://localhost:8081"::formatted)
        .findFirst();
  }

  private static boolean isWeb(URI address) {
    return address.getHost() != null && List.of("http", "https").contains(address.getScheme());
  }
}
