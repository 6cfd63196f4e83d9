package dev.millrace.deploy.kubernetes;

import java.util.List;

/** Looks at manifests from one side. */
@FunctionalInterface
interface Check {
  /**
   * What is wrong, in a sentence each; empty if nothing is.
   *
   * @param manifests that are applied together
   */
  List<String> problems(List<Manifest> manifests);

  /** Every check there is. */
  static List<Check> all(Repository repository) {
    Image image = Image.of(repository);
    return List.of(
        new SchemaCheck(),
        new TypeCheck(),
        new OperatorCheck(),
        new FlinkOptionCheck(),
        new ImageCheck(image, repository),
        new JobCheck(image),
        new MemoryCheck(image),
        new PodSecurityCheck(),
        new ReferenceCheck(repository));
  }
}
