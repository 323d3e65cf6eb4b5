// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.List;

/** Panels side by side whose rows are steps from left to right; the medians of a series are joined by lines. */
final class GrowthPanels {

    private static final double AXIS = 48;
    private static final double GAP = 22;
    private static final double HEAD = 30;
    private static final double HIGH = 190;
    private static final double CAP = 4;

    private final Svg svg;
    private final List<Series> series;

    GrowthPanels(Svg svg, List<Series> series) {
        this.svg = svg;
        this.series = series;
    }

    /** Draws a row of panels and tells where the next may begin. */
    double draw(List<Panel> panels, double left, double top, double right) {
        double wide = (right - left - GAP * (panels.size() - 1)) / panels.size() - AXIS;
        for (int i = 0; i < panels.size(); i++) {
            draw(panels.get(i), left + AXIS + i * (wide + AXIS + GAP), top + HEAD, wide);
        }
        return top + HEAD + HIGH + 26;
    }

    private void draw(Panel panel, double left, double top, double wide) {
        Axis axis = panel.axis();
        svg.text(left, top - 8, "head", panel.title());
        svg.box(left, top, wide, HIGH, "panel");
        for (double tick : axis.ticks()) {
            double y = top + HIGH * (1 - axis.at(tick));
            svg.line(left, y, left + wide, y, "grid");
            svg.text(left - 6, y + 4, "small end", axis.unit().tick(tick));
        }
        double step = wide / panel.rows().size();
        for (int i = 0; i < panel.rows().size(); i++) {
            svg.text(
                    left + (i + 0.5) * step,
                    top + HIGH + 16,
                    "middle",
                    panel.rows().get(i).label());
        }
        for (int i = 0; i < series.size(); i++) {
            series(panel, i, left, top, step);
        }
    }

    private void series(Panel panel, int index, double left, double top, double step) {
        Axis axis = panel.axis();
        String colour = series.get(index).isOwn() ? "own" : "other";
        double offset = (index - (series.size() - 1) / 2.0) * 10;
        for (int i = 0; i < panel.rows().size(); i++) {
            Spread spread = panel.rows().get(i).values().get(index);
            double x = left + (i + 0.5) * step + offset;
            double y = top + HIGH * (1 - axis.at(spread.median()));
            if (i > 0) {
                Spread before = panel.rows().get(i - 1).values().get(index);
                svg.line(x - step, top + HIGH * (1 - axis.at(before.median())), x, y, "line " + colour);
            }
            double least = top + HIGH * (1 - axis.at(spread.least()));
            double most = top + HIGH * (1 - axis.at(spread.most()));
            svg.line(x, least, x, most, "whisker " + colour);
            svg.line(x - CAP, least, x + CAP, least, "whisker " + colour);
            svg.line(x - CAP, most, x + CAP, most, "whisker " + colour);
        }
        for (int i = 0; i < panel.rows().size(); i++) {
            Spread spread = panel.rows().get(i).values().get(index);
            double y = top + HIGH * (1 - axis.at(spread.median()));
            svg.dot(left + (i + 0.5) * step + offset, y, series.get(index).looks());
        }
    }
}
