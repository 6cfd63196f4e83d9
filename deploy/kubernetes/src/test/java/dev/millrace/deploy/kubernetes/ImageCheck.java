package dev.millrace.deploy.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a manifest names must be in the image, and the JVM must be started as Millrace needs it. */
final class ImageCheck implements Check {
  private static final String LOCAL = "local://";
  private static final String JAVA_OPTIONS = "env.java.opts.all";
  private static final String UNPACK = "-Dorg.bytedeco.javacpp.cachedir=/tmp/javacpp";
  private static final String ENTRY = "kubernetes.entry.path";
  private static final String S3_PLUGIN = "s3-fs-hadoop";
  private static final Pattern TAGGED =
      Pattern.compile(".+/[^/:@]+:([^:@/]+)(@sha256:[0-9a-f]{64})?");
  private static final Pattern NEEDED = Pattern.compile("--add-(?:opens|modules)=\\S+");

  private final Image image;
  private final List<String> javaOptions;

  ImageCheck(Image image, Repository repository) {
    this.image = image;
    this.javaOptions =
        NEEDED
            .matcher(Repository.text(repository.root().resolve("millrace")))
            .results()
            .map(result -> result.group().replaceAll("\\W+$", ""))
            .toList();
  }

  @Override
  public List<String> problems(List<Manifest> manifests) {
    List<String> problems = new ArrayList<>();
    for (Manifest each : manifests) {
      Stream<String> found =
          each.kind().equals(Manifest.DEPLOYMENT)
              ? Stream.of(name(each), entry(each), fileSystem(each), java(each), jar(each))
                  .flatMap(problem -> problem)
              : Stream.empty();
      Stream.concat(found, classes(each))
          .map(what -> each.called() + ": " + what)
          .forEach(problems::add);
    }
    return problems;
  }

  private static Stream<String> name(Manifest manifest) {
    String name = manifest.at("/spec/image").asText();
    Matcher tagged = TAGGED.matcher(name);
    return tagged.matches() && !tagged.group(1).equals("latest")
        ? Stream.empty()
        : Stream.of("image=%s: must have a registry and a tag other than latest".formatted(name));
  }

  private Stream<String> jar(Manifest manifest) {
    if (!manifest.hasJob()) {
      return Stream.empty();
    }
    String jar = manifest.at("/spec/job/jarURI").asText();
    return jar.startsWith(LOCAL) && image.holds(jar.substring(LOCAL.length()))
        ? Stream.empty()
        : Stream.of("jarURI=%s: the image has no such file".formatted(jar));
  }

  private Stream<String> entry(Manifest manifest) {
    String entry = manifest.flinkConfiguration().get(ENTRY);
    return entry != null && image.holds(entry)
        ? Stream.empty()
        : Stream.of("%s=%s: the image has no such file".formatted(ENTRY, entry));
  }

  private Stream<String> fileSystem(Manifest manifest) {
    return manifest.flinkConfiguration().entrySet().stream()
        .filter(each -> each.getValue().startsWith("s3") && !image.hasPlugin(S3_PLUGIN))
        .map(
            each ->
                "%s=%s: the image lacks the plugin %s"
                    .formatted(each.getKey(), each.getValue(), S3_PLUGIN));
  }

  private Stream<String> java(Manifest manifest) {
    List<String> given =
        List.of(manifest.flinkConfiguration().getOrDefault(JAVA_OPTIONS, "").split("\\s+"));
    Stream<String> missing =
        javaOptions.stream()
            .filter(needed -> !given.contains(needed))
            .map(
                needed ->
                    "%s: %s is missing, which ./millrace starts with"
                        .formatted(JAVA_OPTIONS, needed));
    Stream<String> unpacking =
        given.contains(UNPACK)
            ? Stream.empty()
            : Stream.of(
                "%s: %s is missing: a learner must unpack native code, and the root file system is read-only"
                    .formatted(JAVA_OPTIONS, UNPACK));
    return Stream.concat(missing, unpacking);
  }

  private static Stream<String> classes(Manifest manifest) {
    Stream<Map.Entry<String, String>> configured =
        manifest.flinkConfiguration().entrySet().stream()
            .filter(each -> each.getKey().endsWith(".class"));
    Stream<Map.Entry<String, String>> main =
        manifest.hasJob()
            ? Stream.of(Map.entry("entryClass", manifest.at("/spec/job/entryClass").asText()))
            : Stream.empty();
    return Stream.concat(configured, main)
        .filter(each -> !exists(each.getValue()))
        .map(each -> "%s=%s: there is no such class".formatted(each.getKey(), each.getValue()));
  }

  private static boolean exists(String name) {
    try {
      Class.forName(name, false, ImageCheck.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
