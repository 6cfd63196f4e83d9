package dev.millrace.job.run;

import java.util.LinkedHashMap;
import java.util.Map;

/** The versions of Millrace and of what it runs on. */
public final class Versions {
  private Versions() {}

  /** By name; what is not known is left out. */
  public static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    put(versions, "millrace", "dev.millrace.job.run.Versions");
    put(versions, "flink", "org.apache.flink.streaming.api.environment.StreamExecutionEnvironment");
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  private static void put(Map<String, String> versions, String name, String className) {
    try {
      Class<?> found = Class.forName(className, false, Versions.class.getClassLoader());
      String version = found.getPackage().getImplementationVersion();
      versions.put(name, version == null ? "unknown" : version);
    } catch (ClassNotFoundException e) {
      versions.remove(name);
    }
  }
}
