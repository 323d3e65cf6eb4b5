// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Panels side by side whose rows are moments, labelled by their milliseconds. The first value of a row is the median of the
 * rounds, which is drawn over the rounds themselves.
 */
final class TimePanels {

    private static final double AXIS = 52;
    private static final double GAP = 22;
    private static final double HEAD = 30;
    private static final double HIGH = 190;
    private static final int LABEL_EVERY = 200;

    private final Svg svg;

    TimePanels(Svg svg) {
        this.svg = svg;
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
        double first = Double.parseDouble(panel.rows().get(0).label());
        double each = Double.parseDouble(panel.rows().get(1).label()) - first;
        for (int i = 0; i < panel.rows().size(); i++) {
            String label = panel.rows().get(i).label();
            if (Integer.parseInt(label) % LABEL_EVERY == 0) {
                svg.text(left + i * step, top + HIGH + 16, "small middle", label + " ms");
            }
        }
        for (double mark : panel.marks()) {
            double x = left + (mark - first) / each * step;
            svg.line(x, top, x, top + HIGH, "mark");
        }
        for (int value = panel.rows().get(0).values().size() - 1; value >= 0; value--) {
            int series = value;
            svg.path(
                    IntStream.range(0, panel.rows().size())
                            .mapToObj(i -> new double[] {
                                left + (i + 0.5) * step,
                                top
                                        + HIGH
                                                * (1
                                                        - axis.at(panel.rows()
                                                                .get(i)
                                                                .values()
                                                                .get(series)
                                                                .median()))
                            })
                            .toList(),
                    series == 0 ? "line own" : "faint line other");
        }
    }
}
