// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.List;

/**
 * A picture: panels in rows, over them what they show, below where that is from.
 *
 * @param title what it shows
 * @param series what each value of a row is
 * @param panels rows of panels; in one row all have the same rows of values
 * @param way how the rows of its panels are drawn
 * @param caption lines that say what the signs mean and which file and command it is from
 */
record Picture(String title, List<Series> series, List<List<Panel>> panels, Way way, List<String> caption) {

    /** How the rows of a panel are drawn. */
    enum Way {
        /** Below each other, a dot for each. */
        DOTS,
        /** As steps from left to right, joined by lines. */
        GROWTH,
        /** As moments from left to right, a line for each round. */
        TIME
    }

    private static final int WIDTH = 960;
    private static final int MARGIN = 20;
    private static final int LINE = 16;

    /** As the text of an SVG file. */
    String svg() {
        Svg svg = new Svg(WIDTH, title);
        double y = MARGIN + 10;
        svg.text(MARGIN, y, "title", title);
        y += LINE + 8;
        double x = MARGIN + 6;
        if (series.size() > 1) {
            for (Series each : series) {
                svg.line(x - 6, y - 4, x + 10, y - 4, "whisker " + (each.isOwn() ? "own" : "other"));
                svg.dot(x + 2, y - 4, each.looks());
                svg.text(x + 18, y, "", each.name());
                x += 50 + 6.2 * each.name().length();
            }
            y += LINE;
        }
        for (List<Panel> row : panels) {
            y = switch (way) {
                case DOTS -> new DotPanels(svg, series).draw(row, MARGIN, y, WIDTH - MARGIN);
                case GROWTH -> new GrowthPanels(svg, series).draw(row, MARGIN, y, WIDTH - MARGIN);
                case TIME -> new TimePanels(svg).draw(row, MARGIN, y, WIDTH - MARGIN);
            };
        }
        y += LINE;
        for (String line : caption) {
            svg.text(MARGIN, y, "small", line);
            y += LINE;
        }
        return svg.finish(y);
    }
}
