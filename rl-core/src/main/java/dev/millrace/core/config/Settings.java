package dev.millrace.core.config;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Values for options, checked when they were read. Remembers which options were asked for, so that
 * an option nobody reads can be found.
 */
public final class Settings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TreeMap<String, Serializable> values;
  private final transient Set<String> read = new TreeSet<>();

  /**
   * @param values by full key; an option that has none here takes its default
   */
  public Settings(Map<String, ? extends Serializable> values) {
    this.values = new TreeMap<>(values);
  }

  /** The value of {@code option}, or its default. */
  @SuppressWarnings("unchecked")
  public <T> T get(Option<T> option) {
    if (read != null) {
      read.add(option.key());
    }
    Object value = values.get(option.key());
    return value == null ? option.defaultValue() : (T) value;
  }

  /** The value of a whole-number option as an {@code int}. */
  public int count(Option<Long> option) {
    return Math.toIntExact(get(option));
  }

  /** The values given, by key. */
  public Map<String, Serializable> values() {
    return Collections.unmodifiableMap(values);
  }

  /** The keys that were asked for so far. */
  public Set<String> read() {
    return read == null ? Set.of() : Collections.unmodifiableSet(read);
  }
}
