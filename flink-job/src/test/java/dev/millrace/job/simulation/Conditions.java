package dev.millrace.job.simulation;

import dev.millrace.core.agent.RateLimiter;
import dev.millrace.core.loop.SmallestWindow;
import dev.millrace.core.math.SeededRandom;
import java.util.Arrays;

/** What varies from one schedule to the next, drawn from its seed. */
final class Conditions {
  private static final double[] RATIOS = {0.25, 0.5, 1, 1.5, 2, 4, 7.3, 16};
  private static final double[] DROPS = {0, 0.1, 0.5, 0.8};

  final long seed;
  final Defect defect;

  final int[] groupSizes;
  final int n;
  final int stepsPerTicket;
  final long budgetSteps;
  final boolean snapshots;
  final double faultRate;
  final double endRate;

  final int shards;
  final int shardCapacity;
  final boolean skewed;
  final RateLimiter limiter;
  final boolean smallestWindow;

  final int batchSize;
  final int prefetch;
  final int publishEvery;
  final long closesAtUpdate;

  final int channelCapacity;
  final int priorityInbox;
  final int reportEvery;
  final double dropRate;
  final double doubleRate;
  final double lateRate;
  final double outliveRate;
  final int crashes;

  Conditions(long seed, Defect defect) {
    this.seed = seed;
    this.defect = defect;
    SeededRandom random = SeededRandom.of(seed, "conditions");
    groupSizes = new int[random.nextInt(6) == 0 ? 1 : 1 + random.nextInt(4)];
    int most = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(4);
    Arrays.setAll(groupSizes, group -> 1 + random.nextInt(most));
    n = 1 + random.nextInt(5);
    stepsPerTicket = 1 + random.nextInt(4);
    snapshots = random.nextBoolean();
    faultRate = random.nextInt(3) == 0 ? 0 : 0.2 * random.nextDouble();
    endRate = 0.3 * random.nextDouble();

    double ratio = RATIOS[random.nextInt(RATIOS.length)];
    batchSize = (ratio > 4 ? 4 : 1) + random.nextInt(8);
    prefetch = 1 + random.nextInt(4);
    publishEvery = 1 + random.nextInt(5);
    long minimumSize = 1 + random.nextInt(random.nextBoolean() ? 3 : 20);
    budgetSteps =
        minimumSize + (long) environments() * (n + 1) + random.nextInt(ratio > 4 ? 20 : 40);
    closesAtUpdate = random.nextInt(8) == 0 ? random.nextInt(20) : Long.MAX_VALUE;

    shards = 1 + random.nextInt(4);
    skewed = random.nextInt(3) == 0;
    long capacity = Math.max(batchSize, minimumSize) + random.nextInt(40);
    shardCapacity = (int) ((capacity + shards - 1) / shards);
    smallestWindow = random.nextBoolean();
    limiter = limiter(ratio, minimumSize, smallestWindow ? 1 : 1 + random.nextDouble());

    channelCapacity = 1 + random.nextInt(6);
    priorityInbox = 1 + random.nextInt(4);
    reportEvery = 1 + random.nextInt(8);
    dropRate = DROPS[random.nextInt(DROPS.length)];
    doubleRate = random.nextBoolean() ? 0 : 0.3;
    lateRate = random.nextBoolean() ? 0 : 0.1;
    outliveRate = random.nextDouble();
    crashes = random.nextInt(4);
  }

  private RateLimiter limiter(double ratio, long minimumSize, double slack) {
    int largest = Arrays.stream(groupSizes).max().orElseThrow();
    SmallestWindow least =
        SmallestWindow.of(ratio, environments(), n, largest, stepsPerTicket, batchSize);
    RateLimiter limiter = least.limiter(ratio, minimumSize, slack * least.samples());
    double min = limiter.min() + (defect == Defect.WINDOW_LACKS_A_BATCH ? batchSize : 0);
    double residue = ratio * environments() * n;
    double max = limiter.max() - (defect == Defect.WINDOW_LACKS_THE_RESIDUE ? residue : 0);
    return new RateLimiter(ratio, minimumSize, min, max);
  }

  int environments() {
    return Arrays.stream(groupSizes).sum();
  }

  /** The number of a group's first environment. */
  int firstOf(int group) {
    return Arrays.stream(groupSizes, 0, group).sum();
  }

  @Override
  public String toString() {
    return "groups=%s n=%d steps-per-ticket=%d budget=%d snapshots=%s faults=%.2f shards=%d×%d skewed=%s %s batch=%d prefetch=%d closes-at=%d channels=%d drop=%.1f double=%.1f late=%.1f outlive=%.2f crashes=%d"
        .formatted(
            Arrays.toString(groupSizes),
            n,
            stepsPerTicket,
            budgetSteps,
            snapshots,
            faultRate,
            shards,
            shardCapacity,
            skewed,
            limiter,
            batchSize,
            prefetch,
            closesAtUpdate,
            channelCapacity,
            dropRate,
            doubleRate,
            lateRate,
            outliveRate,
            crashes);
  }
}
