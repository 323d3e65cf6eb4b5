/**
 * A disk that can be cut off at any moment: a file system in memory that knows what was forced and what was not, and that
 * can come back as any of the disks a power cut might leave. It also fails on demand, and can be damaged at rest.
 */
@NullMarked
package io.paxos.testkit.disk;

import org.jspecify.annotations.NullMarked;
