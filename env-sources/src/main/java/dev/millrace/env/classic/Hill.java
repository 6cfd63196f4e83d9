package dev.millrace.env.classic;

import java.util.Locale;

/** The valley of both mountain cars, from the left wall to the right edge, drawn with its car. */
record Hill(double left, double right, double goal) {
  private static final int COLUMNS = 61;
  private static final int ROWS = 10;

  String draw(int step, double position, double velocity) {
    TextCanvas canvas = new TextCanvas(COLUMNS, ROWS + 1);
    for (int column = 0; column < COLUMNS; column++) {
      canvas.put(column, row(left + (right - left) * column / (COLUMNS - 1)), '.');
    }
    canvas.put(column(goal), row(goal) - 1, 'P');
    canvas.put(column(position), row(position) - 1, '@');
    canvas.text(
        0,
        ROWS,
        String.format(
            Locale.ROOT, "step %3d   position %+.2f   velocity %+.3f", step, position, velocity));
    return canvas.toString();
  }

  private int column(double position) {
    return (int) Math.round((position - left) / (right - left) * (COLUMNS - 1));
  }

  private static int row(double position) {
    return (int) Math.round(5 - 4 * Math.sin(3 * position));
  }
}
