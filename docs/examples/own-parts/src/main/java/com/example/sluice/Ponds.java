package com.example.sluice;

import dev.millrace.core.math.SeededRandom;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Stands in for a mill: its ponds, worked at random, and a reading of one of them each millisecond.
 */
final class Ponds implements MapFunction<Long, Reading> {
  private static final long serialVersionUID = 1L;
  private static final int COUNT = 4;

  private final int[] levels = new int[COUNT];
  private transient SeededRandom random;

  @Override
  public Reading map(Long number) throws InterruptedException {
    Thread.sleep(1);
    if (random == null) {
      random = SeededRandom.of(7, "ponds");
    }
    int pond = (int) (number % COUNT);
    Reading reading = new Reading(pond, number / COUNT, levels[pond], random.nextInt(2));
    levels[pond] =
        Sluice.over(reading.level())
            ? Sluice.anyLevel(random)
            : Sluice.flow(reading.level(), reading.action(), random);
    return reading;
  }
}
