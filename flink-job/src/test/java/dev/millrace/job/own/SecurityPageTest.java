package dev.millrace.job.own;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

/** {@code docs/security.md} names options that Flink has, with the defaults that it has. */
class SecurityPageTest {
  private static final Path PAGE = Path.of("../docs/security.md");
  private static final String KEY = "[a-z][a-z0-9-]*(?:\\.[a-zA-Z0-9-]+)+";
  private static final Pattern NAMED = Pattern.compile("`(" + KEY + ")(?:: [^`]*)?`");
  private static final Pattern SET = Pattern.compile("(?m)^(" + KEY + "): ");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(" + KEY + ")` \\| ([^|]+) \\|");

  /** Reporters read what stands behind their name; it is not declared. */
  private static final String REPORTERS = "metrics.reporter.";

  private static final Set<String> FILES = Set.of("config.yaml");

  private static Map<String, Object> options() throws IOException, ReflectiveOperationException {
    Map<String, Object> defaults = new TreeMap<>();
    Path core =
        Path.of(ConfigOption.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    try (JarFile jar = new JarFile(core.toFile())) {
      for (var entry : Collections.list(jar.entries())) {
        if (entry.getName().matches("org/apache/flink/configuration/\\w+Options\\.class")) {
          String name = entry.getName().replace(".class", "").replace('/', '.');
          for (Field field : Class.forName(name).getFields()) {
            if (field.getType() == ConfigOption.class) {
              ConfigOption<?> option = (ConfigOption<?>) field.get(null);
              defaults.put(option.key(), option.defaultValue());
            }
          }
        }
      }
    }
    return defaults;
  }

  private static List<MatchResult> all(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(PAGE)).results().toList();
  }

  @Test
  void flinkHasEveryOptionThatIsNamed() throws Exception {
    Set<String> named = new TreeSet<>();
    all(NAMED).forEach(found -> named.add(found.group(1)));
    all(SET).forEach(found -> named.add(found.group(1)));
    named.removeIf(key -> key.startsWith(REPORTERS) || FILES.contains(key));

    assertThat(named).hasSizeGreaterThan(40);
    assertThat(options().keySet()).containsAll(named);
  }

  @Test
  void itsDefaultsAreTheirs() throws Exception {
    Map<String, Object> options = options();
    assertThat(all(ROW)).hasSizeGreaterThan(25);
    for (MatchResult row : all(ROW)) {
      Object value = options.get(row.group(1));
      assertThat(row.group(2))
          .as(row.group(1))
          .isEqualTo(value == null ? "none" : value.toString());
    }
  }
}
