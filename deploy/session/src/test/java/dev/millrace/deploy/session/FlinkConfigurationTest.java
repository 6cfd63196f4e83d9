package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** conf/flink/config.yaml, read by Flink's own parser against the options that Flink declares. */
class FlinkConfigurationTest {
  private static final Path FILE = SessionCluster.ROOT.resolve("conf/flink/config.yaml");
  // A reporter's options have its name in the key, and are declared by nobody.
  private static final Pattern OF_A_REPORTER = Pattern.compile("metrics\\.reporter\\..+\\..+");
  private static final Map<String, ConfigOption<?>> DECLARED = declared();

  @TempDir Path folder;

  @Test
  void everyKeyIsAnOptionOfThisFlinkAndEveryValueOfItsType() throws IOException {
    check(load(Files.readString(FILE)));
  }

  @Test
  void whatIsCommentedOutIsValidToo() throws IOException {
    StringBuilder commented = new StringBuilder();
    Pattern setting = Pattern.compile("# ([a-z-]+(\\.[a-zA-Z-]+)+: .*)");
    Files.readAllLines(FILE).stream()
        .map(setting::matcher)
        .filter(line -> line.matches())
        .forEach(line -> commented.append(line.group(1)).append('\n'));
    Configuration configuration = load(commented.toString());
    assertThat(configuration.get(HighAvailabilityOptions.HA_MODE)).isEqualTo("zookeeper");
    check(configuration);
  }

  @Test
  void theMemoryAddsUp() throws IOException {
    Configuration configuration = load(Files.readString(FILE));
    assertThatCode(() -> TaskExecutorProcessUtils.processSpecFromConfig(configuration))
        .doesNotThrowAnyException();
    assertThat(configuration.toMap().get("env.java.opts.taskmanager"))
        .endsWith("maxphysicalbytes=2g");
    assertThat(configuration.get(TaskManagerOptions.TOTAL_PROCESS_MEMORY))
        .isEqualTo(MemorySize.parse("2g"));
  }

  @Test
  void anUnknownKeyWouldBeFound() throws IOException {
    Configuration configuration = load("heartbeat.intervall: 2 s\nheartbeat.timeout: soon\n");
    assertThat(problems(configuration))
        .containsExactlyInAnyOrder(
            "heartbeat.intervall is no option of Flink",
            "heartbeat.timeout=soon is not of its type");
  }

  private Configuration load(String yaml) throws IOException {
    Files.writeString(folder.resolve(GlobalConfiguration.FLINK_CONF_FILENAME), yaml);
    return GlobalConfiguration.loadConfiguration(folder.toString());
  }

  private static void check(Configuration configuration) {
    assertThat(configuration.keySet()).isNotEmpty();
    assertThat(problems(configuration)).isEmpty();
  }

  private static List<String> problems(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    new TreeMap<>(configuration.toMap())
        .forEach(
            (key, value) -> {
              if (OF_A_REPORTER.matcher(key).matches()) {
                return;
              }
              ConfigOption<?> option = DECLARED.get(key);
              if (option == null) {
                problems.add(key + " is no option of Flink");
                return;
              }
              try {
                configuration.get(option);
              } catch (IllegalArgumentException e) {
                problems.add(key + "=" + value + " is not of its type");
              }
            });
    return problems;
  }

  /** By key; a deprecated key counts as unknown. */
  private static Map<String, ConfigOption<?>> declared() {
    Map<String, ConfigOption<?>> options = new LinkedHashMap<>();
    for (Class<?> inside :
        List.of(
            ConfigOption.class, TaskExecutorProcessUtils.class, StreamExecutionEnvironment.class)) {
      for (String name : optionClasses(inside)) {
        try {
          for (Field field : Class.forName(name).getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
              field.setAccessible(true);
              ConfigOption<?> option = (ConfigOption<?>) field.get(null);
              options.put(option.key(), option);
            }
          }
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      }
    }
    return options;
  }

  private static List<String> optionClasses(Class<?> inside) {
    Path jar = Path.of(inside.getProtectionDomain().getCodeSource().getLocation().getPath());
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(name -> name.matches("org/apache/flink/.*Options?\\.class"))
          .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
