package dev.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  @TempDir Path directory;

  /** Public so that the service loader may make it. */
  public static class Cart implements Named {
    @Override
    public String name() {
      return "cart";
    }

    @Override
    public String sentence() {
      return "A cart.";
    }
  }

  public static final class Boat extends Cart {
    @Override
    public String name() {
      return "boat";
    }
  }

  public static final class OtherCart extends Cart {}

  @Test
  void findsWhatTheClassPathProvidesByName() throws IOException {
    Catalogue<Named> catalogue = catalogue(Cart.class, Boat.class);
    assertThat(catalogue.all()).extracting(Named::name).containsExactly("boat", "cart");
    assertThat(catalogue.contains("boat")).isTrue();
    assertThat(catalogue.contains("ship")).isFalse();
    assertThat(catalogue.get("cart")).isExactlyInstanceOf(Cart.class);
  }

  @Test
  void anUnknownNameIsAnErrorThatHelps() throws IOException {
    Catalogue<Named> catalogue = catalogue(Cart.class, Boat.class);
    assertThatThrownBy(() -> catalogue.get("cat"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no vehicle is called cat (did you mean cart?); known: boat, cart");
    assertThatThrownBy(() -> catalogue.get("aeroplane"))
        .hasMessage("no vehicle is called aeroplane; known: boat, cart");
  }

  @Test
  void aNameProvidedTwiceIsAnError() {
    assertThatThrownBy(() -> catalogue(Cart.class, OtherCart.class))
        .hasMessage(
            "vehicle cart is provided twice, by %s and %s: a name must be unique; rename one"
                .formatted(Cart.class.getName(), OtherCart.class.getName()));
  }

  @Test
  void aProviderThatCannotBeLoadedIsNamed() {
    assertThatThrownBy(() -> catalogue("com.example.Ship"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "vehicle that META-INF/services/dev.millrace.core.Named names cannot be loaded: Provider com.example.Ship not found");
  }

  private Catalogue<Named> catalogue(Class<?>... providers) throws IOException {
    return catalogue(Stream.of(providers).map(Class::getName).toArray(String[]::new));
  }

  private Catalogue<Named> catalogue(String... providers) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(Named.class.getName()), String.join("\n", providers));
    try (URLClassLoader loader = new URLClassLoader(urls(), getClass().getClassLoader())) {
      return Catalogue.of("vehicle", Named.class, loader);
    }
  }

  private URL[] urls() throws MalformedURLException {
    return new URL[] {directory.toUri().toURL()};
  }
}
