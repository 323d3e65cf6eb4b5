// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When answers came, and how many of them in each short while around a moment. */
final class Timeline {

    static final int BUCKET_MILLIS = 20;

    /** Before the moment, and from it on. */
    static final int FIRST_MILLIS = -400;

    static final int END_MILLIS = 1_000;

    private final List<Long> answers = new ArrayList<>();

    /** An answer has come; told in the order of time. */
    void answered(long nanos) {
        answers.add(nanos);
    }

    /** How many came in each bucket, the first of which begins {@value #FIRST_MILLIS} ms after the moment. */
    int[] around(long moment) {
        int[] counts = new int[(END_MILLIS - FIRST_MILLIS) / BUCKET_MILLIS];
        long first = moment + TimeUnit.MILLISECONDS.toNanos(FIRST_MILLIS);
        for (long each : answers) {
            long bucket = Math.floorDiv(each - first, TimeUnit.MILLISECONDS.toNanos(BUCKET_MILLIS));
            if (bucket >= 0 && bucket < counts.length) {
                counts[(int) bucket]++;
            }
        }
        return counts;
    }

    /** One round of it, as a result of its own. */
    static void write(JsonGenerator json, String name, int[] counts) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeNumberField("firstMillis", FIRST_MILLIS);
        json.writeNumberField("bucketMillis", BUCKET_MILLIS);
        json.writeFieldName("answers");
        json.writeArray(counts, 0, counts.length);
        json.writeEndObject();
    }
}
