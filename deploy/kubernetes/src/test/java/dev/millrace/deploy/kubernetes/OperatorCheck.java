package dev.millrace.deploy.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.api.FlinkSessionJob;
import org.apache.flink.kubernetes.operator.config.FlinkConfigManager;
import org.apache.flink.kubernetes.operator.validation.DefaultValidator;

/**
 * Asks the operator's own validator, and adds the rules that a running operator has beyond it: what
 * a session's job may be fetched from, and the name that older Flinks had for the savepoint
 * directory.
 */
final class OperatorCheck implements Check {
  private static final String SAVEPOINTS = CheckpointingOptions.SAVEPOINT_DIRECTORY.key();
  private static final String SAVEPOINTS_BEFORE_1_20 = "state.savepoints.dir";

  private final DefaultValidator validator =
      new DefaultValidator(new FlinkConfigManager(new Configuration()));

  @Override
  public List<String> problems(List<Manifest> manifests) {
    List<String> problems = new ArrayList<>();
    for (Manifest each : manifests) {
      try {
        verdict(each, manifests).ifPresent(what -> problems.add(each.called() + ": " + what));
      } catch (IllegalArgumentException unreadable) {
        problems.add(
            "%s: cannot be validated: %s".formatted(each.called(), unreadable.getMessage()));
      }
    }
    return problems;
  }

  private Optional<String> verdict(Manifest manifest, List<Manifest> manifests) {
    return switch (manifest.kind()) {
      case Manifest.DEPLOYMENT ->
          validator
              .validateDeployment(TypeCheck.read(manifest, FlinkDeployment.class))
              .or(() -> savepointsByBothNames(manifest));
      case Manifest.SESSION_JOB ->
          validator
              .validateSessionJob(
                  TypeCheck.read(manifest, FlinkSessionJob.class), session(manifest, manifests))
              .or(() -> fetched(manifest));
      default -> Optional.empty();
    };
  }

  private static Optional<FlinkDeployment> session(Manifest job, List<Manifest> manifests) {
    String name = job.at("/spec/deploymentName").asText();
    return manifests.stream()
        .filter(each -> each.kind().equals(Manifest.DEPLOYMENT) && each.name().equals(name))
        .map(each -> TypeCheck.read(each, FlinkDeployment.class))
        .findFirst();
  }

  private static Optional<String> savepointsByBothNames(Manifest manifest) {
    String now = manifest.flinkConfiguration().get(SAVEPOINTS);
    String before = manifest.flinkConfiguration().get(SAVEPOINTS_BEFORE_1_20);
    return now != null && now.equals(before)
        ? Optional.empty()
        : Optional.of(
            "%s=%s: must be %s (%s), or an operator built with an older Flink takes no savepoints there"
                .formatted(SAVEPOINTS_BEFORE_1_20, before, now, SAVEPOINTS));
  }

  private static Optional<String> fetched(Manifest job) {
    String jar = job.at("/spec/job/jarURI").asText();
    return jar.startsWith("https://")
        ? Optional.empty()
        : Optional.of(
            "jarURI=%s: must be https, the only scheme that an operator fetches from by default"
                .formatted(jar));
  }
}
