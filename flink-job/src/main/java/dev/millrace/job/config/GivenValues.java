package dev.millrace.job.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Keys and the texts given for them, from a YAML document and from overrides: sections flattened to
 * dotted keys, lists to texts with commas. What is not well formed is collected as problems.
 */
final class GivenValues {
  private static final int MAX_DEPTH = 20;

  /**
   * @param text null if the key stands there without a value
   * @param where such as {@code "line 4"}
   */
  record Given(String text, String where) {}

  private final Map<String, Given> values = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** Reads a document of nested sections. */
  void document(String yaml) {
    compose(yaml, "").ifPresent(node -> section("", node, null, 0));
  }

  /** Reads {@code key=value}, which takes the place of what the document said. */
  void override(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      problems.add("--set %s: must read key=value".formatted(assignment));
      return;
    }
    String key = assignment.substring(0, equals).strip();
    String where = "--set";
    compose(assignment.substring(equals + 1), where + " " + key)
        .ifPresentOrElse(
            node -> {
              values.keySet().removeIf(k -> k.equals(key) || k.startsWith(key + "."));
              value(key, node, where, 0);
            },
            () -> values.put(key, new Given(null, where)));
  }

  private Optional<Node> compose(String yaml, String prefix) {
    try {
      return new Compose(LoadSettings.builder().build()).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> "line " + (mark.getLine() + 1)).orElse("");
      problems.add("%s: not YAML: %s".formatted(prefix.isEmpty() ? line : prefix, e.getProblem()));
    } catch (YamlEngineException e) {
      problems.add(
          (prefix.isEmpty() ? "" : prefix + ": ")
              + "not YAML: "
              + e.getMessage().lines().findFirst().orElse(""));
    }
    return Optional.empty();
  }

  private void section(String prefix, Node node, String where, int depth) {
    if (!(node instanceof MappingNode mapping)) {
      problems.add(
          "%s: must be sections with keys, such as replay: {capacity: 100000}"
              .formatted(line(node)));
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        value(
            prefix + key.getValue(),
            tuple.getValueNode(),
            where == null ? line(key) : where,
            depth + 1);
      } else {
        problems.add("%s: a key must be a word".formatted(line(tuple.getKeyNode())));
      }
    }
  }

  private void value(String key, Node node, String where, int depth) {
    if (depth > MAX_DEPTH) {
      problems.add("%s: %s: nested more than %d deep".formatted(where, key, MAX_DEPTH));
    } else if (node instanceof MappingNode) {
      section(key + ".", node, where.equals("--set") ? where : null, depth);
    } else {
      Given earlier = values.get(key);
      if (earlier != null) {
        problems.add("%s: %s: given already in %s; keep one".formatted(where, key, earlier.where));
      }
      values.put(key, new Given(text(node), where));
    }
  }

  private static String text(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream()
          .map(item -> item instanceof ScalarNode scalar ? scalar.getValue() : "?")
          .collect(Collectors.joining(", "));
    }
    return node.getTag().equals(Tag.NULL) ? null : ((ScalarNode) node).getValue();
  }

  private static String line(Node node) {
    return node.getStartMark().map(mark -> "line " + (mark.getLine() + 1)).orElse("line ?");
  }

  Map<String, Given> values() {
    return values;
  }

  Collection<String> problems() {
    return problems;
  }
}
