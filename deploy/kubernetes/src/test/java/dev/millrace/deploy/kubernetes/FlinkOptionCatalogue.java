package dev.millrace.deploy.kubernetes;

import dev.millrace.core.Suggestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.apache.flink.annotation.docs.Documentation.SuffixOption;
import org.apache.flink.autoscaler.config.AutoScalerOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.apache.flink.kubernetes.configuration.KubernetesConfigOptions;
import org.apache.flink.kubernetes.operator.config.KubernetesOperatorConfigOptions;

/**
 * The options that Flink and the operator declare, found in every {@code *Options} class of theirs.
 */
final class FlinkOptionCatalogue {
  /** One class of each jar that declares options. */
  private static final List<Class<?>> JARS =
      List.of(
          CoreOptions.class,
          RocksDBOptions.class,
          KubernetesConfigOptions.class,
          KubernetesOperatorConfigOptions.class,
          AutoScalerOptions.class);

  /** The only one that the Prometheus reporter declares as a plain text. */
  private static final ConfigOption<String> PROMETHEUS_PORT =
      ConfigOptions.key("metrics.reporter.<name>.port").stringType().noDefaultValue();

  private final Map<String, ConfigOption<?>> options = new TreeMap<>();
  private final Map<Pattern, ConfigOption<?>> families = new LinkedHashMap<>();

  private FlinkOptionCatalogue() {}

  static FlinkOptionCatalogue ofClassPath() {
    FlinkOptionCatalogue catalogue = new FlinkOptionCatalogue();
    JARS.forEach(catalogue::takeJar);
    catalogue.take(PROMETHEUS_PORT.key(), PROMETHEUS_PORT);
    return catalogue;
  }

  /** The option that {@code key} names, by its present or a former name, or null. */
  ConfigOption<?> option(String key) {
    ConfigOption<?> exact = options.get(key);
    return exact != null
        ? exact
        : families.entrySet().stream()
            .filter(family -> family.getKey().matcher(key).matches())
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
  }

  /** "; did you mean …?" or nothing. */
  String suggestion(String key) {
    return Suggestion.of(key, options.keySet());
  }

  private void takeJar(Class<?> member) {
    ClassLoader loader = member.getClassLoader();
    try (JarFile jar =
        new JarFile(
            Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI()).toFile())) {
      jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith("org/apache/flink/") && name.endsWith("Options.class"))
          .filter(name -> !name.contains("/shaded/") && !name.contains("$"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .forEach(name -> takeClass(name, loader));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void takeClass(String name, ClassLoader loader) {
    try {
      for (Field field : Class.forName(name, true, loader).getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())
            && Modifier.isPublic(field.getModifiers())
            && ConfigOption.class.isAssignableFrom(field.getType())) {
          SuffixOption suffix = field.getAnnotation(SuffixOption.class);
          takeOption(suffix == null ? "" : suffix.value() + ".", (ConfigOption<?>) field.get(null));
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private void takeOption(String prefix, ConfigOption<?> option) {
    take(prefix + option.key(), option);
    for (FallbackKey former : option.fallbackKeys()) {
      take(prefix + former.getKey(), option);
    }
  }

  /** A key with a placeholder is a family of keys; one that ends in a placeholder says nothing. */
  private void take(String key, ConfigOption<?> option) {
    if (!key.contains("<")) {
      options.put(key, option);
    } else if (!key.endsWith(">")) {
      families.put(Pattern.compile(family(key)), option);
    }
  }

  private static String family(String key) {
    StringBuilder pattern = new StringBuilder();
    for (String part : key.split("<[^>]*>")) {
      pattern.append(pattern.isEmpty() ? "" : "[^.]+").append(Pattern.quote(part));
    }
    return pattern.toString();
  }
}
