package org.allclose.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.allclose.internal.file.AtomicFile;
import org.allclose.train.History;
import org.allclose.train.History.EpochReport;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Loss, accuracy and learning rate of a run, one chart below the other, as PNG or SVG. */
final class TrainingPlot {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 320;
  private static final int POINTS = 400;
  private static final Color BLUE = new Color(0x1f77b4);
  private static final Color ORANGE = new Color(0xd95f02);
  private static final Color PALE = new Color(0xc6dbef);

  /** Each pixel of a PNG is this many pixels wide and high, for sharp letters. */
  private static final int SCALE = 2;

  private TrainingPlot() {}

  /**
   * Draws a run.
   *
   * @param file its name ends in {@code .png} or {@code .svg}; it appears whole or not at all
   * @throws IllegalArgumentException if the name ends otherwise, or no epoch has ended
   * @throws IOException if the file cannot be written
   */
  static void write(Path file, String title, History history) throws IOException {
    requireFormat(file);
    if (history.epochs().isEmpty()) {
      throw new IllegalArgumentException("plot: expected at least one epoch but got none");
    }
    List<XYChart> charts = charts(title, history);
    AtomicFile.writeBytes(file, file.toString().endsWith(".svg") ? svg(charts) : png(charts));
  }

  /**
   * Checks what a plot's file is called.
   *
   * @throws IllegalArgumentException if its name ends neither in {@code .png} nor in {@code .svg}
   */
  static void requireFormat(Path file) {
    if (!file.toString().endsWith(".png") && !file.toString().endsWith(".svg")) {
      throw new IllegalArgumentException(
          "plot: expected a file named .png or .svg but got " + file);
    }
  }

  private static List<XYChart> charts(String title, History history) {
    List<EpochReport> epochs = history.epochs();
    XYChart loss = chart(title, "loss");
    double stepsPerEpoch = (double) epochs.get(0).steps() / epochs.get(0).epoch();
    addSteps(loss, history.losses(), stepsPerEpoch);
    add(loss, "mean of the epoch", BLUE, epochs, epoch -> OptionalDouble.of(epoch.loss()));
    add(loss, "validation", ORANGE, epochs, EpochReport::validationLoss);
    XYChart accuracy = chart("", "accuracy");
    accuracy.getStyler().setLegendPosition(LegendPosition.InsideSE);
    add(accuracy, "training", BLUE, epochs, EpochReport::accuracy);
    add(accuracy, "validation", ORANGE, epochs, EpochReport::validationAccuracy);
    XYChart rate = chart("", "learning rate");
    add(rate, "at the epoch's end", BLUE, epochs, epoch -> OptionalDouble.of(epoch.rate()));
    List<XYChart> charts = new ArrayList<>(List.of(loss));
    if (!accuracy.getSeriesMap().isEmpty()) {
      charts.add(accuracy);
    }
    charts.add(rate);
    charts.get(charts.size() - 1).setXAxisTitle("epoch");
    return charts;
  }

  /** Adds the losses of all steps, the mean of a few neighbours where there are more than fit. */
  private static void addSteps(XYChart chart, double[] losses, double stepsPerEpoch) {
    int together = (losses.length - 1) / POINTS + 1;
    double[] x = new double[(losses.length - 1) / together + 1];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int from = i * together;
      int to = Math.min(losses.length, from + together);
      for (int step = from; step < to; step++) {
        y[i] += losses[step] / (to - from);
      }
      x[i] = to / stepsPerEpoch;
    }
    line(chart.addSeries("of each step", x, y), PALE);
  }

  private static XYChart chart(String title, String axis) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).yAxisTitle(axis).build();
    chart
        .getStyler()
        .setChartTitleVisible(!title.isEmpty())
        .setLegendPosition(LegendPosition.InsideNE)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setLegendBorderColor(Color.WHITE)
        .setChartTitleBoxVisible(false)
        .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16))
        .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    chart.getStyler().setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    chart.getStyler().setPlotGridLinesColor(new Color(0xdddddd));
    chart.getStyler().setLocale(Locale.ROOT);
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisDecimalPattern("0.#");
    chart.getStyler().setYAxisDecimalPattern("0.#####");
    chart.getStyler().setXAxisMaxLabelCount(11);
    chart.getStyler().setYAxisLeftWidthHint(70);
    return chart;
  }

  private static void add(
      XYChart chart,
      String name,
      Color color,
      List<EpochReport> epochs,
      Function<EpochReport, OptionalDouble> value) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (EpochReport epoch : epochs) {
      value
          .apply(epoch)
          .ifPresent(
              number -> {
                x.add((double) epoch.epoch());
                y.add(number);
              });
    }
    if (!x.isEmpty()) {
      XYSeries series = chart.addSeries(name, x, y);
      line(series, color);
      series.setLineWidth(2);
      if (x.size() == 1) {
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
      }
    }
  }

  private static void line(XYSeries series, Color color) {
    series
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(color)
        .setLineStyle(new BasicStroke(1, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  private static byte[] png(List<XYChart> charts) throws IOException {
    BufferedImage image =
        new BufferedImage(
            WIDTH * SCALE, charts.size() * HEIGHT * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.scale(SCALE, SCALE);
    for (XYChart chart : charts) {
      chart.paint(graphics, WIDTH, HEIGHT);
      graphics.translate(0, HEIGHT);
    }
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /** Returns the charts as nested pictures in one. */
  private static byte[] svg(List<XYChart> charts) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\""
                + " xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\""
                + WIDTH
                + "\" height=\""
                + charts.size() * HEIGHT
                + "\">\n");
    for (int i = 0; i < charts.size(); i++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      VectorGraphicsEncoder.saveVectorGraphic(charts.get(i), bytes, VectorGraphicsFormat.SVG);
      String chart = bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
      text.append("<g transform=\"translate(0,")
          .append(i * HEIGHT)
          .append(")\">\n")
          .append(chart.substring(chart.indexOf("<svg")))
          .append("</g>\n");
    }
    return text.append("</svg>\n").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
