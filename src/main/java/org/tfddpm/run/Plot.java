package org.tfddpm.run;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Lines over axes, as a picture; the same bytes on every machine of one Java. */
public final class Plot {
  private static final int HEIGHT = 300;
  private static final int WIDTH = 400;
  private static final int LEFT = 76;
  private static final int TOP = 56;
  private static final int BOTTOM = 52;
  private static final int GAP = 14;
  private static final int LEGEND_LINE = 22;
  private static final double MARK = 6;
  private static final int DIGITS = 12;
  private static final Color INK = new Color(0x33, 0x33, 0x33);
  private static final Color GRID = new Color(0xE4, 0xE4, 0xE4);

  /** Colours that the colour-blind tell apart (Okabe and Ito 2008). */
  private static final List<Color> COLORS =
      Stream.of(0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000)
          .map(Color::new)
          .toList();

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Line> lines = new ArrayList<>();

  /** Points in the order in which they are joined. */
  private record Line(String name, List<Double> x, List<Double> y) {}

  /** Without lines as yet. */
  public Plot(String title, Axis x, Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  /**
   * Adds a line; points that an axis cannot show are left out.
   *
   * @param name for the legend; "" where there is but one
   */
  public Plot line(String name, List<Double> xs, List<Double> ys) {
    if (xs.size() != ys.size()) {
      throw new IllegalArgumentException(xs.size() + " x, " + ys.size() + " y");
    }
    List<Double> shownX = new ArrayList<>();
    List<Double> shownY = new ArrayList<>();
    for (int i = 0; i < xs.size(); i++) {
      if (x.shows(xs.get(i)) && y.shows(ys.get(i))) {
        shownX.add(xs.get(i));
        shownY.add(ys.get(i));
      }
    }
    lines.add(new Line(name, shownX, shownY));
    return this;
  }

  /** One picture. */
  public Png png() {
    return png(List.of(this));
  }

  /** Plots side by side; equal axes have the same range. */
  public static Png png(List<Plot> plots) {
    int width = plots.stream().mapToInt(Plot::width).sum();
    BufferedImage canvas =
        new BufferedImage(width, TOP + HEIGHT + BOTTOM, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = canvas.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
    int left = 0;
    for (Plot plot : plots) {
      Axis.Range overX = plot.x.around(values(plots, plot.x));
      Axis.Range overY = plot.y.around(values(plots, plot.y));
      plot.new Painter(canvas, graphics, left + LEFT, overX, overY).paint();
      left += plot.width();
    }
    graphics.dispose();
    return Png.of(canvas);
  }

  /** All that is shown along an axis. */
  private static List<Double> values(List<Plot> plots, Axis axis) {
    List<Double> values = new ArrayList<>();
    for (Plot plot : plots) {
      for (Line line : plot.lines) {
        values.addAll(plot.x.equals(axis) ? line.x() : List.of());
        values.addAll(plot.y.equals(axis) ? line.y() : List.of());
      }
    }
    return values;
  }

  private int width() {
    int longest = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
    int names = longest == 0 ? 0 : LEGEND_LINE + 6 + longest * Glyphs.WIDTH + GAP;
    int legend = LEFT + WIDTH + GAP + names;
    return Math.max(legend, LEFT + title.length() * Glyphs.WIDTH + GAP);
  }

  /** Draws this plot into its part of a canvas. */
  private final class Painter {
    private final BufferedImage canvas;
    private final Graphics2D graphics;
    private final int left;
    private final Axis.Range overX;
    private final Axis.Range overY;

    Painter(
        BufferedImage canvas, Graphics2D graphics, int left, Axis.Range overX, Axis.Range overY) {
      this.canvas = canvas;
      this.graphics = graphics;
      this.left = left;
      this.overX = overX;
      this.overY = overY;
    }

    void paint() {
      Glyphs.draw(canvas, title, left, 6, Color.BLACK);
      Glyphs.draw(canvas, y.name(), left, 6 + Glyphs.HEIGHT + 8, INK);
      int bottom = TOP + HEIGHT;
      graphics.setStroke(new BasicStroke(1));
      for (double tick : x.ticks(overX)) {
        rule((int) toX(tick), TOP, (int) toX(tick), bottom);
        String words = words(tick);
        Glyphs.draw(
            canvas, words, (int) toX(tick) - words.length() * Glyphs.WIDTH / 2, bottom + 4, INK);
      }
      for (double tick : y.ticks(overY)) {
        rule(left, (int) toY(tick), left + WIDTH, (int) toY(tick));
        String words = words(tick);
        int end = left - 6 - words.length() * Glyphs.WIDTH;
        Glyphs.draw(canvas, words, end, (int) toY(tick) - Glyphs.HEIGHT / 2, INK);
      }
      int middle = left + (WIDTH - x.name().length() * Glyphs.WIDTH) / 2;
      Glyphs.draw(canvas, x.name(), middle, bottom + 8 + Glyphs.HEIGHT, INK);
      graphics.setColor(INK);
      graphics.drawRect(left, TOP, WIDTH, HEIGHT);
      for (int i = 0; i < lines.size(); i++) {
        draw(lines.get(i), i);
      }
    }

    private void rule(int fromX, int fromY, int toX, int toY) {
      graphics.setColor(GRID);
      graphics.drawLine(fromX, fromY, toX, toY);
    }

    private void draw(Line line, int index) {
      graphics.setColor(COLORS.get(index % COLORS.size()));
      graphics.setStroke(stroke(index));
      Path2D path = new Path2D.Double();
      for (int i = 0; i < line.x().size(); i++) {
        double px = toX(line.x().get(i));
        double py = toY(line.y().get(i));
        if (i == 0) {
          path.moveTo(px, py);
        } else {
          path.lineTo(px, py);
        }
      }
      graphics.draw(path);
      int legendY = TOP + 8 + index * (Glyphs.HEIGHT + 4);
      int legendX = left + WIDTH + GAP;
      if (!line.name().isEmpty()) {
        graphics.draw(
            new java.awt.geom.Line2D.Double(legendX, legendY, legendX + LEGEND_LINE, legendY));
      }
      // More points than fit beside each other are a curve.
      for (int i = 0; i < line.x().size() && line.x().size() <= WIDTH / MARK / 2; i++) {
        double px = toX(line.x().get(i)) - MARK / 2;
        double py = toY(line.y().get(i)) - MARK / 2;
        graphics.fill(new Ellipse2D.Double(px, py, MARK, MARK));
      }
      int nameX = legendX + LEGEND_LINE + 6;
      Glyphs.draw(canvas, line.name(), nameX, legendY - Glyphs.HEIGHT / 2, INK);
    }

    /** Solid, and dashed once the colours are used up. */
    private static BasicStroke stroke(int index) {
      return index < COLORS.size()
          ? new BasicStroke(2)
          : new BasicStroke(
              2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 3}, 0);
    }

    private double toX(double value) {
      return left + WIDTH * x.at(value, overX);
    }

    private double toY(double value) {
      return TOP + HEIGHT * (1 - y.at(value, overY));
    }
  }

  /** Such as 0.05, 1000, 2e-06. */
  private static String words(double tick) {
    if (tick == 0) {
      return "0";
    }
    double size = Math.abs(tick);
    if (size >= 1e6 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.2g", tick).replaceFirst("\\.0(?=e)", "");
    }
    return new BigDecimal(tick, new MathContext(DIGITS)).stripTrailingZeros().toPlainString();
  }
}
