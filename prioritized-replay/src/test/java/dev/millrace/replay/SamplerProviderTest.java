package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Catalogue;
import dev.millrace.core.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplerProviderTest {
  private final Catalogue<SamplerProvider> catalogue =
      SamplerProvider.catalogue(getClass().getClassLoader());

  @Test
  void bothSamplersAreInTheCatalogue() {
    assertThat(catalogue.get("uniform").create(3, new Settings(Map.of())))
        .isInstanceOf(UniformSampler.class);
    assertThatThrownBy(() -> catalogue.get("prioritised"))
        .hasMessage(
            "no sampler is called prioritised (did you mean prioritized?); known: prioritized, uniform");
  }

  @Test
  void thePrioritizedOneReadsItsOptions() {
    Settings settings =
        new Settings(Map.of("replay.priority-exponent", 0.5, "replay.priority-epsilon", 8.0));
    SamplerProvider provider = catalogue.get("prioritized");
    Sampler sampler = provider.create(3, settings);
    sampler.set(0, 1);
    assertThat(sampler.weight(0)).isEqualTo(3f);
    assertThat(provider.options()).allMatch(option -> settings.read().contains(option.key()));
  }
}
