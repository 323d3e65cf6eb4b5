// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import io.paxos.examples.playground.RunRequest.Step;
import java.util.List;

/**
 * Something to watch: a run with things that are done to it in their time, and words about them.
 *
 * @param id how a link names it
 * @param title what it is called
 * @param summary what it shows
 * @param seed the seed of the run
 * @param from where watching begins, in microseconds of virtual time
 * @param to where there is nothing more to see
 * @param steps what is done
 * @param captions what is said to those who watch
 */
record Scenario(
        String id,
        String title,
        String summary,
        long seed,
        long from,
        long to,
        List<Step> steps,
        List<Caption> captions) {

    /**
     * Words from some moment on, until the next ones.
     *
     * @param at the moment, in microseconds of virtual time
     * @param text the words
     */
    record Caption(long at, String text) {}
}
