// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.wire.proto.Wire;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one envelope after another, for a transport, with the same bytes as {@link WireCodec}. The messages of which a
 * busy log consists, the steps of decrees and registers, and bundles of all these are written directly, into arrays that are used again; and the same values for several peers are
 * encoded once, if their envelopes are written one after another. Not safe for use by several threads.
 */
public final class EnvelopeWriter {

    private final FieldWriter front = new FieldWriter();
    private final PlainBodyWriter body = new PlainBodyWriter();
    private final PlainPartWriter parts = new PlainPartWriter(body);
    private final FieldWriter content = new FieldWriter();
    private @Nullable EncodedEnvelope other;
    private boolean isLog;
    private int size;

    /** Nothing is prepared yet. */
    public EnvelopeWriter() {}

    /**
     * Prepares an envelope for writing, in the place of the one before.
     *
     * @param envelope what to encode
     * @return how many bytes {@link #writeTo} writes: version and message together
     */
    public int prepare(Envelope envelope) {
        int plain = envelope.message() instanceof GroupMessage group ? log(envelope, group) : parts(envelope);
        if (plain != 0) {
            other = null;
            size = plain;
            return size;
        }
        EncodedEnvelope encoded = WireCodec.prepare(envelope);
        other = encoded;
        size = encoded.size();
        return size;
    }

    /** The size if it is written directly, or 0. Of what a log says the values are not copied before they are written. */
    private int log(Envelope envelope, GroupMessage group) {
        int field = group.body().dispatch(body.clear());
        if (field == PlainBodyWriter.OTHER) {
            return 0;
        }
        isLog = true;
        String name = group.group().name();
        int generation = group.group().generation();
        int bodySize = body.size();
        front(envelope);
        front.begin(
                Wire.Envelope.GROUP_FIELD_NUMBER,
                FieldWriter.sizeOfField(Wire.GroupMessage.GROUP_FIELD_NUMBER, name.length())
                        + FieldWriter.sizeOfNumber(Wire.GroupMessage.GENERATION_FIELD_NUMBER, generation)
                        + FieldWriter.sizeOfField(field, bodySize));
        front.name(Wire.GroupMessage.GROUP_FIELD_NUMBER, name);
        front.number(Wire.GroupMessage.GENERATION_FIELD_NUMBER, generation);
        front.begin(field, bodySize);
        return 1 + front.size() + bodySize;
    }

    /** The size if it is written directly, or 0. */
    private int parts(Envelope envelope) {
        int field = parts.write(envelope.message(), content.clear());
        if (field == PlainBodyWriter.OTHER) {
            return 0;
        }
        isLog = false;
        front(envelope);
        front.begin(field, content.size());
        return 1 + front.size() + content.size();
    }

    private void front(Envelope envelope) {
        front.clear();
        front.name(Wire.Envelope.CLUSTER_FIELD_NUMBER, envelope.cluster().name());
        front.name(Wire.Envelope.FROM_NODE_FIELD_NUMBER, envelope.from().node().name());
        front.fixed(
                Wire.Envelope.FROM_INCARNATION_FIELD_NUMBER,
                envelope.from().incarnation().bits());
        front.name(Wire.Envelope.TO_NODE_FIELD_NUMBER, envelope.to().node().name());
        front.fixed(
                Wire.Envelope.TO_INCARNATION_FIELD_NUMBER,
                envelope.to().incarnation().bits());
        front.fixed(Wire.Envelope.START_FIELD_NUMBER, envelope.start().bits());
        front.fixed(
                Wire.Envelope.FINGERPRINT_FIELD_NUMBER, envelope.fingerprint().bits());
    }

    /**
     * Writes the envelope that was prepared last, and moves the position of the buffer behind it.
     *
     * @param target where to write; heap or direct
     * @throws IllegalArgumentException if too few bytes remain; nothing is written then
     */
    public void writeTo(ByteBuffer target) {
        if (other != null) {
            other.writeTo(target);
            return;
        }
        if (target.remaining() < size) {
            throw new IllegalArgumentException(
                    "the envelope takes " + size + " bytes, but only " + target.remaining() + " remain");
        }
        target.put((byte) WireCodec.VERSION);
        front.copyTo(target);
        if (isLog) {
            body.copyTo(target);
        } else {
            content.copyTo(target);
        }
    }
}
