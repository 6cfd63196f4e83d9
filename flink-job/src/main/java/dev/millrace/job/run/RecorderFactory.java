package dev.millrace.job.run;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import java.io.IOException;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEventDispatcher;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.SerializedValue;

/** Makes the recorder's operator and, on the JobManager, the coordinator clients reach it by. */
public final class RecorderFactory extends AbstractStreamOperatorFactory<Progress>
    implements OneInputStreamOperatorFactory<Report, Progress>,
        CoordinatedOperatorFactory<Progress> {
  private static final long serialVersionUID = 1L;

  private final Recording recording;

  public RecorderFactory(Recording recording) {
    this.recording = recording;
  }

  /** The recorder's identifier in a job, by which clients reach it. */
  public static OperatorID recorder(JobGraph job, ClassLoader loader) {
    for (JobVertex vertex : job.getVertices()) {
      for (SerializedValue<OperatorCoordinator.Provider> saved : vertex.getOperatorCoordinators()) {
        try {
          if (saved.deserializeValue(loader) instanceof RecorderCoordinator.Maker maker) {
            return maker.operator();
          }
        } catch (IOException | ClassNotFoundException e) {
          throw new IllegalStateException("the job's coordinators cannot be read", e);
        }
      }
    }
    throw new IllegalArgumentException("the job has no recorder");
  }

  // Flink 2 takes all of this in the operator's constructor; 1.20 has no other way.
  @Override
  @SuppressWarnings({"deprecation", "unchecked"})
  public <T extends StreamOperator<Progress>> T createStreamOperator(
      StreamOperatorParameters<Progress> parameters) {
    OperatorID id = parameters.getStreamConfig().getOperatorID();
    OperatorEventDispatcher events = parameters.getOperatorEventDispatcher();
    RecorderOperator operator = new RecorderOperator(recording, events.getOperatorEventGateway(id));
    operator.setup(
        parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
    operator.setProcessingTimeService(parameters.getProcessingTimeService());
    events.registerEventHandler(id, operator);
    return (T) operator;
  }

  @Override
  public OperatorCoordinator.Provider getCoordinatorProvider(String name, OperatorID id) {
    return new RecorderCoordinator.Maker(id);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
    return RecorderOperator.class;
  }
}
