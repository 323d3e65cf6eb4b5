// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what an operator should know once, and not again at every attempt: the same subject is repeated at most once a
 * minute, as a warning, and in between only as debug output. Strangers can bring up ever new subjects, so there is a
 * bound to the number of warnings in a minute too. Confined to the loop.
 */
final class QuietLog {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int SUBJECTS = 256;
    private static final int WARNINGS_A_MINUTE = 100;

    private final Map<String, Long> said = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > SUBJECTS;
        }
    };

    private long minuteBegan = System.nanoTime();
    private int warnings;

    /**
     * Warns, unless it warned of the same subject a short while ago.
     *
     * @param subject what tells this warning from others
     * @param message the line
     */
    void warn(String subject, String message) {
        if (isNew(subject)) {
            LOG.warn("{}", message);
        } else {
            LOG.debug("{}", message);
        }
    }

    /** As {@link #warn(String, String)}, with the exception that led to it. */
    void warn(String subject, String message, Throwable cause) {
        if (isNew(subject)) {
            LOG.warn("{}", message, cause);
        } else {
            LOG.debug("{}", message, cause);
        }
    }

    /** The subject is over: when it comes up again, that is news. */
    void forget(String subject) {
        said.remove(subject);
    }

    private boolean isNew(String subject) {
        long now = System.nanoTime();
        Long last = said.get(subject);
        if (last != null && now - last < QUIET_NANOS) {
            return false;
        }
        if (now - minuteBegan >= QUIET_NANOS) {
            minuteBegan = now;
            warnings = 0;
        }
        if (warnings == WARNINGS_A_MINUTE) {
            return false;
        }
        warnings++;
        said.remove(subject);
        said.put(subject, now);
        return true;
    }
}
