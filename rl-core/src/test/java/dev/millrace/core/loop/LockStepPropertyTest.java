package dev.millrace.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Ledger and queue in lock-step, with groups of any sizes and edges that take their time: tickets,
 * rollouts and parameters wait as long as they like, progress is lost until it is told again,
 * episodes spare steps, environments fail.
 */
class LockStepPropertyTest {

  @Property(tries = 100, seed = "1")
  void everyRunEndsWithWholeRoundsAndWithTheSameWhateverTheLatencies(@ForAll long seed) {
    Loop once = new Loop(seed, 1);
    Loop again = new Loop(seed, 2);
    once.run();
    again.run();
    assertThat(again.history).isEqualTo(once.history);
  }

  private static final class Group {
    final int size;
    final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    final ArrayDeque<Rollout> sent = new ArrayDeque<>();
    long knownStep;
    long answered;
    long completed;
    long abandoned;
    long spared;

    Group(int size) {
      this.size = size;
    }
  }

  private static final class Loop {
    private final long seed;
    private final SeededRandom latency;
    private final List<Group> groups = new ArrayList<>();
    private final TicketLedger tickets;
    private final RolloutQueue queue;
    private final boolean wholeEpisodes;
    private final int steps;
    private final long budget;
    private int environments;
    private long step;
    final List<String> history = new ArrayList<>();

    Loop(long seed, long latencySeed) {
      this.seed = seed;
      latency = SeededRandom.of(seed, "latency", latencySeed);
      SeededRandom random = new SeededRandom(seed);
      int[] sizes = new int[1 + random.nextInt(4)];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = 1 + random.nextInt(5);
        environments += sizes[i];
        groups.add(new Group(sizes[i]));
      }
      steps = 1 + random.nextInt(6);
      wholeEpisodes = random.nextBoolean();
      budget = random.nextInt(400);
      ReplaySpec.Fifo spec =
          wholeEpisodes ? ReplaySpec.Fifo.lockStepEpisodes(1) : ReplaySpec.Fifo.lockStep(1);
      queue = new RolloutQueue(spec, sizes.length);
      tickets = new TicketLedger(sizes, 1, steps, true, RateLimiter.atMost(1, 1), budget);
    }

    void run() {
      int turns = 0;
      while (!tickets.finished(1)) {
        assertThat(turns++).as("turns without coming to an end").isLessThan(100_000);
        int group = latency.nextInt(groups.size());
        switch (latency.nextInt(5)) {
          case 0 -> issue();
          case 1 -> answer(group);
          case 2 -> deliver(group);
          case 3 -> groups.get(group).knownStep = step;
          default -> tell(group);
        }
      }
      // rollouts without a transition may still be under way
      for (int group = 0; group < groups.size(); group++) {
        deliver(group);
      }
      long spared = groups.stream().mapToLong(group -> group.spared).sum();
      long taken = step * steps * environments - spared;
      assertThat(tickets.clock()).isEqualTo(taken);
      assertThat(groups).allSatisfy(group -> assertThat(group.answered).isEqualTo(step));
      assertThat(taken).isLessThanOrEqualTo(budget);
      assertThat(taken + (long) steps * environments)
          .as("another round would not have fitted")
          .isGreaterThan(budget);
      assertThat(queue.waiting()).isEmpty();
    }

    private void issue() {
      Ticket ticket = tickets.next();
      if (ticket != null) {
        assertThat(ticket.steps()).as("no shorter rounds").isEqualTo(steps);
        groups.get(ticket.group()).tickets.add(ticket);
      }
    }

    /** What happens depends on seed, group and ticket alone. */
    private void answer(int number) {
      Group group = groups.get(number);
      Ticket ticket = group.tickets.peek();
      if (ticket == null || ticket.atLeastStep() > group.knownStep) {
        return;
      }
      group.tickets.poll();
      SeededRandom random = SeededRandom.of(seed, "answer", number, ticket.number());
      List<Trajectory> trajectories = new ArrayList<>();
      for (int i = 0; i < group.size; i++) {
        int taken = wholeEpisodes ? 1 + random.nextInt(ticket.steps()) : ticket.steps();
        group.spared += ticket.steps() - taken;
        if (random.nextInt(10) == 0) {
          group.abandoned += taken;
        } else {
          group.completed += taken;
          trajectories.add(trajectory(taken));
        }
      }
      group.answered = ticket.number();
      ParameterVersion version = new ParameterVersion(1, group.knownStep);
      group.sent.add(Rollout.of(number, ticket.number(), version, trajectories));
    }

    private static Trajectory trajectory(int steps) {
      float[] column = new float[steps];
      return new Trajectory(0, 0, column, column, column, column, column, new float[1], false);
    }

    private void deliver(int number) {
      Rollout rollout = groups.get(number).sent.poll();
      if (rollout == null) {
        return;
      }
      queue.add(rollout);
      for (List<Rollout> batch = queue.next(step); batch != null; batch = queue.next(step)) {
        batch.forEach(
            each -> history.add(each.group() + ":" + each.number() + " of " + each.transitions()));
        step++;
      }
    }

    private void tell(int number) {
      Group group = groups.get(number);
      tickets.note(
          new Progress.Group(
              number, group.answered, group.completed, group.abandoned, group.spared));
      tickets.note(queue.progress(1));
    }
  }
}
