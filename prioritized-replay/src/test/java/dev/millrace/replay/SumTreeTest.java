package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.core.math.SeededRandom;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SumTreeTest {

  /**
   * The cases on totals, prefix-sum search and stratified queries; ranges and minima are left out
   * because this tree has neither, and of the boundary cases none contradicts its convention.
   */
  @Test
  void findsWhatTheGoldenTreesFind() throws IOException {
    int checked = 0;
    for (JsonNode golden : golden()) {
      if (!golden.has("size")) {
        continue;
      }
      SumTree tree = new SumTree(golden.get("size").asInt());
      golden.get("set").forEach(w -> tree.set(w.get(0).asInt(), (float) w.get(1).asDouble()));
      String name = golden.get("name").asText();
      for (JsonNode sum : golden.path("sum")) {
        if (sum.get(0).isNull()) {
          assertThat(tree.total()).as(name).isEqualTo(sum.get(2).asDouble());
          checked++;
        }
      }
      for (JsonNode find : golden.path("find")) {
        assertThat(tree.find(find.get(0).asDouble())).as(name).isEqualTo(find.get(1).asInt());
        checked++;
      }
      for (JsonNode query : golden.path("query_fraction")) {
        assertThat(tree.find(query.get(0).asDouble() * tree.total()))
            .as(name)
            .isEqualTo(query.get(1).asInt());
        checked++;
      }
      checked += checkStrata(tree, golden);
    }
    assertThat(checked).isEqualTo(2 + 12 + 1 + 32);
  }

  private static int checkStrata(SumTree tree, JsonNode golden) {
    int strata = golden.path("stratified_k").asInt();
    for (int i = 0; i < strata; i++) {
      int expected = golden.get("expect").get(i).asInt();
      assertThat(tree.find((i + 0.5) * tree.total() / strata)).isEqualTo(expected);
    }
    return strata;
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = SumTreeTest.class.getResourceAsStream("/golden/sum_tree.json")) {
      return new ObjectMapper().readTree(in).get("cases");
    }
  }

  @Property(tries = 100, seed = "1")
  void agreesWithAnArrayOnEveryBoundary(
      @ForAll @IntRange(min = 1, max = 700) int capacity, @ForAll long seed) {
    SeededRandom random = new SeededRandom(seed);
    SumTree tree = new SumTree(capacity);
    float[] model = new float[capacity];
    for (int i = 0; i < 2 * capacity; i++) {
      int index = random.nextInt(capacity);
      model[index] = Math.max(0, random.nextInt(-3, 8)); // whole numbers: every sum is exact
      tree.set(index, model[index]);
    }
    tree.checkInvariant();
    double before = 0;
    int last = -1;
    for (int i = 0; i < capacity; i++) {
      assertThat(tree.get(i)).isEqualTo(model[i]);
      if (model[i] > 0) {
        assertThat(tree.find(before)).isEqualTo(i);
        assertThat(tree.find(before + model[i] - 0.25)).isEqualTo(i);
        last = i;
      }
      before += model[i];
    }
    assertThat(tree.total()).isEqualTo(before);
    if (last >= 0) {
      assertThat(tree.find(before)).isEqualTo(last);
    }
  }

  @Property(tries = 50, seed = "2")
  void neverFindsAnEmptyIndexHoweverSumsRound(
      @ForAll @IntRange(min = 1, max = 400) int capacity, @ForAll long seed) {
    SeededRandom random = new SeededRandom(seed);
    SumTree tree = new SumTree(capacity);
    for (int i = 0; i < capacity; i++) {
      if (random.nextInt(3) > 0) {
        tree.set(i, (float) Math.pow(10, random.nextDouble() * 70 - 38));
      }
    }
    tree.set(random.nextInt(capacity), 1e-38f);
    for (int i = 0; i < 300; i++) {
      double prefix = Math.min(tree.total(), tree.total() * random.nextDouble());
      assertThat(tree.get(tree.find(prefix))).isPositive();
    }
    assertThat(tree.get(tree.find(tree.total()))).isPositive();
    assertThat(tree.get(tree.find(Math.nextDown(tree.total())))).isPositive();
  }

  @Property(tries = 50, seed = "3")
  void aTreeBuiltFromTheSameWeightsIsTheSameBitForBit(
      @ForAll @IntRange(min = 1, max = 5000) int capacity, @ForAll long seed) {
    SeededRandom random = new SeededRandom(seed);
    SumTree grown = new SumTree(capacity);
    for (int i = 0; i < 500; i++) {
      grown.set(random.nextInt(capacity), (float) Math.pow(10, random.nextDouble() * 60 - 30));
    }
    float[] weights = new float[capacity + 3];
    for (int i = 0; i < capacity; i++) {
      weights[i] = grown.get(i);
    }
    SumTree built = new SumTree(capacity);
    float[] ones = new float[capacity];
    Arrays.fill(ones, 1);
    built.build(ones, capacity);
    built.build(weights, capacity);

    built.checkInvariant();
    assertThat(Double.doubleToLongBits(built.total()))
        .isEqualTo(Double.doubleToLongBits(grown.total()));
    for (int i = 0; i < 100; i++) {
      double prefix = random.nextDouble() * grown.total();
      assertThat(built.find(prefix)).isEqualTo(grown.find(prefix));
    }
  }

  @Property(tries = 100, seed = "4")
  void manyAtOnceAreAsManyOneByOne(
      @ForAll @IntRange(min = 1, max = 5000) int capacity,
      @ForAll @IntRange(min = 0, max = 70) int count,
      @ForAll boolean ascending,
      @ForAll long seed) {
    SeededRandom random = new SeededRandom(seed);
    SumTree single = new SumTree(capacity);
    SumTree many = new SumTree(capacity);
    for (int round = 0; round < 3; round++) {
      int[] indices = random.ints(count + 2, 0, capacity).toArray();
      if (ascending) {
        Arrays.sort(indices);
      }
      float[] values = new float[count + 2];
      for (int i = 0; i < count; i++) {
        values[i] = random.nextFloat() * 10;
        single.set(indices[i], values[i]);
      }
      many.set(indices, values, count);
      many.checkInvariant();
      assertThat(many.total()).isEqualTo(single.total());
    }
    if (count > 0) {
      double[] prefixes = random.doubles(40, 0, single.total()).toArray();
      int[] found = new int[40];
      many.find(prefixes.clone(), found);
      for (int i = 0; i < 40; i++) {
        assertThat(found[i]).isEqualTo(single.find(prefixes[i]));
        assertThat(many.get(found[i])).isEqualTo(single.get(found[i]));
      }
    }
  }

  @Test
  void whatWasBuiltEndsWhereItsCountSays() {
    SumTree tree = new SumTree(20);
    tree.set(19, 5);
    tree.build(new float[] {1, 2, 4}, 2);
    tree.checkInvariant();
    assertThat(tree.total()).isEqualTo(3);
    assertThat(tree.get(19)).isZero();
  }

  @Test
  void refusesAWeightThatWouldPoisonIt() {
    SumTree tree = new SumTree(3);
    tree.set(0, 1);
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> tree.set(1, bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "sum tree weight=%s at index 1: must be finite and at least 0, or nothing could be found any more"
                  .formatted(bad));
      assertThatThrownBy(() -> tree.build(new float[] {3, bad, 3}, 3))
          .hasMessageContaining("weight=%s at index 1".formatted(bad));
      assertThatThrownBy(() -> tree.set(new int[] {0, 1}, new float[] {3, bad}, 2))
          .hasMessageContaining("weight=%s at index 1".formatted(bad));
    }
    tree.checkInvariant();
    assertThat(tree.total()).isEqualTo(1);
  }

  @Test
  void saysWhatIsWrongWithAQuestion() {
    assertThatThrownBy(() -> new SumTree(-1))
        .hasMessage("sum tree capacity=-1: must be at least 1");
    SumTree tree = new SumTree(2);
    assertThatThrownBy(() -> tree.find(0)).hasMessageStartingWith("sum tree total=0: every weight");
    tree.set(0, 2);
    assertThatThrownBy(() -> tree.find(-0.1))
        .hasMessage("sum tree prefix=-0.1: must be from 0 to the total, 2.0");
    assertThatThrownBy(() -> tree.find(2.1)).hasMessageContaining("prefix=2.1");
    assertThatThrownBy(() -> tree.find(Double.NaN)).hasMessageContaining("prefix=NaN");
    assertThatThrownBy(() -> tree.set(2, 1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("sum tree index=2: must be from 0 to 1");
    assertThatThrownBy(() -> tree.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aMillionWeightsTakeFourAndAHalfMegabytes() {
    // 62,500 nodes of 16 floats; above them 3907, 245, 16 and 1 nodes of 16 doubles.
    assertThat(SumTree.bytes(1_000_000)).isEqualTo(4_000_000 + 128 * (3907 + 245 + 16 + 1));
    assertThat(SumTree.bytes(1)).isEqualTo(64);
  }
}
