// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.util.Map;
import java.util.TreeMap;

/** What is paid into accounts. */
final class Accounts implements StateMachine<Accounts.Pay, Long> {

    record Pay(String account, long cents) {
        static final Codec<Pay> CODEC = Codec.record(
                (pay, fields) -> fields.put(Codec.utf8(), pay.account()).put(Codec.int64(), pay.cents()),
                fields -> new Pay(fields.take(Codec.utf8()), fields.take(Codec.int64())));
    }

    private final Map<String, Long> balances = new TreeMap<>();

    @Override
    public Long apply(ApplyContext context, Pay pay) {
        return balances.merge(pay.account(), pay.cents(), Long::sum);
    }

    long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }
}
