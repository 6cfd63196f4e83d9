package dev.millrace.core.env;

import dev.millrace.core.Catalogue;
import dev.millrace.core.Named;

/**
 * Makes environments of one name. Providers are found through {@link java.util.ServiceLoader}: name
 * yours in {@code META-INF/services/dev.millrace.core.env.EnvironmentProvider}.
 */
public interface EnvironmentProvider extends Named {

  /** A new environment, not yet reset. */
  Environment create();

  /** Every environment that {@code loader} sees. */
  static Catalogue<EnvironmentProvider> catalogue(ClassLoader loader) {
    return Catalogue.of("environment", EnvironmentProvider.class, loader);
  }
}
