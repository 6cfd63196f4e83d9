package dev.millrace.streams;

import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;

/**
 * One attempt at running one subtask. Tasks that restart together agree on graph and attempt; a
 * dying attempt and its successor never do, whether a task, a TaskManager or the JobManager failed.
 *
 * @param graph the execution graph: new when the job is submitted, restored or its JobManager fails
 * @param attempt counts the restarts within that graph
 * @param subtask index of the subtask
 * @param parallelism of its operator
 * @param slot the slot's allocation, or empty where that is not known
 * @param vertex the name and the identifier of its job vertex, to tell people
 */
public record TaskAttempt(
    String graph, int attempt, int subtask, int parallelism, String slot, String vertex) {

  /** An attempt of a vertex that has no name. */
  public TaskAttempt(String graph, int attempt, int subtask, int parallelism, String slot) {
    this(graph, attempt, subtask, parallelism, slot, "a task");
  }

  /** The attempt that {@code context} belongs to. */
  public static TaskAttempt of(RuntimeContext context) {
    return of(
        context.getMetricGroup(),
        context.getTaskInfo().getIndexOfThisSubtask(),
        context.getTaskInfo().getNumberOfParallelSubtasks(),
        context.getTaskInfo().getAllocationIDAsString());
  }

  /** The attempt that {@code metrics} belong to; a source reader knows no more of itself. */
  public static TaskAttempt of(MetricGroup metrics, int subtask, int parallelism, String slot) {
    Map<String, String> variables = metrics.getAllVariables();
    String execution = variables.get(ScopeFormat.SCOPE_TASK_ATTEMPT_ID);
    String graph = execution == null ? "" : execution.split("_", 2)[0];
    int attempt = Integer.parseInt(variables.getOrDefault(ScopeFormat.SCOPE_TASK_ATTEMPT_NUM, "0"));
    String vertex =
        "%s (%s)"
            .formatted(
                variables.get(ScopeFormat.SCOPE_TASK_NAME),
                variables.get(ScopeFormat.SCOPE_TASK_VERTEX_ID));
    return new TaskAttempt(graph, attempt, subtask, parallelism, slot == null ? "" : slot, vertex);
  }

  @Override
  public String toString() {
    return "%s, subtask %d/%d, attempt %d, in slot %s"
        .formatted(vertex, subtask + 1, parallelism, attempt, slot.isEmpty() ? "unknown" : slot);
  }
}
