package dev.millrace.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TicketLedgerTest {
  private static final RateLimiter NO_LIMIT = new RateLimiter(1, 1, -1e12, 1e12);

  @Test
  void theBudgetIsIssuedExactlyAndTheLastTicketIsShorter() {
    TicketLedger ledger = new TicketLedger(new int[] {4, 4}, 1, 5, false, NO_LIMIT, 52);
    ledger.note(shard(0, 1, 0, 0));
    ledger.note(group(0, 0, 0));
    ledger.note(group(1, 0, 0));
    assertThat(ledger.next()).isEqualTo(ticket(0, 1, 5, 0));
    assertThat(ledger.next()).isEqualTo(ticket(1, 1, 5, 20));
    assertThat(ledger.exhausted()).isFalse();
    assertThat(ledger.next()).isEqualTo(ticket(0, 2, 3, 40));
    assertThat(ledger.clock()).isEqualTo(52);
    assertThat(ledger.exhausted()).isTrue();
    assertThat(ledger.next()).isNull();
  }

  @Test
  void ticketsAreOutstandingUntilTheirGroupHasAnswered() {
    TicketLedger ledger = new TicketLedger(new int[] {4, 4}, 1, 5, false, NO_LIMIT, 1000);
    ledger.note(shard(0, 1, 0, 0));
    ledger.note(group(0, 0, 0));
    ledger.note(group(1, 0, 0));
    assertThat(ledger.outstanding()).isZero();
    ledger.next();
    ledger.next();
    ledger.next();
    assertThat(ledger.outstanding()).isEqualTo(3);
    ledger.note(group(0, 1, 0));
    assertThat(ledger.outstanding()).isEqualTo(2);
  }

  @Test
  void whatIsTooLittleForOneGroupGoesToAnother() {
    TicketLedger ledger = new TicketLedger(new int[] {4, 2}, 1, 1, false, NO_LIMIT, 15);
    ledger.note(shard(0, 1, 0, 0));
    ledger.note(group(0, 0, 0));
    ledger.note(group(1, 0, 0));
    assertThat(ledger.next()).isEqualTo(ticket(0, 1, 1, 0));
    assertThat(ledger.next()).isEqualTo(ticket(1, 1, 1, 4));
    assertThat(ledger.next()).isEqualTo(ticket(0, 2, 1, 6));
    assertThat(ledger.next()).isEqualTo(ticket(1, 2, 1, 10));
    ledger.note(group(0, 2, 0));
    assertThat(ledger.next()).as("3 are too few for the first").isNull();
    assertThat(ledger.exhausted()).isFalse();
    ledger.note(group(1, 2, 0));
    assertThat(ledger.next()).isEqualTo(ticket(1, 3, 1, 12));
    assertThat(ledger.exhausted()).isTrue();
  }

  @Test
  void whatDoesNotDivideByAGroupIsNotIssued() {
    TicketLedger ledger = new TicketLedger(new int[] {4}, 1, 5, false, NO_LIMIT, 23);
    ledger.note(shard(0, 1, 0, 0));
    ledger.note(group(0, 0, 0));
    assertThat(ledger.next()).isEqualTo(ticket(0, 1, 5, 0));
    assertThat(ledger.next()).isNull();
    assertThat(ledger.exhausted()).isTrue();
  }

  @Test
  void nothingIsIssuedUntilEveryoneHasReported() {
    TicketLedger ledger = new TicketLedger(new int[] {1, 1}, 2, 1, false, NO_LIMIT, 100);
    Progress[] everyone = {shard(0, 1, 0, 0), shard(1, 1, 0, 0), group(0, 0, 0), group(1, 0, 0)};
    for (Progress progress : everyone) {
      assertThat(ledger.next()).isNull();
      assertThat(ledger.finished(1)).isFalse();
      ledger.note(progress);
    }
    assertThat(ledger.next()).isNotNull();
  }

  @Test
  void atMostTwoTicketsOfAGroupAreOutstanding() {
    TicketLedger ledger = new TicketLedger(new int[] {1, 1}, 1, 1, false, NO_LIMIT, 100);
    ledger.note(shard(0, 1, 0, 0));
    ledger.note(group(0, 0, 0));
    ledger.note(group(1, 0, 0));
    for (int i = 0; i < 4; i++) {
      assertThat(ledger.next().group()).isEqualTo(i % 2);
    }
    assertThat(ledger.next()).isNull();
    ledger.note(group(1, 1, 0));
    assertThat(ledger.next()).isEqualTo(ticket(1, 3, 1, 4));
    assertThat(ledger.next()).isNull();
    ledger.note(group(1, 0, 0));
    assertThat(ledger.next()).as("old news").isNull();
  }

  @Test
  void insertsWaitForSamplesWithWhateverIsUnderWay() {
    TicketLedger ledger =
        new TicketLedger(new int[] {10}, 1, 1, false, new RateLimiter(2, 20, 0, 100), 1000);
    ledger.note(shard(0, 1, 0, 0));
    ledger.note(group(0, 0, 0));
    ledger.next();
    ledger.next();
    ledger.note(group(0, 2, 0));
    assertThat(ledger.next()).as("2 * 30 <= 100").isNotNull();
    ledger.note(shard(0, 1, 20, 0));
    assertThat(ledger.next()).as("2 * 40 <= 100").isNotNull();
    ledger.note(group(0, 4, 0));
    assertThat(ledger.next()).as("2 * 50 <= 100").isNotNull();
    ledger.note(group(0, 5, 0));
    assertThat(ledger.next()).as("2 * 60 > 100").isNull();
    ledger.note(shard(0, 1, 20, 19));
    assertThat(ledger.next()).as("2 * 60 - 19 > 100").isNull();
    ledger.note(shard(0, 1, 20, 20));
    assertThat(ledger.next()).as("2 * 60 - 20 <= 100").isNotNull();
  }

  @Test
  void abandonedStepsDoNotStallPacing() {
    TicketLedger ledger =
        new TicketLedger(new int[] {10}, 1, 1, false, new RateLimiter(1, 1, 0, 20), 1000);
    ledger.note(shard(0, 1, 1, 0));
    ledger.note(group(0, 0, 0));
    ledger.next();
    ledger.next();
    ledger.note(group(0, 2, 9));
    assertThat(ledger.next()).as("21 may be inserted").isNull();
    ledger.note(group(0, 2, 10));
    assertThat(ledger.next()).isNotNull();
  }

  @Test
  void oldNewsOfAShardChangesNothingAndANewEpochMayRewind() {
    TicketLedger ledger = new TicketLedger(new int[] {1}, 1, 1, false, NO_LIMIT, 10);
    ledger.note(shard(0, 5, 100, 50));
    ledger.note(shard(0, 5, 90, 50));
    ledger.note(shard(0, 5, 100, 40));
    ledger.note(shard(0, 4, 200, 200));
    assertThat(ledger.inserted()).isEqualTo(100);
    assertThat(ledger.sampled()).isEqualTo(50);
    ledger.note(shard(0, 6, 80, 30));
    assertThat(ledger.inserted()).isEqualTo(80);
    assertThat(ledger.sampled()).isEqualTo(30);
  }

  @Test
  void finishesWhenAllIsAnsweredAndSampled() {
    TicketLedger ledger =
        new TicketLedger(new int[] {10}, 1, 1, false, new RateLimiter(1, 5, 2, 100), 10);
    ledger.note(shard(0, 1, 0, 0));
    ledger.note(group(0, 0, 0));
    ledger.next();
    ledger.note(shard(0, 1, 10, 0));
    assertThat(ledger.finished(4)).as("not answered").isFalse();
    ledger.note(new Progress.Group(0, 1, 10, 0, 0));
    assertThat(ledger.finished(4)).as("two batches may still be sampled").isFalse();
    ledger.note(shard(0, 1, 10, 8));
    assertThat(ledger.finished(4)).isTrue();
  }

  @Test
  void finishesOnlyWhenAllThatWasCompletedHasBeenInserted() {
    TicketLedger ledger =
        new TicketLedger(new int[] {10}, 1, 1, false, new RateLimiter(1, 5, 2, 100), 10);
    ledger.note(shard(0, 1, 4, 0));
    ledger.note(group(0, 0, 0));
    ledger.next();
    ledger.note(new Progress.Group(0, 1, 7, 1, 0));
    assertThat(ledger.finished(4)).as("three are on their way").isFalse();
    ledger.note(shard(0, 1, 7, 0));
    assertThat(ledger.finished(4)).as("now there is something to sample").isFalse();
    ledger.note(shard(0, 1, 7, 4));
    assertThat(ledger.finished(4)).as("two are held back, one was abandoned").isTrue();
  }

  @Test
  void theTargetClosesTheGateAndNothingMoreNeedsSampling() {
    TicketLedger ledger =
        new TicketLedger(new int[] {10}, 1, 1, false, new RateLimiter(1, 5, 2, 100), 1000);
    ledger.note(shard(0, 1, 10, 0));
    ledger.note(group(0, 0, 0));
    ledger.next();
    ledger.note(new Progress.TargetReached(475));
    assertThat(ledger.next()).isNull();
    assertThat(ledger.finished(4)).as("a ticket is under way").isFalse();
    ledger.note(group(0, 1, 0));
    assertThat(ledger.finished(4)).isTrue();
  }

  @Test
  void aFreshLedgerContinuesWhatWasSaved() throws IOException {
    TicketLedger ledger = new TicketLedger(new int[] {4, 4}, 1, 5, false, NO_LIMIT, 92);
    ledger.note(shard(0, 1, 0, 0));
    ledger.note(group(0, 0, 0));
    ledger.note(group(1, 0, 0));
    ledger.next();
    ledger.next();
    ledger.next();
    ledger.close();
    TicketLedger fresh = new TicketLedger(new int[] {4, 4}, 1, 5, false, NO_LIMIT, 92);
    fresh.restore(new DataInputStream(new ByteArrayInputStream(save(ledger))));
    assertThat(fresh.next()).as("nobody has reported to it").isNull();
    fresh.note(shard(0, 2, 20, 0));
    fresh.note(group(0, 1, 0));
    fresh.note(group(1, 1, 0));
    assertThat(fresh.next()).as("it is open again").isEqualTo(ticket(1, 2, 5, 60));
    assertThat(fresh.next()).as("group 0 has one outstanding").isEqualTo(ticket(0, 3, 3, 80));
    assertThat(fresh.next()).isNull();
    assertThat(fresh.exhausted()).isTrue();
  }

  @Test
  void refusesStateOfOtherGroupsOrVersions() throws IOException {
    byte[] saved = save(new TicketLedger(new int[] {4, 4}, 1, 5, false, NO_LIMIT, 92));
    assertThatThrownBy(
            () ->
                new TicketLedger(new int[] {4}, 1, 5, false, NO_LIMIT, 92)
                    .restore(new DataInputStream(new ByteArrayInputStream(saved))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "ticket ledger has groups=2, the configuration 1: the number of groups is fixed for a run");
    saved[3] = 2;
    assertThatThrownBy(
            () ->
                new TicketLedger(new int[] {4, 4}, 1, 5, false, NO_LIMIT, 92)
                    .restore(new DataInputStream(new ByteArrayInputStream(saved))))
        .hasMessage(
            "ticket ledger version=2: this build reads version 1; use the build that wrote it");
  }

  private static byte[] save(TicketLedger ledger) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ledger.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static Ticket ticket(int group, long number, int steps, long environmentSteps) {
    return new Ticket(group, number, steps, environmentSteps, 0);
  }

  private static Progress group(int group, long answered, long abandoned) {
    return new Progress.Group(group, answered, 0, abandoned, 0);
  }

  private static Progress shard(int shard, long epoch, long inserted, long sampled) {
    return new Progress.Shard(
        shard, epoch, inserted, sampled, inserted, inserted, ParameterVersion.NONE);
  }
}
