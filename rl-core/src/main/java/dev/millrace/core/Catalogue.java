package dev.millrace.core;

import java.util.Collection;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Everything of one kind that is on the class path, found through {@link ServiceLoader}: Millrace's
 * own parts and those from a user's jars alike.
 */
public final class Catalogue<T extends Named> {
  private final String kind;
  private final Map<String, T> entries = new TreeMap<>();

  private Catalogue(String kind, Iterable<T> entries) {
    this.kind = kind;
    for (T entry : entries) {
      T earlier = this.entries.putIfAbsent(entry.name(), entry);
      if (earlier != null && earlier.getClass() != entry.getClass()) {
        throw new IllegalArgumentException(
            "%s %s is provided twice, by %s and %s: a name must be unique; rename one"
                .formatted(
                    kind, entry.name(), earlier.getClass().getName(), entry.getClass().getName()));
      }
    }
  }

  /**
   * Reads the providers of {@code type} that {@code loader} sees.
   *
   * @param kind the word for messages, such as {@code environment}
   * @throws IllegalArgumentException if a provider cannot be loaded or two have the same name
   */
  public static <T extends Named> Catalogue<T> of(String kind, Class<T> type, ClassLoader loader) {
    try {
      return new Catalogue<>(kind, ServiceLoader.load(type, loader));
    } catch (ServiceConfigurationError e) {
      String reason = e.getMessage().replace(type.getName() + ": ", "");
      throw new IllegalArgumentException(
          "%s that META-INF/services/%s names cannot be loaded: %s"
              .formatted(kind, type.getName(), reason),
          e);
    }
  }

  /** All entries, by name. */
  public Collection<T> all() {
    return entries.values();
  }

  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /**
   * The entry of that name.
   *
   * @throws IllegalArgumentException naming the known ones, and the nearest of them
   */
  public T get(String name) {
    T entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "no %s is called %s%s; known: %s"
              .formatted(
                  kind,
                  name,
                  Suggestion.of(name, entries.keySet()),
                  String.join(", ", entries.keySet())));
    }
    return entry;
  }
}
