package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SeededRandomTest {

  @Test
  void isTheGeneratorOfThePaperAsTheJdkHasIt() {
    for (long seed : new long[] {0, 1, -1, 1234567, Long.MIN_VALUE}) {
      SplittableRandom reference = new SplittableRandom(seed);
      SeededRandom random = new SeededRandom(seed);
      for (int i = 0; i < 100; i++) {
        assertThat(random.nextLong()).isEqualTo(reference.nextLong());
      }
    }
  }

  @Test
  void itsStateIsAllThereIs() {
    SeededRandom random = new SeededRandom(5);
    random.nextGaussian();
    random.nextInt(7);
    SeededRandom restored = new SeededRandom(random.state());
    for (int i = 0; i < 100; i++) {
      assertThat(restored.nextGaussian()).isEqualTo(random.nextGaussian());
      assertThat(restored.nextInt(10)).isEqualTo(random.nextInt(10));
    }
  }

  @Test
  void purposesAndIndicesGiveOtherStreams() {
    Set<Long> firsts = new HashSet<>();
    int streams = 0;
    for (long seed = 0; seed < 10; seed++) {
      for (String purpose : new String[] {"environment", "acting", "replay"}) {
        firsts.add(SeededRandom.of(seed, purpose).nextLong());
        streams++;
        for (long index = 0; index < 50; index++) {
          firsts.add(SeededRandom.of(seed, purpose, index).nextLong());
          firsts.add(SeededRandom.of(seed, purpose, index, 0).nextLong());
          firsts.add(SeededRandom.of(seed, purpose, 1000, index).nextLong());
          streams += 3;
        }
      }
    }
    assertThat(firsts).hasSize(streams);
    assertThat(SeededRandom.of(3, "acting", 4).nextLong())
        .isEqualTo(SeededRandom.of(3, "acting", 4).nextLong());
  }

  @Test
  void drawsAreUniformAndNormal() {
    SeededRandom random = SeededRandom.of(1, "statistics");
    checkMoments(100_000, random::nextDouble, 0.5, 1 / 12.0);
    checkMoments(100_000, random::nextFloat, 0.5, 1 / 12.0);
    checkMoments(100_000, random::nextGaussian, 0, 1);
    checkMoments(100_000, () -> random.nextInt(6), 2.5, 35 / 12.0);
  }

  @Test
  void neighbouringStreamsAreAsIndependentAsDraws() {
    long[] index = {0};
    checkMoments(
        50_000, () -> SeededRandom.of(1, "environment", index[0]++).nextDouble(), 0.5, 1 / 12.0);
    double products = 0;
    int pairs = 50_000;
    for (int i = 0; i < pairs; i++) {
      double left = SeededRandom.of(1, "environment", i).nextDouble() - 0.5;
      double right = SeededRandom.of(1, "environment", i + 1).nextDouble() - 0.5;
      products += left * right;
    }
    assertThat(12 * products / pairs).as("correlation").isCloseTo(0, Offset.offset(0.02));
  }

  private static void checkMoments(int draws, DoubleSupplier draw, double mean, double variance) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      double value = draw.getAsDouble();
      sum += value;
      squares += (value - mean) * (value - mean);
    }
    double tolerance = 5 * Math.sqrt(variance / draws);
    assertThat(sum / draws).isCloseTo(mean, Offset.offset(tolerance));
    assertThat(squares / draws / variance).isCloseTo(1, Offset.offset(0.03));
  }
}
