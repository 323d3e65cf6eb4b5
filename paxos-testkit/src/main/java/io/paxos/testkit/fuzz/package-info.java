/** What fuzz targets need: bounds on what one input may cost, inputs kept as text, and a run of Jazzer over them. */
@NullMarked
package io.paxos.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
