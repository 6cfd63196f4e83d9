package dev.millrace.learner;

import dev.millrace.learner.network.NoBackendException;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;

/** The GPU that Flink's external-resource framework gives a task. */
final class Gpu {
  /** The resource's name in Flink's configuration. */
  static final String RESOURCE = "gpu";

  /** What Flink's GPU driver calls CUDA's number of a device. */
  static final String INDEX = "index";

  private Gpu() {}

  /**
   * The first of what is offered, by number.
   *
   * @throws NoBackendException if nothing is, or what is has no number
   */
  static int index(Set<ExternalResourceInfo> offered) {
    Optional<Integer> first =
        offered.stream()
            .flatMap(each -> each.getProperty(INDEX).stream())
            .filter(index -> index.matches("[0-9]{1,4}"))
            .map(Integer::valueOf)
            .min(Integer::compare);
    return first.orElseThrow(
        () ->
            new NoBackendException(
                "learner.device=cuda: this TaskManager offers %s; set external-resources: gpu, external-resource.gpu.amount: 1 and external-resource.gpu.driver-factory.class: org.apache.flink.externalresource.gpu.GPUDriverFactory where it has a GPU, or learner.device: cpu; the cluster inside `millrace train` has no external resources, so run it with --cluster or flink run"
                    .formatted(
                        offered.isEmpty()
                            ? "no external resource gpu"
                            : "the external resource gpu without a number, " + offered)));
  }
}
