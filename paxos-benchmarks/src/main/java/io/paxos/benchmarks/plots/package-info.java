/** Pictures of recorded runs, as SVG files for the docs. */
@NullMarked
package io.paxos.benchmarks.plots;

import org.jspecify.annotations.NullMarked;
