// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import io.paxos.testkit.history.Operation.Ending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Draws a failure: a line for each call, with a bar from its invocation to its answer, and on it, numbered, the moment at
 * which it takes effect in the order that was found. Time goes from left to right, a column for each event, however long
 * it took. One object draws one picture.
 */
final class Timeline {

    /** More lines than this nobody reads; the last ones are shown. */
    private static final int MOST_LINES = 80;

    private static final int COLUMN = 22;
    private static final int LINE = 26;
    private static final int BAR = 14;
    private static final int RADIUS = 9;

    private static final String STYLE = """
            :root { color-scheme: light dark; --page: #ffffff; --text: #1b1f24; --quiet: #5c6670; --rule: #d5dae0;
              --bar: #b9d5f2; --edge: #3572b0; --open: #f6e3b4; --openedge: #94690a; --bad: #f7c2c0; --badedge: #b3261e;
              --point: #1f4e80; --pointtext: #ffffff; --sound: #e9f5ea; }
            @media (prefers-color-scheme: dark) { :root { --page: #14171b; --text: #e4e8ec; --quiet: #9aa5b0;
              --rule: #343b43; --bar: #21476e; --edge: #6aa9e9; --open: #4a3b14; --openedge: #d7a93a; --bad: #6d2320;
              --badedge: #ff8a82; --point: #a9d0f7; --pointtext: #10243a; --sound: #1a2a1d; } }
            body { background: var(--page); color: var(--text); font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem; }
            h1 { font-size: 1.25rem; } p { max-width: 60rem; } .quiet { color: var(--quiet); }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; }
            td, th { padding: 0 .7rem 0 0; text-align: left; white-space: nowrap; border-top: 1px solid var(--rule); }
            td.line { padding: 0; } th { font-weight: 600; } td code { font: 13px ui-monospace, monospace; }
            tr.bad td { color: var(--badedge); font-weight: 600; } svg { display: block; }
            .sound { fill: var(--sound); } .end { stroke: var(--badedge); stroke-dasharray: 3 3; }
            .bar { fill: var(--bar); stroke: var(--edge); } .bar.open { fill: var(--open); stroke: var(--openedge);
            stroke-dasharray: 4 3; } .bar.bad { fill: var(--bad); stroke: var(--badedge); stroke-width: 2; }
            .point { fill: var(--point); } .place { fill: var(--pointtext); font: 600 10px system-ui, sans-serif;
              text-anchor: middle; }
            """;

    private final Failure failure;
    private final List<Operation<?, ?>> lines;
    private final NavigableMap<Long, Integer> columns = new TreeMap<>();
    private final Map<Operation<?, ?>, Integer> places = new HashMap<>();
    private final Map<Operation<?, ?>, Double> points = new HashMap<>();

    Timeline(Failure failure) {
        this.failure = failure;
        int all = failure.size();
        lines = new ArrayList<>(failure.operations().subList(Math.max(0, all - MOST_LINES), all));
        if (!lines.contains(failure.culprit())) {
            lines.add(0, failure.culprit());
        }
        for (Operation<?, ?> operation : lines) {
            columns.put(operation.invoked().order(), 0);
            Moment ended = operation.ended();
            if (operation.ending() == Ending.RETURNED && ended != null) {
                columns.put(ended.order(), 0);
            }
        }
        int column = 0;
        for (Map.Entry<Long, Integer> entry : columns.entrySet()) {
            entry.setValue(column++);
        }
        place();
    }

