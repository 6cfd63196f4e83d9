package dev.millrace.deploy.kubernetes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.api.FlinkSessionJob;

/**
 * Reads every resource into the Java type that the operator or a Kubernetes client has for it,
 * metadata and pod templates included; unknown fields are refused.
 */
final class TypeCheck implements Check {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .setSerializationInclusion(JsonInclude.Include.NON_NULL)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(new Strict());

  private static final Map<String, Class<? extends HasMetadata>> TYPES =
      Stream.of(
              FlinkDeployment.class,
              FlinkSessionJob.class,
              Namespace.class,
              ServiceAccount.class,
              Role.class,
              RoleBinding.class,
              PersistentVolumeClaim.class,
              ConfigMap.class,
              NetworkPolicy.class,
              PodMonitor.class)
          .collect(Collectors.toMap(HasMetadata::getKind, Function.identity()));

  /** Kubernetes' model types keep unknown fields aside; without that, Jackson refuses them. */
  private static final class Strict extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  @Override
  public List<String> problems(List<Manifest> manifests) {
    return manifests.stream().flatMap(TypeCheck::problems).toList();
  }

  private static Stream<String> problems(Manifest manifest) {
    Class<? extends HasMetadata> type = TYPES.get(manifest.kind());
    if (type == null) {
      return Stream.of(
          "%s: kind is not one of %s"
              .formatted(manifest.called(), TYPES.keySet().stream().sorted().toList()));
    }
    String version = manifest.at("/apiVersion").asText();
    String right = HasMetadata.getApiVersion(type).replaceFirst("^/", "");
    if (!version.equals(right)) {
      return Stream.of(
          "%s: apiVersion=%s: must be %s".formatted(manifest.called(), version, right));
    }
    try {
      read(manifest, type);
      return Stream.empty();
    } catch (IllegalArgumentException e) {
      return Stream.of(manifest.called() + ": " + e.getMessage());
    }
  }

  /**
   * The manifest as an object.
   *
   * @throws IllegalArgumentException in one line, if it has a field that {@code type} lacks or a
   *     value of another type
   */
  static <T> T read(Manifest manifest, Class<T> type) {
    try {
      return MAPPER.treeToValue(manifest.json(), type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }
}
