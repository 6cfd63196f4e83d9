package dev.millrace.deploy.session;

import java.io.File;
import java.util.Arrays;
import org.apache.flink.client.deployment.application.ApplicationClusterEntryPoint;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;

/**
 * The JobManager of an application: runs a jar's main method itself. It is what Kubernetes runs,
 * without Kubernetes; the one that Flink has for this is in no artifact.
 */
final class ApplicationProcess extends ApplicationClusterEntryPoint {

  private ApplicationProcess(Configuration configuration, PackagedProgram program) {
    super(configuration, program, StandaloneResourceManagerFactory.getInstance());
  }

  /**
   * Runs until the job has ended.
   *
   * @param arguments the jar, then those of its main method
   */
  public static void main(String[] arguments) throws Exception {
    Configuration configuration = GlobalConfiguration.loadConfiguration();
    PackagedProgram program =
        PackagedProgram.newBuilder()
            .setJarFile(new File(arguments[0]))
            .setArguments(Arrays.copyOfRange(arguments, 1, arguments.length))
            .setConfiguration(configuration)
            .build();
    configureExecution(configuration, program);
    ClusterEntrypoint.runClusterEntrypoint(new ApplicationProcess(configuration, program));
  }
}
