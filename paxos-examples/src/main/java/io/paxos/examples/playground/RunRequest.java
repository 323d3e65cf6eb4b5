// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a run that somebody wants to see. What is done at its end is not a part of it any more.
 *
 * @param seed the seed of the run
 * @param steps what is done to it, in the order of time
 * @param from where the part begins, in microseconds of virtual time
 * @param to where it ends
 */
record RunRequest(long seed, List<Step> steps, long from, long to) {

    /** A run that is longer is not replayed in the blink of an eye any more. */
    static final long MOST_MICROS = 30_000_000;

    static final long MOST_PART = 1_000_000;
    static final int MOST_STEPS = 300;
    static final int MOST_ACTION = 300;

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * One thing that is done.
     *
     * @param at when, in microseconds of virtual time
     * @param action what, as a line of a plan
     */
    record Step(long at, String action) {}

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException naming what is too much
     */
    RunRequest {
        steps = List.copyOf(steps);
        if (from < 0 || to < from || to > MOST_MICROS) {
            throw new IllegalArgumentException("a run goes from 0 to " + MOST_MICROS + " microseconds, not from " + from
                    + " to " + to + "; begin another run");
        }
        if (to - from > MOST_PART) {
            throw new IllegalArgumentException(
                    "at most " + MOST_PART + " microseconds are shown at once, not " + (to - from));
        }
        if (steps.size() > MOST_STEPS) {
            throw new IllegalArgumentException(
                    "at most " + MOST_STEPS + " things are done in a run, not " + steps.size() + "; begin another run");
        }
        long before = 0;
        for (Step step : steps) {
            if (step.at < before || step.at > MOST_MICROS) {
                throw new IllegalArgumentException("what is done comes in the order of time, from 0 to " + MOST_MICROS
                        + ", but \"" + step.action + "\" is at " + step.at);
            }
            if (step.action.length() > MOST_ACTION) {
                throw new IllegalArgumentException(
                        "an action takes at most " + MOST_ACTION + " characters, not " + step.action.length());
            }
            before = step.at;
        }
    }

    /**
     * Reads a request of the page: {@code {"seed":7,"from":0,"to":200000,"steps":[[1000,"n1 crashes"]]}}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static RunRequest read(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            return read(parser);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no JSON of a run: " + e.getOriginalMessage(), e);
        }
    }

    private static RunRequest read(JsonParser parser) throws IOException {
        long seed = 0;
        long from = 0;
        long to = 0;
        List<Step> steps = List.of();
        expect(parser, JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            switch (field) {
                case "seed" -> seed = number(parser);
                case "from" -> from = number(parser);
                case "to" -> to = number(parser);
                case "steps" -> steps = steps(parser);
                default ->
                    throw new IllegalArgumentException(
                            "a run has no \"" + field + "\"; it has seed, from, to and steps");
            }
        }
        return new RunRequest(seed, steps, from, to);
    }

    private static List<Step> steps(JsonParser parser) throws IOException {
        List<Step> steps = new ArrayList<>();
        expect(parser, JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.START_ARRAY && steps.size() <= MOST_STEPS) {
            long at = number(parser);
            expect(parser, JsonToken.VALUE_STRING);
            steps.add(new Step(at, parser.getText()));
            expect(parser, JsonToken.END_ARRAY);
        }
        if (steps.size() <= MOST_STEPS && parser.currentToken() != JsonToken.END_ARRAY) {
            throw new IllegalArgumentException("a step of a run is [micros, \"action\"]");
        }
        return steps;
    }

    private static long number(JsonParser parser) throws IOException {
        expect(parser, JsonToken.VALUE_NUMBER_INT);
        return parser.getLongValue();
    }

    private static void expect(JsonParser parser, JsonToken token) throws IOException {
        JsonToken found = parser.nextToken();
        if (found != token) {
            throw new IllegalArgumentException("in the JSON of a run " + token + " is expected, not " + found);
        }
    }
}
