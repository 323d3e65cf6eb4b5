// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import io.paxos.testkit.live.Letter;
import io.paxos.testkit.live.News;
import io.paxos.testkit.live.Sight;
import java.util.List;

/**
 * A part of a run.
 *
 * @param from where it begins, in microseconds of virtual time
 * @param to where it ends
 * @param start how everything stood at its beginning, before anything that happened at that moment
 * @param changes what has changed since, in the order of time
 * @param letters what has left, in the order of time
 * @param news what has happened, in the order of time
 */
record Chunk(long from, long to, Sight start, List<Change> changes, List<Letter> letters, List<News> news) {

    /**
     * Something looks different from some moment on.
     *
     * @param before how everything stood until then
     * @param after how everything stands since then
     */
    record Change(Sight before, Sight after) {}
}
