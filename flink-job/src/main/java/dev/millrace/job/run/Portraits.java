package dev.millrace.job.run;

import dev.millrace.learner.network.Dl4jExport;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run leaves for others to look at: the learning curve and the DeepLearning4J model. Both
 * need more of a machine than training does, fonts and native code, and a run is no failure for
 * want of them.
 */
public final class Portraits {
  private static final Logger LOG = LoggerFactory.getLogger(Portraits.class);

  private Portraits() {}

  /**
   * Draws both.
   *
   * @param best the best policy's parameters; null if there is none
   */
  public static void draw(Recording recording, float[] best) {
    RunFolder folder = recording.folder();
    attempt(
        folder.learningCurve().toString(),
        () -> LearningCurve.draw(folder, recording.name(), recording.targetReturn()));
    if (best != null) {
      attempt(
          folder.bestModel().toString(),
          () -> Dl4jExport.write(recording.network(), best, folder.bestModel()));
    }
  }

  private interface Drawing {
    void run() throws IOException;
  }

  private static void attempt(String what, Drawing drawing) {
    try {
      drawing.run();
    } catch (IOException | RuntimeException | LinkageError | InternalError e) {
      LOG.warn("{} was not written: {}", what, e.toString(), e);
    }
  }
}
