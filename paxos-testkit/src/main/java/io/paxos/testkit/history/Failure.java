// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Why a history is not linearizable: the shortest beginning of one part of it that has no order, and an order of that
 * beginning without its last answer. Immutable.
 */
public final class Failure {

    /** A text shows at most so many calls, the last ones. */
    private static final int MOST_LINES = 30;

    private final Object part;
    private final List<? extends Operation<?, ?>> operations;
    private final List<? extends Operation<?, ?>> order;
    private final Operation<?, ?> culprit;
    private final String state;
    private final String expected;

    Failure(
            Object part,
            List<? extends Operation<?, ?>> operations,
            List<? extends Operation<?, ?>> order,
            Operation<?, ?> culprit,
            String state,
            String expected) {
        this.part = part;
        this.operations = List.copyOf(operations);
        this.order = List.copyOf(order);
        this.culprit = culprit;
        this.state = state;
        this.expected = expected;
    }

    /**
     * The part of the object.
     *
     * @return what {@link Model#part} names it
     */
    public Object part() {
        return part;
    }

    /**
     * The calls of the shortest beginning without an order; what was answered later than {@link #culprit} is open in it.
     *
     * @return in the order of their invocations
     */
    public List<? extends Operation<?, ?>> operations() {
        return operations;
    }

    /**
     * An order of the longest beginning that has one: what was answered before the {@link #culprit} was, and open calls
     * where they are needed.
     *
     * @return the order, empty if none was found within the limits
     */
    public List<? extends Operation<?, ?>> order() {
        return order;
    }

    /**
     * The call whose answer cannot be.
     *
     * @return the call
     */
    public Operation<?, ?> culprit() {
        return culprit;
    }

    /** The state in which {@link #order} ends. */
    String state() {
        return state;
    }

    /** What the culprit would have to be answered in that state. */
    String expected() {
        return expected;
    }

    int size() {
        return operations.size();
    }

    /**
     * What is wrong, in words, with the last calls.
     *
     * @return some lines
     */
    public String explanation() {
        StringBuilder text = new StringBuilder("not linearizable: the answer of ")
                .append(culprit)
                .append(" fits into no order of the ")
                .append(operations.size())
                .append(" calls of part \"")
                .append(part)
                .append("\" up to it");
        if (!order.isEmpty()) {
            text.append("; those answered before can be put in order, for example so that the state is ")
                    .append(state)
                    .append(", in which the answer would be ")
                    .append(expected);
        }
        int first = Math.max(0, operations.size() - MOST_LINES);
        if (first > 0) {
            text.append("\n  (").append(first).append(" earlier calls)");
        }
        for (Operation<?, ?> operation : operations.subList(first, operations.size())) {
            text.append("\n  ").append(line(operation));
        }
        return text.toString();
    }

    private String line(Operation<?, ?> operation) {
        Moment ended = operation.ended();
        int place = order.indexOf(operation);
        return "[" + operation.invoked().order() + ", " + (ended == null ? "" : ended.order()) + "] " + operation
                + (place < 0 ? "" : "  #" + (place + 1)) + (operation.equals(culprit) ? "  <- impossible" : "");
    }

    /**
     * What is wrong as a picture: a timeline of the calls, with the order found of those before.
     *
     * @return a page of HTML that needs nothing else
     */
    public String picture() {
        return new Timeline(this).html();
    }

    /**
     * Writes the picture into a file, and its directory if need be.
     *
     * @param file where to
     * @return the file
     * @throws UncheckedIOException if it cannot be written
     */
    public Path writePicture(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            return Files.writeString(file, picture());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the picture of a history to " + file, e);
        }
    }

    @Override
    public String toString() {
        return explanation();
    }
}
