package io.github.solrcascade.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Lines of measured points, as an SVG file. Not thread-safe. */
final class Chart {
  private final XYChart chart;

  Chart(String title, String across, String up) {
    chart =
        new XYChartBuilder()
            .width(460)
            .height(300)
            .title(title)
            .xAxisTitle(across)
            .yAxisTitle(up)
            .build();
    chart.getStyler().setYAxisMin(0.0).setLegendVisible(false);
  }

  /** The points of one line. */
  static final class Line {
    private final List<Double> across = new ArrayList<>();
    private final List<Double> up = new ArrayList<>();

    Line add(double x, double y) {
      across.add(x);
      up.add(y);
      return this;
    }

    double x(int point) {
      return across.get(point);
    }

    double y(int point) {
      return up.get(point);
    }

    int size() {
      return across.size();
    }
  }

  Chart line(String name, Line line) {
    chart.addSeries(name, line.across, line.up);
    chart.getStyler().setLegendVisible(chart.getSeriesMap().size() > 1);
    return this;
  }

  /** Shows no values below, where all are far from 0. */
  Chart from(double least) {
    chart.getStyler().setYAxisMin(least);
    return this;
  }

  /** Writes it into a folder, which is made if need be. */
  void write(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(name + ".svg");
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
    // A tenth of a pixel is enough, and half the size.
    Files.writeString(file, Files.readString(file).replaceAll("(\\d+\\.\\d)\\d+", "$1"));
  }
}
