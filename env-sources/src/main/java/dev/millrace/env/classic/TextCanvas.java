package dev.millrace.env.classic;

import java.util.Arrays;

/** Draws text frames. Columns count from the left, rows from the top; what lies outside is cut. */
final class TextCanvas {
  private final char[][] cells;

  TextCanvas(int columns, int rows) {
    cells = new char[rows][columns];
    for (char[] row : cells) {
      Arrays.fill(row, ' ');
    }
  }

  TextCanvas put(int column, int row, char ink) {
    if (row >= 0 && row < cells.length && column >= 0 && column < cells[row].length) {
      cells[row][column] = ink;
    }
    return this;
  }

  TextCanvas text(int column, int row, String text) {
    for (int i = 0; i < text.length(); i++) {
      put(column + i, row, text.charAt(i));
    }
    return this;
  }

  TextCanvas row(int row, char ink) {
    Arrays.fill(cells[row], ink);
    return this;
  }

  /** A line whose characters lean the way it runs. */
  TextCanvas line(double fromColumn, double fromRow, double toColumn, double toRow) {
    double dx = toColumn - fromColumn;
    double dy = toRow - fromRow;
    int cellsAlong = (int) Math.round(Math.max(Math.abs(dx), Math.abs(dy)));
    boolean steep = Math.abs(dy) >= Math.abs(dx);
    boolean flat = 4 * Math.abs(dy) < Math.abs(dx);
    char slanted = dx * dy > 0 ? '\\' : '/';
    for (int i = 0; i <= cellsAlong; i++) {
      double part = (double) i / Math.max(cellsAlong, 1);
      double nextPart = (double) (i + 1) / Math.max(cellsAlong, 1);
      int column = (int) Math.round(fromColumn + part * dx);
      boolean upright = steep && column == Math.round(fromColumn + nextPart * dx);
      char ink = upright ? '|' : flat ? '-' : slanted;
      put(column, (int) Math.round(fromRow + part * dy), ink);
    }
    return this;
  }

  /** The frame, a line feed after every row, without trailing blanks. */
  @Override
  public String toString() {
    StringBuilder frame = new StringBuilder();
    for (char[] row : cells) {
      frame.append(new String(row).stripTrailing()).append('\n');
    }
    return frame.toString();
  }
}
