package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RunningMomentsTest {
  private static final int ROWS = 5000;

  /** Small deviations from great means, where sums of squares would lose every digit. */
  private static final double[] CENTRES = {0, 1e6, -1e4};

  private static final float[] DATA = data();

  @Test
  void areThoseOfTwoPasses() {
    RunningMoments moments = new RunningMoments(3);
    moments.add(DATA, ROWS);
    assertThat(moments.count()).isEqualTo(ROWS);
    requireTwoPass(moments);
  }

  @Test
  void mergingIsAddingAllAtOnce() {
    for (int cut : new int[] {0, 1, 7, 2500, ROWS}) {
      RunningMoments first = new RunningMoments(3);
      first.add(Arrays.copyOf(DATA, 3 * cut), cut);
      RunningMoments second = new RunningMoments(3);
      second.add(Arrays.copyOfRange(DATA, 3 * cut, DATA.length), ROWS - cut);
      RunningMoments merged = new RunningMoments(3);
      merged.merge(first);
      merged.merge(second);
      assertThat(merged.count()).isEqualTo(ROWS);
      requireTwoPass(merged);
      assertThat(first.count()).isEqualTo(cut);
      assertThat(second.count()).isEqualTo(ROWS - cut);
    }
  }

  @Test
  void addsOnlyTheRowsInUse() {
    RunningMoments moments = new RunningMoments(2);
    moments.add(new float[] {1, 10, 3, 20, Float.NaN, Float.NaN}, 2);
    assertThat(moments.count()).isEqualTo(2);
    assertThat(moments.mean(0)).isEqualTo(2);
    assertThat(moments.mean(1)).isEqualTo(15);
    assertThat(moments.variance(0)).isEqualTo(1);
    assertThat(moments.variance(1)).isEqualTo(25);
  }

  @Test
  void nothingChangesBeforeTheFirstRow() {
    RunningMoments moments = new RunningMoments(1);
    assertThat(moments.mean(0)).isZero();
    assertThat(moments.variance(0)).isEqualTo(1);
    moments.add(new float[] {7}, 1);
    assertThat(moments.mean(0)).isEqualTo(7);
    assertThat(moments.variance(0)).isZero();
  }

  @Test
  void theSameCallsGiveTheSameBits() {
    RunningMoments atOnce = new RunningMoments(3);
    atOnce.add(DATA, ROWS);
    RunningMoments inParts = new RunningMoments(3);
    inParts.add(DATA, 1234);
    inParts.add(Arrays.copyOfRange(DATA, 3 * 1234, DATA.length), ROWS - 1234);
    requireSameBits(inParts, atOnce);
  }

  @Test
  void aFreshOneContinuesWhatWasSaved() throws IOException {
    RunningMoments moments = new RunningMoments(3);
    moments.add(DATA, 100);
    RunningMoments fresh = new RunningMoments(3);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(save(moments)));
    fresh.restore(in);
    assertThat(in.read()).isEqualTo(-1);
    requireSameBits(fresh, moments);
    float[] rest = Arrays.copyOfRange(DATA, 300, DATA.length);
    moments.add(rest, ROWS - 100);
    fresh.add(rest, ROWS - 100);
    requireSameBits(fresh, moments);
  }

  @Test
  void refusesTheStateOfAnother() throws IOException {
    byte[] saved = save(new RunningMoments(3));
    assertThatThrownBy(() -> restore(new RunningMoments(4), saved))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "moments were saved over 3 columns, these have 4: they cannot be continued; resume with the environment of before");
    saved[3] = 9;
    assertThatThrownBy(() -> restore(new RunningMoments(3), saved))
        .hasMessage("moments version=9: this build reads version 1; use the build that wrote it");
  }

  @Test
  void refusesWhatWouldSpoilThemForGood() {
    RunningMoments moments = new RunningMoments(2);
    moments.add(new float[] {1, 2}, 1);
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> moments.add(new float[] {3, 4, 5, bad}, 2))
          .hasMessage(
              "row 1, column 1=%s: must be finite; running moments would never recover"
                  .formatted(bad));
    }
    assertThat(moments.count()).isEqualTo(1);
    assertThat(moments.mean(0)).isEqualTo(1);
  }

  @Test
  void refusesWhatDoesNotFit() {
    RunningMoments moments = new RunningMoments(2);
    assertThatThrownBy(() -> moments.add(new float[5], 3))
        .hasMessage("rows has 5 entries: must have at least 3 rows of 2");
    assertThatThrownBy(() -> moments.add(new float[5], -1))
        .hasMessage("rows has 5 entries: must have at least -1 rows of 2");
    assertThatThrownBy(() -> moments.merge(new RunningMoments(3)))
        .hasMessage("other has 3 entries: must have 2, as these moments have");
    assertThatThrownBy(() -> new RunningMoments(0))
        .hasMessage("moments size=0: must be at least 1");
  }

  private static void requireTwoPass(RunningMoments moments) {
    for (int i = 0; i < 3; i++) {
      double mean = 0;
      for (int row = 0; row < ROWS; row++) {
        mean += (double) DATA[3 * row + i] / ROWS;
      }
      double variance = 0;
      for (int row = 0; row < ROWS; row++) {
        variance += (DATA[3 * row + i] - mean) * (DATA[3 * row + i] - mean) / ROWS;
      }
      assertThat(moments.mean(i)).isCloseTo(mean, Offset.offset(1e-13 * (1 + Math.abs(mean))));
      assertThat(moments.variance(i)).isCloseTo(variance, Offset.offset(1e-8 * variance));
    }
  }

  private static void requireSameBits(RunningMoments actual, RunningMoments expected) {
    assertThat(actual.count()).isEqualTo(expected.count());
    for (int i = 0; i < 3; i++) {
      assertThat(actual.mean(i)).isEqualTo(expected.mean(i));
      assertThat(actual.variance(i)).isEqualTo(expected.variance(i));
    }
  }

  private static float[] data() {
    SeededRandom random = new SeededRandom(1);
    float[] data = new float[3 * ROWS];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (CENTRES[i % 3] + random.nextGaussian() * (1 + i % 3));
    }
    return data;
  }

  private static byte[] save(RunningMoments moments) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    moments.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void restore(RunningMoments moments, byte[] saved) throws IOException {
    moments.restore(new DataInputStream(new ByteArrayInputStream(saved)));
  }
}
