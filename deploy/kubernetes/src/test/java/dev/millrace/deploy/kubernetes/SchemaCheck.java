package dev.millrace.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Holds the operator's resources against the operator's own custom resource definitions, and
 * refuses fields that those do not know: the API server would drop them without a word.
 */
final class SchemaCheck implements Check {
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

  private final Map<String, JsonSchema> schemas =
      Map.of(
          Manifest.DEPLOYMENT, schema("flinkdeployments"),
          Manifest.SESSION_JOB, schema("flinksessionjobs"));

  @Override
  public List<String> problems(List<Manifest> manifests) {
    return manifests.stream().filter(Manifest::runsOnFlink).flatMap(this::problems).toList();
  }

  private Stream<String> problems(Manifest manifest) {
    return schemas.get(manifest.kind()).validate(manifest.json().path("spec")).stream()
        .map(ValidationMessage::getMessage)
        .map(message -> manifest.called() + ": spec" + message)
        .sorted();
  }

  private static JsonSchema schema(String plural) {
    String resource = "/META-INF/fabric8/%s.flink.apache.org-v1.yml".formatted(plural);
    try (InputStream in = SchemaCheck.class.getResourceAsStream(resource)) {
      JsonNode spec =
          Yaml.documents(in).get(0).at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
      close(spec);
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(spec);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses unknown fields wherever a schema lists the known ones. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")
        && !object.path(PRESERVE).asBoolean()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(SchemaCheck::close);
  }
}
