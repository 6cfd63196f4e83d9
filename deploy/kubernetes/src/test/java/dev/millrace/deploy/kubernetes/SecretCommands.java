package dev.millrace.deploy.kubernetes;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code kubectl create secret} commands of a page. */
final class SecretCommands {
  private static final Pattern COMMAND =
      Pattern.compile("create secret generic (\\S+)((?:\\s+\\\\?\\s*--from-\\S+)+)");
  private static final Pattern KEY = Pattern.compile("--from-(?:literal|file)=([^=\\s]+)=");

  private SecretCommands() {}

  /** The keys of each secret, by its name. */
  static Map<String, Set<String>> of(String page) {
    Map<String, Set<String>> secrets = new TreeMap<>();
    Matcher command = COMMAND.matcher(page);
    while (command.find()) {
      Set<String> keys = secrets.computeIfAbsent(command.group(1), name -> new TreeSet<>());
      KEY.matcher(command.group(2)).results().forEach(key -> keys.add(key.group(1)));
    }
    return secrets;
  }
}