    /** Each call takes effect as soon as it may: right after its invocation, or after the one before it. */
    private void place() {
        List<? extends Operation<?, ?>> order = failure.order();
        int latest = -1;
        List<Operation<?, ?>> together = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            Operation<?, ?> operation = order.get(i);
            places.put(operation, i + 1);
            int invoked = columnOf(operation.invoked());
            if (invoked > latest) {
                spread(latest, together);
                latest = invoked;
            }
            together.add(operation);
        }
        spread(latest, together);
    }

    private void spread(int column, List<Operation<?, ?>> together) {
        for (int i = 0; i < together.size(); i++) {
            points.put(together.get(i), column + (i + 1.0) / (together.size() + 1));
        }
        together.clear();
    }

    /** The column of the last event shown that is not later; -1 if it is earlier than all. */
    private int columnOf(Moment moment) {
        Map.Entry<Long, Integer> entry = columns.floorEntry(moment.order());
        return entry == null ? -1 : entry.getValue();
    }

    String html() {
        StringBuilder page = new StringBuilder(1 << 14);
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>Not linearizable: ")
                .append(escaped(failure.part()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n");
        words(page);
        page.append("<div class=\"scroll\">\n<table>\n<tr><th>place</th><th>client</th><th>call</th><th>answer</th>")
                .append("<th>time, a column for each event</th></tr>\n");
        lines.forEach(operation -> line(page, operation));
        return page.append("</table>\n</div>\n</body>\n</html>\n").toString();
    }

    private void words(StringBuilder page) {
        Operation<?, ?> culprit = failure.culprit();
        page.append("<h1>Not linearizable</h1>\n<p>In part <code>")
                .append(escaped(failure.part()))
                .append("</code> the answer <code>")
                .append(escaped(culprit.output()))
                .append("</code> to <code>")
                .append(escaped(culprit.input()))
                .append("</code> of ")
                .append(escaped(culprit.client()))
                .append(" fits into no order of the calls.");
        if (!failure.order().isEmpty()) {
            page.append(
                            " Up to the dashed line there is an order, whose places are the numbers; after it the state is <code>")
                    .append(escaped(failure.state()))
                    .append("</code>, in which the answer would be <code>")
                    .append(escaped(failure.expected()))
                    .append("</code>.");
        }
        page.append(
                "</p>\n<p class=\"quiet\">A dashed bar is a call without an answer by then: it may take effect at any"
                        + " time after it began, or never.");
        int earlier = failure.size() - lines.size();
        if (earlier > 0) {
            page.append(" The ").append(earlier).append(" calls before these are not shown.");
        }
        page.append("</p>\n");
    }

    private void line(StringBuilder page, Operation<?, ?> operation) {
        boolean bad = operation.equals(failure.culprit());
        Integer place = places.get(operation);
        page.append(bad ? "<tr class=\"bad\"><td>" : "<tr><td>")
                .append(bad ? "none" : place == null ? "" : place)
                .append("</td><td>")
                .append(escaped(operation.client()))
                .append("</td><td><code>")
                .append(escaped(operation.input()))
                .append("</code></td><td><code>")
                .append(operation.ending() == Ending.RETURNED ? escaped(operation.output()) : "?")
                .append("</code></td><td class=\"line\">");
        drawing(page, operation, bad);
        page.append("</td></tr>\n");
    }

    private void drawing(StringBuilder page, Operation<?, ?> operation, boolean bad) {
        int width = (columns.size() + 1) * COLUMN;
        int end = columnOf(answer(failure.culprit())) * COLUMN;
        page.append("<svg width=\"" + width + "\" height=\"" + LINE + "\"><rect class=\"sound\" width=\"" + end
                + "\" height=\"" + LINE + "\"/><line class=\"end\" x1=\"" + end + "\" x2=\"" + end + "\" y2=\"" + LINE
                + "\"/>");
        int from = columnOf(operation.invoked()) * COLUMN;
        boolean open = operation.ending() != Ending.RETURNED;
        int to = open ? width : columnOf(answer(operation)) * COLUMN;
        page.append("<g><title>")
                .append(escaped(operation))
                .append(times(operation))
                .append("</title><rect class=\"bar")
                .append(bad ? " bad" : open ? " open" : "")
                .append("\" x=\"" + from + "\" y=\"" + (LINE - BAR) / 2 + "\" rx=\"3\" width=\""
                        + Math.max(2, to - from) + "\" height=\"" + BAR + "\"/>");
        Double point = points.get(operation);
        if (point != null) {
            String x = String.format(Locale.ROOT, "%.1f", point * COLUMN);
            page.append("<circle class=\"point\" cx=\"" + x + "\" cy=\"" + LINE / 2 + "\" r=\"" + RADIUS
                    + "\"/><text class=\"place\" x=\"" + x + "\" y=\"" + (LINE / 2 + 4) + "\">" + places.get(operation)
                    + "</text>");
        }
        page.append("</g></svg>");
    }

    private static Moment answer(Operation<?, ?> operation) {
        Moment ended = operation.ended();
        return ended == null ? operation.invoked() : ended;
    }

    private static String times(Operation<?, ?> operation) {
        Moment ended = operation.ended();
        return String.format(Locale.ROOT, "; from %.3f ms", operation.invoked().nanos() / 1e6)
                + (ended == null ? "" : String.format(Locale.ROOT, " to %.3f ms", ended.nanos() / 1e6));
    }

    private static String escaped(@Nullable Object text) {
        return String.valueOf(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
