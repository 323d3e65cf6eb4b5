// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.wire.FieldReader.Unusual;
import io.paxos.wire.proto.Wire;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one envelope after another, for a connection, with the same outcome as {@link WireCodec#decode}. The messages of
 * which a busy log consists, the steps of decrees and registers, and bundles of all these are read directly, and what they have in common with those before is shared with them: on
 * one connection that is who speaks to whom, in which group, and at which ballot. Anything that is not in the form that
 * this release writes is left to {@link WireCodec}. Not safe for use by several threads.
 */
public final class EnvelopeReader {

    private static final int FIXED = FieldWriter.EIGHT_BYTES;
    private static final int LENGTH = FieldWriter.LENGTH;

    private final FieldReader in = new FieldReader();
    private final KnownName<ClusterName> cluster = new KnownName<>(ClusterName::new);
    private final KnownName<NodeId> fromNode = new KnownName<>(NodeId::new);
    private final KnownName<NodeId> toNode = new KnownName<>(NodeId::new);
    private final PlainPartReader parts = new PlainPartReader(in);
    private @Nullable Envelope last;

    /** Nothing read yet. */
    public EnvelopeReader() {}

    /**
     * The envelope that all the remaining bytes of a buffer make up.
     *
     * @param bytes as for {@link WireCodec#decode}
     * @return the envelope
     * @throws WireFormatException as from {@link WireCodec#decode}
     */
    public Envelope read(ByteBuffer bytes) {
        if (bytes.remaining() > 1 && bytes.get(bytes.position()) == WireCodec.VERSION) {
            in.read(bytes);
            try {
                in.skip(1);
                Envelope envelope = envelope();
                last = envelope;
                return envelope;
            } catch (Unusual | IllegalArgumentException e) {
                // Read once more below, by what can tell damage from another way to write the same.
            } finally {
                in.end();
            }
        }
        return WireCodec.decode(bytes);
    }

    private Envelope envelope() throws Unusual {
        ClusterName clusterName = null;
        NodeId from = null;
        NodeId to = null;
        long fromIncarnation = 0;
        long toIncarnation = 0;
        long start = 0;
        long fingerprint = 0;
        Message message = null;
        while (!in.isAtEnd()) {
            switch (in.small()) {
                case Wire.Envelope.CLUSTER_FIELD_NUMBER << 3 | LENGTH -> clusterName = cluster.read(in);
                case Wire.Envelope.FROM_NODE_FIELD_NUMBER << 3 | LENGTH -> from = fromNode.read(in);
                case Wire.Envelope.FROM_INCARNATION_FIELD_NUMBER << 3 | FIXED -> fromIncarnation = in.fixed();
                case Wire.Envelope.TO_NODE_FIELD_NUMBER << 3 | LENGTH -> to = toNode.read(in);
                case Wire.Envelope.TO_INCARNATION_FIELD_NUMBER << 3 | FIXED -> toIncarnation = in.fixed();
                case Wire.Envelope.START_FIELD_NUMBER << 3 | FIXED -> start = in.fixed();
                case Wire.Envelope.FINGERPRINT_FIELD_NUMBER << 3 | FIXED -> fingerprint = in.fixed();
                case Wire.Envelope.GROUP_FIELD_NUMBER << 3 | LENGTH -> {
                    requireFirst(message);
                    message = parts.group();
                }
                case Wire.Envelope.DECREE_FIELD_NUMBER << 3 | LENGTH -> {
                    requireFirst(message);
                    message = parts.decree();
                }
                case Wire.Envelope.REGISTER_FIELD_NUMBER << 3 | LENGTH -> {
                    requireFirst(message);
                    message = parts.register();
                }
                case Wire.Envelope.BUNDLE_FIELD_NUMBER << 3 | LENGTH -> {
                    requireFirst(message);
                    message = parts.bundle();
                }
                default -> throw Unusual.FORM;
            }
        }
        if (clusterName == null || from == null || to == null || message == null) {
            throw Unusual.FORM;
        }
        Envelope before = last;
        return new Envelope(
                clusterName,
                endpoint(before == null ? null : before.from(), from, fromIncarnation),
                endpoint(before == null ? null : before.to(), to, toIncarnation),
                before != null && before.start().bits() == start ? before.start() : new StartId(start),
                before != null && before.fingerprint().bits() == fingerprint
                        ? before.fingerprint()
                        : new Fingerprint(fingerprint),
                message);
    }

    /** What comes twice is to be merged, and nobody writes that. */
    static void requireFirst(@Nullable Object before) throws Unusual {
        if (before != null) {
            throw Unusual.FORM;
        }
    }

    private static Endpoint endpoint(@Nullable Endpoint before, NodeId node, long incarnation) {
        return before != null
                        && before.incarnation().bits() == incarnation
                        && before.node().equals(node)
                ? before
                : new Endpoint(node, new Incarnation(incarnation));
    }
}
