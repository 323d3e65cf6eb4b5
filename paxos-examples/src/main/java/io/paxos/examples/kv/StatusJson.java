// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.paxos.model.Configuration;
import io.paxos.model.NodeId;
import io.paxos.node.NodeHealth;
import io.paxos.replica.NodeStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code GET /status} answers, and what an error looks like. */
final class StatusJson {

    private static final JsonFactory JSON = new JsonFactory();

    private StatusJson() {}

    /** How a replica stands. */
    static byte[] of(KvNode node) {
        NodeStatus status = node.status();
        NodeStatus.Group log = node.logStatus();
        return write(json -> {
            json.writeStringField("id", node.id());
            writeLog(json, log);
            writeMembership(json, node, log == null ? null : log.membership());
            json.writeFieldName("peers");
            writePeers(json, node);
            json.writeBooleanField("formed", status.formed() != null);
            json.writeNumberField("decrees", status.decidedDecrees());
            writeIfPresent(json, votes(log) ? "strangerToDecrees" : "stranger", status.stranger());
            writeIfPresent(json, "notice", status.notice());
            writeIfPresent(json, "halted", status.halted());
        });
    }

    /** Whether a replica is alive and ready, and what speaks against it. */
    static byte[] of(NodeHealth health) {
        return write(json -> {
            json.writeBooleanField("live", health.isLive());
            json.writeBooleanField("ready", health.isReady());
            writeNames(json, "dead", health.dead());
            List<String> reasons = new ArrayList<>(health.notReady());
            health.groups().values().forEach(reasons::addAll);
            writeNames(json, "notReady", reasons);
        });
    }

    /** Who belongs to the log. */
    static byte[] of(Configuration configuration) {
        return write(json -> writeConfiguration(json, configuration));
    }

    /** A short object out of text fields: name, value, name, value. */
    static byte[] of(String... fields) {
        return write(json -> {
            for (int i = 0; i < fields.length; i += 2) {
                json.writeStringField(fields[i], fields[i + 1]);
            }
        });
    }

    private static void writeLog(JsonGenerator json, NodeStatus.@Nullable Group log) throws IOException {
        json.writeStringField("role", log == null ? "NONE" : log.role().name());
        NodeId leader = log == null ? null : log.leader();
        json.writeStringField("leader", leader == null ? null : leader.name());
        json.writeStringField("ballot", log == null ? null : log.ballot().toString());
        json.writeNumberField("decided", log == null ? -1 : log.decided());
        json.writeNumberField("applied", log == null ? -1 : log.applied());
        json.writeNumberField("compacted", log == null ? -1 : log.compacted());
        if (log != null) {
            writeIfPresent(json, "logHalted", log.halted());
        }
    }

    /** Who governs the log now; before the cluster has formed, who is to form it. */
    private static void writeMembership(JsonGenerator json, KvNode node, NodeStatus.@Nullable Membership membership)
            throws IOException {
        if (membership == null) {
            writeNames(json, "members", node.addresses().given().addresses().keySet());
            return;
        }
        json.writeStringField("standing", membership.standing().name());
        writeConfiguration(json, membership.current());
        if (!membership.latest().equals(membership.current())) {
            json.writeObjectFieldStart("coming");
            json.writeNumberField("from", membership.from());
            writeConfiguration(json, membership.latest());
            json.writeEndObject();
        }
    }

    private static void writeConfiguration(JsonGenerator json, Configuration configuration) throws IOException {
        json.writeNumberField("version", configuration.version());
        writeNames(json, "members", configuration.voters().voters().keySet());
        if (!configuration.observers().isEmpty()) {
            writeNames(json, "observers", configuration.observers());
        }
    }

    private static void writeNames(JsonGenerator json, String field, Collection<?> names) throws IOException {
        json.writeArrayFieldStart(field);
        for (Object name : names) {
            json.writeString(name.toString());
        }
        json.writeEndArray();
    }

    private static void writePeers(JsonGenerator json, KvNode node) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, HostPort> member : node.addresses().all().entrySet()) {
            if (!member.getKey().equals(node.id())) {
                json.writeObjectFieldStart(member.getKey());
                json.writeStringField("address", member.getValue().toString());
                json.writeBooleanField("up", node.reachable().test(member.getKey()));
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }

    /** Decrees stay with those who formed the cluster, so who joined the log later is a stranger to them alone. */
    private static boolean votes(NodeStatus.@Nullable Group log) {
        return log != null && log.membership() != null && log.membership().standing() == NodeStatus.Standing.VOTER;
    }

    private static void writeIfPresent(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    @FunctionalInterface
    private interface Body {
        void to(JsonGenerator json) throws IOException;
    }

    private static byte[] write(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            body.to(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }
}
