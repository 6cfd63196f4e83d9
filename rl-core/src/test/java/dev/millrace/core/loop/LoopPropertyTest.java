package dev.millrace.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.policy.ParameterVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Both ledgers against a loop whose edges behave as badly as they may: ordinary edges keep their
 * order but take their time, feedback is lost until a timer repeats it, environments fail.
 */
class LoopPropertyTest {
  private static final int BATCH = 4;
  private static final int RESIDUE = 2;

  @Property(tries = 60, seed = "1")
  void theLoopKeepsItsBoundsAndComesToItsEnd(@ForAll long seed) {
    new Loop(new SeededRandom(seed)).run();
  }

  /** A replay shard, as far as the ledgers can tell. */
  private static final class Shard {
    final ArrayDeque<Long> arriving = new ArrayDeque<>();
    final ArrayDeque<ReplayOutput> departing = new ArrayDeque<>();
    long inserted;
    long sampled;
    long granted;
  }

  /** An environment group: tickets in, transitions out, a residue kept back. */
  private static final class Group {
    final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    long answered;
    long completed;
    long abandoned;
    long keptBack;
  }

  private static final class Loop {
    private final SeededRandom random;
    private final int[] sizes;
    private final List<Group> groups = new ArrayList<>();
    private final List<Shard> shards = new ArrayList<>();
    private final RateLimiter limiter;
    private final TicketLedger tickets;
    private final CreditLedger credits;
    private final long budget;
    private final int prefetch;
    private long received;
    private long nextStep;

    Loop(SeededRandom random) {
      this.random = random;
      sizes = new int[1 + random.nextInt(3)];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = 3;
        groups.add(new Group());
      }
      for (int i = 0; i <= random.nextInt(3); i++) {
        shards.add(new Shard());
      }
      prefetch = 1 + random.nextInt(3);
      double ratio = random.nextBoolean() ? 0.5 : 2;
      SmallestWindow window = SmallestWindow.of(ratio, sizes.length, RESIDUE, 3, 2, BATCH);
      limiter = window.limiter(ratio, 20, window.samples());
      budget = 3 * (40 + random.nextInt(100));
      tickets = new TicketLedger(sizes, shards.size(), 2, false, limiter, budget);
      credits = new CreditLedger(shards.size(), limiter, BATCH, prefetch, 1, random);
    }

    void run() {
      int rounds = 0;
      while (!tickets.finished(BATCH)) {
        assertThat(rounds++).as("rounds without coming to an end").isLessThan(100_000);
        switch (random.nextInt(6)) {
          case 0 -> issue();
          case 1 -> answer(random.nextInt(groups.size()));
          case 2 -> insert(shards.get(random.nextInt(shards.size())));
          case 3 -> serve(random.nextInt(shards.size()));
          case 4 -> deliver(shards.get(random.nextInt(shards.size())));
          default -> repeatFeedback();
        }
        check();
      }
      assertThat(tickets.clock()).isEqualTo(budget);
      assertThat(shards).as("everything has arrived").allMatch(shard -> shard.arriving.isEmpty());
    }

    private void issue() {
      Ticket ticket = tickets.next();
      if (ticket != null) {
        Group group = groups.get(ticket.group());
        group.tickets.add(ticket);
        assertThat(group.tickets.size()).isLessThanOrEqualTo(2);
        long begun = tickets.clock() - groups.stream().mapToLong(g -> g.abandoned).sum();
        assertThat(begun * limiter.samplesPerInsert() - sampled())
            .as("whatever is under way arrives")
            .isLessThanOrEqualTo(limiter.max());
      }
    }

    private void answer(int number) {
      Group group = groups.get(number);
      Ticket ticket = group.tickets.poll();
      if (ticket == null) {
        return;
      }
      group.answered++;
      long begun = (long) ticket.steps() * sizes[number] + group.keptBack;
      group.keptBack = Math.min(RESIDUE, begun);
      for (long i = group.keptBack; i < begun; i++) {
        shards.get((int) (nextStep++ % shards.size())).arriving.add(nextStep);
        group.completed++;
      }
      if (random.nextInt(10) == 0) {
        group.abandoned += group.keptBack;
        group.keptBack = 0;
      }
      if (random.nextBoolean()) {
        tickets.note(progress(number));
      }
    }

    private void insert(Shard shard) {
      if (shard.arriving.poll() != null) {
        shard.inserted++;
      }
    }

    private void serve(int number) {
      Shard shard = shards.get(number);
      if (shard.departing.size() > 4) {
        return;
      }
      SampleBatch batch = null;
      if (shard.inserted > 0 && shard.sampled + BATCH <= shard.granted) {
        shard.sampled += BATCH;
        batch = SampleBatch.allocate(number, 1, BATCH, shard.inserted, 1, 1);
      }
      shard.departing.add(new ReplayOutput(shardProgress(number), batch));
    }

    private void deliver(Shard shard) {
      ReplayOutput output = shard.departing.poll();
      if (output == null) {
        return;
      }
      if (output.batch() == null) {
        credits.note(output.progress());
      } else {
        credits.receive(output);
        received += BATCH;
      }
      SampleCredit credit = credits.grant();
      if (credit != null && random.nextBoolean()) {
        hear(credit);
      }
    }

    private void repeatFeedback() {
      for (int i = 0; i < groups.size(); i++) {
        tickets.note(progress(i));
      }
      for (int i = 0; i < shards.size(); i++) {
        if (random.nextBoolean()) {
          tickets.note(shardProgress(i));
        }
      }
      credits.standing().forEach(this::hear);
    }

    private void hear(SampleCredit credit) {
      Shard shard = shards.get(credit.shard());
      shard.granted = Math.max(shard.granted, credit.granted());
    }

    /** Bounds that hold in truth, whatever the ledgers have been told. */
    private void check() {
      assertThat(credits.underWay()).isBetween(0, prefetch);
      assertThat(sampled() - received).isBetween(0L, (long) prefetch * BATCH);
      long inserted = shards.stream().mapToLong(shard -> shard.inserted).sum();
      if (sampled() > 0) {
        assertThat(inserted * limiter.samplesPerInsert() - sampled())
            .isGreaterThanOrEqualTo(limiter.min());
      }
    }

    private long sampled() {
      return shards.stream().mapToLong(shard -> shard.sampled).sum();
    }

    private Progress progress(int number) {
      Group group = groups.get(number);
      return new Progress.Group(number, group.answered, group.completed, group.abandoned, 0);
    }

    private Progress.Shard shardProgress(int number) {
      Shard shard = shards.get(number);
      return new Progress.Shard(
          number,
          1,
          shard.inserted,
          shard.sampled,
          shard.inserted,
          shard.inserted,
          ParameterVersion.NONE);
    }
  }
}
