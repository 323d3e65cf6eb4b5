// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

/**
 * What is drawn alike in all panels of a picture.
 *
 * @param name what the legend calls it
 * @param isOwn whether it is this library, where everything is drawn in a colour of its own
 * @param isHollow whether its dots are rings
 */
record Series(String name, boolean isOwn, boolean isHollow) {

    String looks() {
        return (isOwn ? "own" : "other") + (isHollow ? " hollow" : "");
    }
}
