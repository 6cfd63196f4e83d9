package dev.millrace.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CreditLedgerTest {
  private static final int BATCH = 8;
  private static final RateLimiter NO_LIMIT = new RateLimiter(1, 1, -1e12, 1e12);

  @Test
  void shardsAreDrawnInProportionToTheirMass() {
    CreditLedger ledger = ledger(4, NO_LIMIT, 1, new SeededRandom(1));
    double[] masses = {1, 3, 0, 4};
    for (int shard = 0; shard < 4; shard++) {
      ledger.note(progress(shard, 1, 100, 0, masses[shard]));
    }
    int[] drawn = new int[4];
    int draws = 40_000;
    for (int i = 0; i < draws; i++) {
      SampleCredit credit = ledger.grant();
      int shard = credit.shard();
      drawn[shard]++;
      ledger.receive(
          new ReplayOutput(
              progress(shard, 1, 100, credit.granted(), masses[shard]), batch(shard, 1)));
    }
    for (int shard = 0; shard < 4; shard++) {
      assertThat(drawn[shard] / (double) draws)
          .as("shard %d", shard)
          .isCloseTo(masses[shard] / 8, Offset.offset(0.01));
    }
    assertThat(drawn[2]).isZero();
  }

  @Test
  void anItemsProbabilityIsItsShardsAtTheGrantTimesItsOwn() {
    CreditLedger ledger = ledger(2, NO_LIMIT, 3, new SeededRandom(1));
    ledger.note(progress(0, 1, 100, 0, 6));
    ledger.note(progress(1, 1, 50, 0, 0));
    assertThat(ledger.grant().shard()).isZero();
    ledger.note(progress(1, 1, 60, 0, 18));
    SampleCredit later = ledger.grant();
    for (int i = 0; later.shard() != 0; i++) {
      assertThat(i).as("draws without shard 0").isLessThan(100);
      ledger.receive(new ReplayOutput(progress(1, 1, 60, later.granted(), 18), batch(1, 1)));
      later = ledger.grant();
    }
    ReplayOutput output = new ReplayOutput(progress(0, 1, 100, 8, 6), batch(0, 1));
    SampleBatch first = ledger.receive(output);
    assertThat(first.probabilities()).containsOnly(0.25 * 1.0);
    assertThat(first.population()).isEqualTo(160);
    SampleBatch second = ledger.receive(output);
    assertThat(second.probabilities()).containsOnly(0.25 * 0.25);
  }

  @Test
  void nothingIsGrantedUntilEveryShardHasReported() {
    CreditLedger ledger = ledger(2, NO_LIMIT, 3, new SeededRandom(1));
    assertThat(ledger.grant()).isNull();
    assertThat(ledger.standing()).isEmpty();
    ledger.note(progress(1, 1, 100, 0, 6));
    assertThat(ledger.grant()).isNull();
    ledger.note(progress(0, 1, 0, 0, 0));
    assertThat(ledger.grant()).isEqualTo(new SampleCredit(1, 1, 77, BATCH, BATCH));
  }

  @Test
  void grantsAreAbsoluteAndStand() {
    CreditLedger ledger = ledger(1, NO_LIMIT, 3, new SeededRandom(1));
    ledger.note(progress(0, 1, 100, 500, 6));
    assertThat(ledger.standing()).containsExactly(new SampleCredit(0, 1, 77, 500, BATCH));
    assertThat(ledger.grant()).isEqualTo(new SampleCredit(0, 1, 77, 508, BATCH));
    assertThat(ledger.grant()).isEqualTo(new SampleCredit(0, 1, 77, 516, BATCH));
    assertThat(ledger.standing()).containsExactly(new SampleCredit(0, 1, 77, 516, BATCH));
    ledger.receive(new ReplayOutput(progress(0, 1, 100, 508, 6), batch(0, 1)));
    assertThat(ledger.standing()).containsExactly(new SampleCredit(0, 1, 77, 516, BATCH));
    assertThat(ledger.grant()).isEqualTo(new SampleCredit(0, 1, 77, 524, BATCH));
  }

  @Test
  void noMoreThanPrefetchAreUnderWay() {
    CreditLedger ledger = ledger(1, NO_LIMIT, 2, new SeededRandom(1));
    ledger.note(progress(0, 1, 100, 0, 6));
    assertThat(ledger.grant()).isNotNull();
    assertThat(ledger.grant()).isNotNull();
    assertThat(ledger.underWay()).isEqualTo(2);
    assertThat(ledger.grant()).isNull();
    ledger.note(progress(0, 1, 120, 8, 6));
    assertThat(ledger.grant()).as("progress is no batch").isNull();
    ledger.receive(new ReplayOutput(progress(0, 1, 120, 8, 6), batch(0, 1)));
    assertThat(ledger.underWay()).isEqualTo(1);
    assertThat(ledger.grant()).isNotNull();
  }

  @Test
  void whatIsUnderWayCountsAsSampled() {
    RateLimiter limiter = new RateLimiter(1, 1, 80, 1000);
    CreditLedger ledger = ledger(1, limiter, 10, new SeededRandom(1));
    ledger.note(progress(0, 1, 100, 0, 6));
    assertThat(ledger.grant()).isNotNull();
    assertThat(ledger.grant()).isNotNull();
    assertThat(ledger.grant()).as("100 - 24 < 80").isNull();
    ledger.receive(new ReplayOutput(progress(0, 1, 104, 8, 6), batch(0, 1)));
    assertThat(ledger.grant()).as("104 - 24 = 80").isNotNull();
  }

  @Test
  void aShardThatOpensAnewHasForgottenItsGrants() {
    CreditLedger ledger = ledger(1, NO_LIMIT, 3, new SeededRandom(1));
    ledger.note(progress(0, 1, 100, 40, 6));
    ledger.grant();
    ledger.grant();
    ledger.note(progress(0, 2, 90, 32, 6));
    assertThat(ledger.underWay()).isZero();
    assertThat(ledger.standing()).containsExactly(new SampleCredit(0, 2, 77, 32, BATCH));
    ledger.note(progress(0, 1, 100, 48, 99));
    assertThat(ledger.inserted()).as("news of the epoch before").isEqualTo(90);
    ledger.grant();
    SampleBatch late = ledger.receive(new ReplayOutput(progress(0, 1, 100, 48, 99), batch(0, 1)));
    assertThat(ledger.underWay()).as("that batch was another's").isEqualTo(1);
    assertThat(late.probabilities()).containsOnly(0.25);
  }

  @Test
  void aBatchNobodyAskedForIsValuedByThePresentMasses() {
    CreditLedger ledger = ledger(2, NO_LIMIT, 3, new SeededRandom(1));
    ledger.note(progress(1, 1, 100, 0, 6));
    SampleBatch batch = ledger.receive(new ReplayOutput(progress(0, 1, 100, 8, 18), batch(0, 1)));
    assertThat(batch.probabilities()).containsOnly(0.25 * 0.75);
    assertThat(ledger.underWay()).isZero();
  }

  @Test
  void drawsGoOnWithTheGeneratorSaved() {
    SeededRandom random = new SeededRandom(9);
    CreditLedger ledger = ledger(3, NO_LIMIT, 100, random);
    noteThree(ledger);
    for (int i = 0; i < 30; i++) {
      ledger.grant();
    }
    CreditLedger fresh = ledger(3, NO_LIMIT, 100, new SeededRandom(random.state()));
    noteThree(fresh);
    for (int i = 0; i < 60; i++) {
      assertThat(fresh.grant().shard()).isEqualTo(ledger.grant().shard());
    }
  }

  private static void noteThree(CreditLedger ledger) {
    for (int shard = 0; shard < 3; shard++) {
      ledger.note(progress(shard, 1, 100, 0, 1 + shard));
    }
  }

  private static CreditLedger ledger(
      int shards, RateLimiter limiter, int prefetch, SeededRandom random) {
    return new CreditLedger(shards, limiter, BATCH, prefetch, 77, random);
  }

  private static Progress.Shard progress(
      int shard, long epoch, long inserted, long sampled, double mass) {
    return new Progress.Shard(
        shard, epoch, inserted, sampled, inserted, mass, ParameterVersion.NONE);
  }

  /** Each of its items was drawn with probability 1/4 within its shard. */
  private static SampleBatch batch(int shard, long epoch) {
    SampleBatch batch = SampleBatch.allocate(shard, epoch, BATCH, 100, 1, 1);
    Arrays.fill(batch.probabilities(), 0.25);
    return batch;
  }
}
