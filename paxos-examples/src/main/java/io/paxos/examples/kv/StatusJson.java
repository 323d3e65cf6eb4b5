package io.paxos.examples.kv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.paxos.model.NodeId;
import io.paxos.replica.NodeStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
            json.writeFieldName("members");
            writeMembers(json, node, status);
            json.writeFieldName("peers");
            writePeers(json, node);
            json.writeBooleanField("formed", status.formed() != null);
            json.writeNumberField("decrees", status.decidedDecrees());
            writeIfPresent(json, "stranger", status.stranger());
            writeIfPresent(json, "notice", status.notice());
            writeIfPresent(json, "halted", status.halted());
        });
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

    private static void writeMembers(JsonGenerator json, KvNode node, NodeStatus status) throws IOException {
        json.writeStartArray();
        if (status.formed() == null) {
            for (String id : node.members().addresses().keySet()) {
                json.writeString(id);
            }
        } else {
            for (NodeId id : status.formed().voters().keySet()) {
                json.writeString(id.name());
            }
        }
        json.writeEndArray();
    }

    private static void writePeers(JsonGenerator json, KvNode node) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, HostPort> member : node.members().addresses().entrySet()) {
            if (!member.getKey().equals(node.id())) {
                json.writeObjectFieldStart(member.getKey());
                json.writeStringField("address", member.getValue().toString());
                json.writeBooleanField("up", node.reachable().test(member.getKey()));
                json.writeEndObject();
            }
        }
        json.writeEndObject();
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
