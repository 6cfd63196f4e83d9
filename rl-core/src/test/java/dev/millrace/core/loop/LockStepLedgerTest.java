package dev.millrace.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.policy.ParameterVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link TicketLedger} where parameters are the clock. */
class LockStepLedgerTest {

  /** Groups of two and one, five steps a ticket: 15 steps a round. */
  private static TicketLedger ledger(long budget) {
    return new TicketLedger(new int[] {2, 1}, 1, 5, true, RateLimiter.atMost(1, 1), budget);
  }

  private static TicketLedger reported(TicketLedger ledger) {
    ledger.note(group(0, 0, 0, 0));
    ledger.note(group(1, 0, 0, 0));
    ledger.note(queue(0, 0));
    return ledger;
  }

  private static Progress group(int group, long answered, long completed, long spared) {
    return new Progress.Group(group, answered, completed, 0, spared);
  }

  private static Progress queue(long inserted, long consumed) {
    return new Progress.Shard(0, 1, inserted, consumed, 0, 0, ParameterVersion.NONE);
  }

  private static List<String> issued(TicketLedger ledger) {
    List<String> all = new ArrayList<>();
    for (Ticket ticket = ledger.next(); ticket != null; ticket = ledger.next()) {
      all.add(ticket.group() + ":" + ticket.number() + " x" + ticket.steps());
      assertThat(ticket.atLeastStep())
          .as("what was learned from the round before")
          .isEqualTo(ticket.number() - 1);
    }
    return all;
  }

  @Test
  void everyTicketNamesTheStepItNeedsAndTwoMayBeOutstanding() {
    TicketLedger ledger = reported(ledger(1000));
    assertThat(issued(ledger)).containsExactly("0:1 x5", "1:1 x5", "0:2 x5", "1:2 x5");
    ledger.note(group(1, 1, 5, 0));
    assertThat(issued(ledger)).containsExactly("1:3 x5");
  }

  @Test
  void aRoundThatDoesNotFitTheBudgetIsNotBegun() {
    TicketLedger ledger = reported(ledger(44));
    assertThat(issued(ledger)).hasSize(4);
    assertThat(ledger.exhausted()).as("14 are left, a round takes 15").isTrue();
    ledger.note(group(0, 2, 20, 0));
    ledger.note(group(1, 2, 10, 0));
    assertThat(issued(ledger)).isEmpty();
    ledger.note(queue(30, 15));
    assertThat(ledger.finished(1)).as("the second round is not learned from").isFalse();
    ledger.note(queue(30, 30));
    assertThat(ledger.finished(1)).isTrue();
    assertThat(ledger.clock()).isEqualTo(30);
  }

  @Test
  void aRoundOnceBegunIsIssuedWhole() {
    TicketLedger ledger = reported(ledger(45));
    issued(ledger);
    ledger.note(group(0, 1, 10, 0));
    assertThat(issued(ledger)).containsExactly("0:3 x5");
    assertThat(ledger.exhausted()).as("the other group's third is to come").isFalse();
    assertThat(issued(ledger)).isEmpty();
    ledger.note(group(1, 2, 10, 0));
    assertThat(issued(ledger)).containsExactly("1:3 x5");
    assertThat(ledger.exhausted()).isTrue();
  }

  @Test
  void sparedStepsAreGivenBack() {
    TicketLedger ledger = reported(ledger(30));
    assertThat(issued(ledger)).hasSize(4);
    assertThat(ledger.exhausted()).isTrue();
    ledger.note(group(0, 1, 3, 7));
    ledger.note(group(1, 1, 2, 3));
    assertThat(issued(ledger)).as("10 are not enough for a round").isEmpty();
    assertThat(ledger.clock()).isEqualTo(20);
    ledger.note(group(0, 2, 8, 12));
    assertThat(issued(ledger)).as("15 are").containsExactly("0:3 x5", "1:3 x5");
  }

  @Test
  void howManyRoundsThereAreDoesNotDependOnWhenTheSparedStepsAreTold() {
    assertThat(roundsWithNews(true)).isEqualTo(roundsWithNews(false)).isGreaterThan(2);
  }

  /** Each ticket spares all but one step of each environment. */
  private static long roundsWithNews(boolean atOnce) {
    TicketLedger ledger = reported(ledger(40));
    long[] answered = new long[2];
    while (true) {
      List<Ticket> round = new ArrayList<>();
      for (Ticket ticket = ledger.next(); ticket != null; ticket = ledger.next()) {
        round.add(ticket);
        answered[ticket.group()] = ticket.number();
        if (atOnce) {
          tell(ledger, ticket);
        }
      }
      if (round.isEmpty()) {
        assertThat(answered[0]).isEqualTo(answered[1]);
        return answered[0];
      }
      round.forEach(ticket -> tell(ledger, ticket));
    }
  }

  private static void tell(TicketLedger ledger, Ticket ticket) {
    int size = ticket.group() == 0 ? 2 : 1;
    long number = ticket.number();
    ledger.note(group(ticket.group(), number, number * size, 4 * number * size));
  }

  @Test
  void aFreshLedgerContinuesInTheMiddleOfARound() throws IOException {
    TicketLedger ledger = reported(ledger(45));
    issued(ledger);
    ledger.note(group(0, 1, 10, 0));
    ledger.next();
    TicketLedger fresh = ledger(45);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ledger.save(new DataOutputStream(bytes));
    fresh.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(fresh.next()).as("nobody has reported").isNull();
    fresh.note(queue(0, 0));
    fresh.note(group(0, 1, 10, 0));
    fresh.note(group(1, 0, 0, 0));
    assertThat(issued(fresh)).as("both have two outstanding").isEmpty();
    fresh.note(group(1, 1, 5, 0));
    assertThat(issued(fresh)).containsExactly("1:3 x5");
    fresh.note(group(0, 3, 30, 0));
    fresh.note(group(1, 3, 15, 0));
    assertThat(issued(fresh)).isEmpty();
    fresh.note(queue(45, 45));
    assertThat(fresh.finished(1)).isTrue();
  }

  @Test
  void theTargetEndsARoundInTheMiddle() {
    TicketLedger ledger = reported(ledger(1000));
    ledger.next();
    ledger.note(new Progress.TargetReached(1));
    assertThat(ledger.next()).isNull();
    ledger.note(group(0, 1, 10, 0));
    assertThat(ledger.finished(1)).isTrue();
  }
}
