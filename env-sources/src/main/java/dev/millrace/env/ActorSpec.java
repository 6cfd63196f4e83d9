package dev.millrace.env;

import dev.millrace.core.env.EnvironmentProvider;
import dev.millrace.core.env.EnvironmentSpec;
import java.io.Serializable;

/**
 * Which environments act, and in which groups: environments are numbered through the experiment
 * from 0, and group {@code g} holds those from {@code g × groupSize}.
 *
 * @param environment what they look like; its name is looked up in the catalogue
 * @param environments how many, over all groups
 * @param groupSize environments in a group; the last group may be smaller
 * @param seed decides every random draw of environments and policies
 * @param maxConsecutiveFaults failures of one environment in a row at which acting fails
 */
public record ActorSpec(
    EnvironmentSpec environment,
    int environments,
    int groupSize,
    long seed,
    int maxConsecutiveFaults)
    implements Serializable {
  public ActorSpec {
    if (environments < 1 || groupSize < 1 || maxConsecutiveFaults < 1) {
      throw new IllegalArgumentException(
          "actors environments=%d, groupSize=%d, maxConsecutiveFaults=%d: must be at least 1"
              .formatted(environments, groupSize, maxConsecutiveFaults));
    }
  }

  /** How many groups there are. */
  public int groups() {
    return (environments + groupSize - 1) / groupSize;
  }

  /** Environments in each group, {@code int[groups()]}. */
  public int[] groupSizes() {
    int[] sizes = new int[groups()];
    for (int group = 0; group < sizes.length; group++) {
      sizes[group] = Math.min(groupSize, environments - firstOf(group));
    }
    return sizes;
  }

  /** The number of the group's first environment. */
  public int firstOf(int group) {
    return group * groupSize;
  }

  /** Makes environments of this kind. */
  public EnvironmentProvider provider(ClassLoader loader) {
    return EnvironmentProvider.catalogue(loader).get(environment.name());
  }
}
