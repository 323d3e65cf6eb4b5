// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.List;

/** Panels side by side whose rows are contestants, with a dot for each median and a whisker from the least to the most. */
final class DotPanels {

    private static final double GAP = 40;
    private static final double HEAD = 30;
    private static final double LETTER = 6.6;

    /** Beyond this part of the width, what is written beside a value stands before it. */
    private static final double LATE = 0.72;

    private final Svg svg;
    private final List<Series> series;
    private final double rowHigh;

    DotPanels(Svg svg, List<Series> series) {
        this.svg = svg;
        this.series = series;
        this.rowHigh = series.size() == 1 ? 22 : 28;
    }

    /** Draws a row of panels and tells where the next may begin. */
    double draw(List<Panel> panels, double left, double top, double right) {
        List<Panel.Row> rows = panels.get(0).rows();
        double labels =
                rows.stream().mapToInt(row -> row.label().length()).max().orElse(0) * LETTER + 10;
        double wide = (right - left - labels - GAP * (panels.size() - 1)) / panels.size();
        double high = rows.size() * rowHigh + 6;
        for (int i = 0; i < rows.size(); i++) {
            String looks = rows.get(i).isOwn() ? "end own" : "end";
            svg.text(left + labels - 10, middle(top, i) + 4, looks, rows.get(i).label());
        }
        for (int i = 0; i < panels.size(); i++) {
            draw(panels.get(i), left + labels + i * (wide + GAP), top, wide, high);
        }
        return top + HEAD + high + 26;
    }

    private double middle(double top, int row) {
        return top + HEAD + 3 + (row + 0.5) * rowHigh;
    }

    private void draw(Panel panel, double left, double top, double wide, double high) {
        Axis axis = panel.axis();
        double bottom = top + HEAD + high;
        svg.text(left, top + HEAD - 8, "head", panel.title());
        svg.box(left, top + HEAD, wide, high, "panel");
        for (double tick : axis.ticks()) {
            double x = left + wide * axis.at(tick);
            svg.line(x, top + HEAD, x, bottom, "grid");
            svg.text(x, bottom + 14, "small middle", axis.unit().tick(tick));
        }
        for (double mark : panel.marks()) {
            double x = left + wide * axis.at(mark);
            svg.line(x, top + HEAD, x, bottom, "mark");
        }
        for (int i = 0; i < panel.rows().size(); i++) {
            row(panel.rows().get(i), axis, left, wide, middle(top, i));
        }
    }

    private void row(Panel.Row row, Axis axis, double left, double wide, double y) {
        int count = row.values().size();
        for (int i = 0; i < count; i++) {
            String colour = row.isOwn() || series.get(i).isOwn() ? "own" : "other";
            Spread spread = row.values().get(i);
            double offset = count == 1 ? 0 : (i - (count - 1) / 2.0) * 11;
            double least = left + wide * axis.at(spread.least());
            double most = left + wide * axis.at(spread.most());
            svg.line(least, y + offset, most, y + offset, "whisker " + colour);
            svg.dot(
                    left + wide * axis.at(spread.median()),
                    y + offset,
                    colour + (series.get(i).isHollow() ? " hollow" : ""));
            if (count == 1) {
                boolean late = most > left + wide * LATE;
                double x = late ? least - 8 : most + 8;
                svg.text(x, y + 4, late ? "value end" : "value", axis.unit().text(spread.median()));
            }
        }
    }
}
