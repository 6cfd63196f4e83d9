package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.math.SeededRandom;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningCurveTest {
  @TempDir Path root;

  @Test
  void drawsEpisodesEvaluationsAndTheTarget() throws IOException {
    RunFolder folder = RunFolder.at(root);
    SeededRandom random = new SeededRandom(1);
    try (Recorder recorder = new Recorder(Reports.recording(root, 0), new TestingTime(), 0, null)) {
      long steps = 0;
      long evaluated = 0;
      while (steps < 60_000) {
        double skill = 490 / (1 + Math.exp((32_000 - steps) / 6_000.0));
        double episodeReturn =
            Math.rint(Math.min(500, Math.max(9, skill * (0.5 + random.nextDouble()))));
        steps += (long) episodeReturn;
        recorder.record(Reports.episode(steps, episodeReturn));
        if (steps - evaluated > 8_000) {
          evaluated = steps;
          recorder.record(Reports.evaluation(steps, Math.min(500, skill * 1.1), false, 1f));
        }
      }
    }

    BufferedImage image = ImageIO.read(folder.learningCurve().toFile());
    assertThat(image.getWidth()).isEqualTo(LearningCurve.WIDTH);
    assertThat(image.getHeight()).isEqualTo(LearningCurve.HEIGHT);
    assertThat(colours(image)).contains(0x1F4E79, 0xD95F02, 0x2E7D32, 0xFFFFFF);
    String copy = System.getenv("MILLRACE_SHOW_CURVE");
    if (copy != null) {
      Files.copy(folder.learningCurve(), Path.of(copy));
    }
  }

  @Test
  void drawsAnEmptyFrameForARunWithoutEpisodes() throws IOException {
    RunFolder folder = RunFolder.at(root);

    LearningCurve.draw(folder, "empty", Double.NaN);

    assertThat(ImageIO.read(folder.learningCurve().toFile()).getWidth())
        .isEqualTo(LearningCurve.WIDTH);
  }

  private static Set<Integer> colours(BufferedImage image) {
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colours.add(image.getRGB(x, y) & 0xFFFFFF);
      }
    }
    return colours;
  }
}
