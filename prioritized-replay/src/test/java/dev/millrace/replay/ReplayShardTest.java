package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.PriorityUpdates;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.SampleCredit;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReplayShardTest {
  private final TestingShardStore store = new TestingShardStore();

  /** Every width of chunk, every budget, wrapped round or not, restored in between. */
  @Property(tries = 150, seed = "1")
  void servesWhatWasInsertedWithTheProbabilityItHas(
      @ForAll @IntRange(min = 1, max = 300) int capacity,
      @ForAll @IntRange(min = 0, max = 3) int width,
      @ForAll @IntRange(min = 0, max = 40_000) int cacheBytes,
      @ForAll long seed) {
    ReplaySpec.Sampled spec = new ReplaySpec.Sampled(new int[] {1, 100, 300, 600}[width], 2, 1);
    ReplaySettings settings = Shards.settings("prioritized", capacity, cacheBytes);
    TestingShardStore store = new TestingShardStore();
    SeededRandom random = new SeededRandom(seed);
    double[] weights = new double[capacity];
    ReplayShard shard = Shards.shard(spec, settings, store);
    long inserted = 0;
    for (int round = 0; round < 12; round++) {
      for (int i = random.nextInt(2 * capacity / 3 + 2); i >= 0; i--) {
        float priority = random.nextFloat();
        shard.insert(Shards.transition(spec, inserted, priority));
        weights[(int) (inserted++ % capacity)] = Math.pow(priority + 1e-3, 0.6);
      }
      if (random.nextInt(3) == 0) {
        shard.flush();
        shard = Shards.shard(spec, settings, store);
      }
      SampleBatch batch = shard.sample(1 + random.nextInt(20));
      check(batch, weights, inserted);
      float[] priorities = new float[batch.size()];
      for (int i = 0; i < priorities.length; i++) {
        priorities[i] = batch.slots()[i] % 7;
        weights[batch.slots()[i]] = Math.pow(priorities[i] + 1e-3, 0.6);
      }
      shard.update(batch.priorities(priorities));
    }
  }

  private static void check(SampleBatch batch, double[] weights, long inserted) {
    double mass = 0;
    for (double weight : weights) {
      mass += weight;
    }
    assertThat(batch.population()).isEqualTo(Math.min(inserted, weights.length));
    for (int i = 0; i < batch.size(); i++) {
      long number = batch.insertNumbers()[i];
      assertThat(number).isBetween(Math.max(0, inserted - weights.length), inserted - 1);
      assertThat(batch.slots()[i]).isEqualTo((int) (number % weights.length));
      assertThat(Shards.number(batch, i)).isEqualTo(number);
      double expected = weights[batch.slots()[i]] / mass;
      assertThat(batch.probabilities()[i]).isEqualTo(expected, within(expected * 1e-5));
    }
  }

  @Property(tries = 40, seed = "2")
  void theFutureAfterARestoreIsTheOneWithoutIt(
      @ForAll("samplers") String sampler,
      @ForAll @IntRange(min = 1, max = 9000) int capacity,
      @ForAll @IntRange(min = 1, max = 12_000) int before,
      @ForAll long seed) {
    TestingShardStore store = new TestingShardStore();
    ReplaySettings settings = Shards.settings(sampler, capacity, 8192);
    ReplayShard shard = Shards.shard(Shards.SPEC, settings, store);
    SeededRandom random = new SeededRandom(seed);
    for (int i = 0; i < before; i++) {
      shard.insert(Shards.transition(Shards.SPEC, i, random.nextFloat() * 9));
      if (i % 1000 == 7) {
        step(shard, 8, random.nextFloat());
        shard.flush();
      }
    }
    step(shard, 8, random.nextFloat());
    shard.flush();
    ReplayShard restored = Shards.shard(Shards.SPEC, settings, store.copy());

    assertThat(restored.progress().newest()).isEqualTo(shard.progress().newest());
    assertThat(Double.doubleToLongBits(restored.progress().mass()))
        .isEqualTo(Double.doubleToLongBits(shard.progress().mass()));
    for (int i = before; i < before + 150; i++) {
      // NaN takes the greatest priority seen, which must therefore have been saved
      shard.insert(Shards.transition(Shards.SPEC, i, Float.NaN));
      restored.insert(Shards.transition(Shards.SPEC, i, Float.NaN));
      float priority = random.nextFloat();
      SampleBatch expected = step(shard, 6, priority);
      SampleBatch batch = step(restored, 6, priority);
      assertThat(batch.epoch()).isGreaterThan(expected.epoch());
      assertThat(batch).usingRecursiveComparison().ignoringFields("epoch").isEqualTo(expected);
    }
    assertThat(restored.report(0))
        .usingRecursiveComparison()
        .ignoringFields("progress.epoch", "cachedBytes")
        .isEqualTo(shard.report(0));
  }

  @Provide
  Arbitrary<String> samplers() {
    return Arbitraries.of("prioritized", "uniform");
  }

  private static SampleBatch step(ReplayShard shard, int size, float priority) {
    SampleBatch batch = shard.sample(size);
    float[] priorities = new float[size];
    for (int i = 0; i < size; i++) {
      priorities[i] = priority + i;
    }
    shard.update(batch.priorities(priorities));
    return batch;
  }

  @Test
  void ignoresAndCountsPrioritiesThatMustNotApply() {
    ReplayShard shard = Shards.prioritized(4, store);
    for (int i = 0; i < 6; i++) {
      shard.insert(Shards.transition(Shards.SPEC, i, 1));
    }
    long epoch = shard.progress().epoch();
    double mass = shard.progress().mass();
    shard.update(updates(epoch - 1, 0, 4, 3));
    shard.update(updates(epoch, 0, 0, 3)); // overwritten by number 4
    shard.update(updates(epoch, 2, 6, 3)); // not inserted yet
    shard.update(updates(epoch, 4, 4, 3)); // no such slot
    shard.update(updates(epoch, -1, 3, 3));
    shard.update(updates(epoch, 0, 4, Float.NaN));
    shard.update(updates(epoch, 0, 4, -1));
    shard.update(updates(epoch, 0, 4, Float.POSITIVE_INFINITY));
    assertThat(shard.report(0).prioritiesIgnored()).isEqualTo(8);
    assertThat(shard.report(0).prioritiesApplied()).isZero();
    assertThat(shard.progress().mass()).isEqualTo(mass);

    shard.update(updates(epoch, 0, 4, 3));
    assertThat(shard.report(0).prioritiesApplied()).isEqualTo(1);
    assertThat(shard.progress().mass()).isGreaterThan(mass);
  }

  @Test
  void ignoresASlotThatNothingWasEverPutIn() {
    ReplayShard shard = Shards.prioritized(4, store);
    shard.insert(Shards.transition(Shards.SPEC, 0, 1));
    shard.update(updates(shard.progress().epoch(), 2, -2, 3));
    assertThat(shard.report(0).prioritiesIgnored()).isEqualTo(1);
    assertThat(shard.sample(4).slots()).containsOnly(0);
  }

  private static PriorityUpdates updates(long epoch, int slot, long number, float priority) {
    return new PriorityUpdates(
        7, epoch, new int[] {slot}, new long[] {number}, new float[] {priority});
  }

  @Test
  void anUnknownInitialPriorityIsTheGreatestSeen() {
    ReplayShard shard = Shards.prioritized(8, store);
    double one = weight(1);
    shard.insert(Shards.transition(Shards.SPEC, 0, Float.NaN));
    assertThat(shard.progress().mass()).isEqualTo(one, within(1e-6));
    shard.insert(Shards.transition(Shards.SPEC, 1, 5));
    shard.insert(Shards.transition(Shards.SPEC, 2, Float.NEGATIVE_INFINITY));
    assertThat(shard.progress().mass()).isEqualTo(one + 2 * weight(5), within(1e-5));
    shard.update(updates(shard.progress().epoch(), 0, 0, 9));
    shard.insert(Shards.transition(Shards.SPEC, 3, Float.NaN));
    assertThat(shard.progress().mass()).isEqualTo(2 * weight(5) + 2 * weight(9), within(1e-5));
  }

  private static double weight(double priority) {
    return Math.pow(priority + 1e-3, 0.6);
  }

  @Test
  void servesGrantsAndNothingMore() {
    ReplayShard shard = Shards.prioritized(4, store);
    shard.grant(new SampleCredit(7, 5000, 100, 6, 3));
    assertThat(shard.nextBatch()).as("nothing is here yet").isNull();
    shard.insert(Shards.transition(Shards.SPEC, 0, 1));
    assertThat(shard.nextBatch().size()).isEqualTo(3);
    shard.grant(new SampleCredit(7, 5000, 100, 6, 3));
    shard.grant(new SampleCredit(7, 5000, 100, 3, 3));
    assertThat(shard.nextBatch().size()).isEqualTo(3);
    assertThat(shard.nextBatch()).isNull();
    assertThat(shard.progress().sampled()).isEqualTo(6);

    shard.grant(new SampleCredit(7, 5000, 99, 60, 3));
    assertThat(shard.nextBatch()).as("an older learner's word").isNull();
    shard.grant(new SampleCredit(7, 5000, 100, 30, 3));
    shard.grant(new SampleCredit(7, 5000, 101, 8, 2));
    assertThat(shard.nextBatch().size()).as("a newer learner's word").isEqualTo(2);
    assertThat(shard.canServe()).isFalse();
    assertThat(shard.nextBatch()).isNull();
  }

  @Test
  void aRestoredShardHasForgottenItsGrants() {
    ReplayShard shard = Shards.prioritized(4, store);
    shard.insert(Shards.transition(Shards.SPEC, 0, 1));
    shard.grant(new SampleCredit(7, 5000, 100, 6, 3));
    shard.flush();
    ReplayShard restored = Shards.prioritized(4, store);
    assertThat(restored.nextBatch()).isNull();
    restored.grant(new SampleCredit(7, 5000, 100, 6, 3));
    assertThat(restored.nextBatch()).as("granted to its former self").isNull();
    assertThat(restored.progress().epoch()).isEqualTo(shard.progress().epoch() + 1);
  }

  @Test
  void tellsWhereItStands() {
    ReplayShard shard = Shards.shard(Shards.SPEC, Shards.settings("uniform", 100, 1 << 20), store);
    assertThat(shard.progress())
        .isEqualTo(new Progress.Shard(7, 5000, 0, 0, 0, 0, ParameterVersion.NONE));
    for (int i = 0; i < 130; i++) {
      shard.insert(Shards.transition(Shards.SPEC, i, 1));
    }
    shard.sample(10);
    assertThat(shard.progress())
        .isEqualTo(new Progress.Shard(7, 5000, 130, 10, 100, 100, new ParameterVersion(1, 129)));
    assertThat(shard.report(4).prioritiesDropped()).isEqualTo(4);
  }

  @Test
  void savesOnlyTheWeightsThatChanged() {
    ReplayShard shard = Shards.prioritized(20_000, store);
    for (int i = 0; i < 20_000; i++) {
      shard.insert(Shards.transition(Shards.SPEC, i, 1));
    }
    shard.flush();
    assertThat(store.writes).containsEntry(ShardStore.Part.WEIGHTS, 5);
    assertThat(store.writes).containsEntry(ShardStore.Part.CHUNK, 313);
    store.writes.clear();
    shard.update(updates(shard.progress().epoch(), 5000, 5000, 3));
    shard.update(updates(shard.progress().epoch(), 6000, 6000, 1));
    shard.flush();
    assertThat(store.writes)
        .containsEntry(ShardStore.Part.WEIGHTS, 1)
        .containsEntry(ShardStore.Part.HEADER, 1)
        .doesNotContainKey(ShardStore.Part.CHUNK);
  }

  @Test
  void refusesStateOfAnotherForm() {
    Shards.prioritized(100, store).flush();
    assertThatThrownBy(() -> Shards.prioritized(101, store))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "replay shard 7 is configured as Form[shards=1, capacity=101, observationSize=3, actionSize=1, chunkSize=64], but its state was written as Form[shards=1, capacity=100, observationSize=3, actionSize=1, chunkSize=64]: a replay keeps its form; restore the former settings or start without this state");
  }

  @Test
  void refusesStateOfANewerBuild() {
    store.write(ShardStore.Part.HEADER, 0, new byte[] {0, 0, 0, 9});
    assertThatThrownBy(() -> Shards.prioritized(100, store))
        .hasMessage(
            "replay shard state version=9: this build reads version 1; use the build that wrote it");
  }

  @Test
  void aTransitionOfTheWrongWidthChangesNothing() {
    ReplayShard shard = Shards.prioritized(100, store);
    assertThatThrownBy(() -> shard.insert(Shards.transition(new ReplaySpec.Sampled(4, 1, 1), 0, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(shard.size()).isZero();
    assertThat(shard.progress().mass()).isZero();
  }
}
