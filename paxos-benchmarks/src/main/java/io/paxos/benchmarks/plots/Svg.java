// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A picture being drawn. Looks are classes of its own style sheet, which has two sets of colours, for light and for dark
 * surroundings; the paper is painted, so that it is legible where only one of picture and page follows the reader's choice.
 */
final class Svg {

    private static final String STYLE = """
            text { font: 12px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
            .title { font-size: 16px; font-weight: 600 }
            .head { font-weight: 600 }
            .small, .value { font-size: 10.5px; fill: #59636e }
            .end { text-anchor: end } .middle { text-anchor: middle }
            .paper { fill: #ffffff } .panel { fill: #f6f8fa }
            .grid { stroke: #d1d9e0; stroke-width: 1 }
            .mark { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 4 3 }
            .line { stroke-width: 2; fill: none } .whisker { stroke-width: 1.5; opacity: 0.75 }
            .hollow { stroke-width: 2 } .faint { opacity: 0.55 } .faint.line { stroke-width: 1 }
            .own { stroke: #0969da; fill: #0969da } .other { stroke: #6e7781; fill: #6e7781 }
            text.own { stroke: none; font-weight: 600 }
            .line.own, .line.other { fill: none } circle.hollow { fill: #ffffff }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 } .small, .value { fill: #9198a1 }
              .paper { fill: #0d1117 } .panel { fill: #151b23 }
              .grid { stroke: #3d444d } .mark { stroke: #f0883e }
              .own { stroke: #58a6ff; fill: #58a6ff } .other { stroke: #9198a1; fill: #9198a1 }
              circle.hollow { fill: #0d1117 }
            }
            """;

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final String title;

    Svg(int width, String title) {
        this.width = width;
        this.title = title;
    }

    void text(double x, double y, String looks, String text) {
        element("<text x=\"%s\" y=\"%s\" class=\"%s\">%s</text>", number(x), number(y), looks, escaped(text));
    }

    void line(double x1, double y1, double x2, double y2, String looks) {
        element(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>",
                number(x1), number(y1), number(x2), number(y2), looks);
    }

    /** A line through points, each of them its two coordinates. */
    void path(List<double[]> points, String looks) {
        String through = points.stream()
                .map(point -> number(point[0]) + "," + number(point[1]))
                .collect(Collectors.joining(" "));
        element("<polyline points=\"%s\" class=\"%s\"/>", through, looks);
    }

    void dot(double x, double y, String looks) {
        element("<circle cx=\"%s\" cy=\"%s\" r=\"4\" class=\"%s\"/>", number(x), number(y), looks);
    }

    void box(double x, double y, double wide, double high, String looks) {
        element(
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" class=\"%s\"/>",
                number(x), number(y), number(wide), number(high), looks);
    }

    private void element(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** All of it, as tall as is said. */
    String finish(double height) {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%s\" viewBox=\"0 0 %d %s\" role=\"img\">%n"
                                + "<title>%s</title>%n<style>%n%s</style>%n"
                                + "<rect width=\"100%%\" height=\"100%%\" class=\"paper\"/>%n%s</svg>%n",
                        width,
                        number(height),
                        width,
                        number(height),
                        escaped(title),
                        STYLE,
                        body)
                .replace("\r\n", "\n");
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
