package dev.millrace.deploy.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads YAML as Kubernetes does; a key given twice is an error. */
final class Yaml {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private Yaml() {}

  /** All documents of a file. */
  static List<JsonNode> documents(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return documents(in);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  static List<JsonNode> documents(InputStream in) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (JsonParser parser = MAPPER.createParser(in)) {
      for (JsonNode each = MAPPER.readTree(parser);
          each != null && !each.isMissingNode();
          each = MAPPER.readTree(parser)) {
        documents.add(each);
      }
    }
    return documents;
  }

  /** The only document of a file. */
  static JsonNode document(Path file) {
    List<JsonNode> documents = documents(file);
    if (documents.size() != 1) {
      throw new IllegalArgumentException(
          "%s: must hold one document; it holds %d".formatted(file, documents.size()));
    }
    return documents.get(0);
  }

  /** A value on its own, as it would stand after a key. */
  static JsonNode value(String yaml) {
    try {
      return MAPPER.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}
