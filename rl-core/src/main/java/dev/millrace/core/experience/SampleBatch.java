package dev.millrace.core.experience;

/**
 * {@code B} transitions sampled from one replay shard, in columns.
 *
 * @param shard which shard
 * @param epoch the shard's epoch; priorities must echo it
 * @param slots {@code int[B]}, where in the shard each item lies
 * @param insertNumbers {@code long[B]}, the shard's insert count when each was put there
 * @param probabilities {@code double[B]}, the probability with which each was drawn: within the
 *     shard when the replay sends it, over all shards once the learner's operator has multiplied in
 *     the shard's own
 * @param population how many items those probabilities range over
 * @param observations {@code float[B × D]}
 * @param actions {@code float[B × A]}
 * @param rewards {@code float[B]}
 * @param discounts {@code float[B]}
 * @param nextObservations {@code float[B × D]}
 */
public record SampleBatch(
    int shard,
    long epoch,
    int[] slots,
    long[] insertNumbers,
    double[] probabilities,
    long population,
    float[] observations,
    float[] actions,
    float[] rewards,
    float[] discounts,
    float[] nextObservations) {

  /** Room for {@code size} transitions of the given widths. */
  public static SampleBatch allocate(
      int shard, long epoch, int size, long population, int observationSize, int actionSize) {
    return new SampleBatch(
        shard,
        epoch,
        new int[size],
        new long[size],
        new double[size],
        population,
        new float[size * observationSize],
        new float[size * actionSize],
        new float[size],
        new float[size],
        new float[size * observationSize]);
  }

  /** {@code B}. */
  public int size() {
    return slots.length;
  }

  /**
   * The same batch with its probabilities multiplied by {@code shardProbability} and ranging over
   * {@code population} items.
   */
  public SampleBatch over(double shardProbability, long population) {
    double[] global = new double[probabilities.length];
    for (int i = 0; i < global.length; i++) {
      global[i] = probabilities[i] * shardProbability;
    }
    return new SampleBatch(
        shard,
        epoch,
        slots,
        insertNumbers,
        global,
        population,
        observations,
        actions,
        rewards,
        discounts,
        nextObservations);
  }

  /** The update that gives this batch's items {@code priorities}, as absolute TD errors. */
  public PriorityUpdates priorities(float[] priorities) {
    return new PriorityUpdates(shard, epoch, slots, insertNumbers, priorities);
  }
}
