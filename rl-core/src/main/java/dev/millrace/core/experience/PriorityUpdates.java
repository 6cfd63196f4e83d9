package dev.millrace.core.experience;

/**
 * New priorities for items of one shard. An entry whose insert number is not that of the slot's
 * present item, or an update of another epoch, is ignored and counted.
 *
 * @param shard which shard
 * @param epoch the shard's epoch, echoed from the batch
 * @param slots {@code int[B]}
 * @param insertNumbers {@code long[B]}
 * @param priorities {@code float[B]}, absolute TD errors
 */
public record PriorityUpdates(
    int shard, long epoch, int[] slots, long[] insertNumbers, float[] priorities) {
  public PriorityUpdates {
    if (slots.length != insertNumbers.length || slots.length != priorities.length) {
      throw new IllegalArgumentException(
          "priority updates for shard %d: %d slots, %d insert numbers, %d priorities: must be equal"
              .formatted(shard, slots.length, insertNumbers.length, priorities.length));
    }
  }

  public int size() {
    return slots.length;
  }
}
