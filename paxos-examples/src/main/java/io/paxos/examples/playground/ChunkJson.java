// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import com.fasterxml.jackson.core.JsonGenerator;
import io.paxos.testkit.live.Letter;
import io.paxos.testkit.live.News;
import io.paxos.testkit.live.Sight;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A part of a run as the page reads it: everything as it stood at first, and then only what changed. */
final class ChunkJson {

    private final JsonGenerator json;

    private ChunkJson(JsonGenerator json) {
        this.json = json;
    }

    static byte[] of(Chunk chunk) {
        return Json.write(json -> new ChunkJson(json).chunk(chunk));
    }

    private void chunk(Chunk chunk) throws IOException {
        json.writeStartObject();
        json.writeNumberField("from", chunk.from());
        json.writeNumberField("to", chunk.to());
        json.writeObjectFieldStart("start");
        whole(chunk.start());
        json.writeEndObject();
        json.writeArrayFieldStart("changes");
        for (Chunk.Change change : chunk.changes()) {
            change(change.before(), change.after());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("letters");
        for (Letter letter : chunk.letters()) {
            letter(letter);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("news");
        for (News news : chunk.news()) {
            news(news);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void whole(Sight sight) throws IOException {
        json.writeObjectFieldStart("nodes");
        for (Sight.Node node : sight.nodes()) {
            node(node);
        }
        json.writeEndObject();
        slots("chosen", sight.chosen());
        decrees(sight.decrees());
        links(sight.links());
        lights(sight);
        json.writeArrayFieldStart("underWay");
        for (Letter letter : sight.underWay()) {
            letter(letter);
        }
        json.writeEndArray();
    }

    /** Only what looks different from before; nothing at all where nothing does. */
    private void change(Sight before, Sight after) throws IOException {
        boolean sameNodes = before.nodes().equals(after.nodes());
        boolean sameChosen = before.chosen().equals(after.chosen());
        boolean sameDecrees = before.decrees().equals(after.decrees());
        boolean sameLinks = before.links().equals(after.links());
        boolean sameLights = before.lights().equals(after.lights());
        if (sameNodes && sameChosen && sameDecrees && sameLinks && sameLights) {
            return;
        }
        json.writeStartObject();
        json.writeNumberField("at", after.micros());
        if (!sameNodes) {
            json.writeObjectFieldStart("nodes");
            for (int i = 0; i < after.nodes().size(); i++) {
                if (!after.nodes().get(i).equals(before.nodes().get(i))) {
                    node(after.nodes().get(i));
                }
            }
            json.writeEndObject();
        }
        if (!sameChosen) {
            slots("chosen", after.chosen());
        }
        if (!sameDecrees) {
            decrees(after.decrees());
        }
        if (!sameLinks) {
            links(after.links());
        }
        if (!sameLights) {
            lights(after);
        }
        json.writeEndObject();
    }

    private void node(Sight.Node node) throws IOException {
        json.writeObjectFieldStart(node.name());
        json.writeBooleanField("up", node.up());
        json.writeBooleanField("paused", node.paused());
        json.writeStringField("role", node.role());
        json.writeStringField("ballot", node.ballot());
        json.writeStringField("leader", node.leader());
        json.writeNumberField("decided", node.decided());
        json.writeNumberField("applied", node.applied());
        json.writeStringField("standing", node.standing());
        json.writeStringField("trouble", node.trouble());
        slots("log", node.log());
        json.writeEndObject();
    }

    private void slots(String field, List<Sight.Slot> slots) throws IOException {
        json.writeArrayFieldStart(field);
        for (Sight.Slot slot : slots) {
            json.writeStartArray();
            json.writeNumber(slot.number());
            json.writeString(slot.value());
            json.writeString(slot.ballot());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private void decrees(List<Sight.Decree> decrees) throws IOException {
        json.writeArrayFieldStart("decrees");
        for (Sight.Decree decree : decrees) {
            json.writeStartObject();
            json.writeStringField("name", decree.name());
            json.writeStringField("chosen", decree.chosen());
            json.writeObjectFieldStart("nodes");
            for (Map.Entry<String, Sight.Holding> holding : decree.nodes().entrySet()) {
                json.writeObjectFieldStart(holding.getKey());
                json.writeStringField("promised", holding.getValue().promised());
                json.writeStringField("accepted", holding.getValue().accepted());
                json.writeBooleanField("decided", holding.getValue().decided());
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void links(List<Sight.Link> links) throws IOException {
        json.writeArrayFieldStart("links");
        for (Sight.Link link : links) {
            json.writeStartObject();
            json.writeStringField("from", link.from());
            json.writeStringField("to", link.to());
            json.writeBooleanField("cut", link.cut());
            json.writeNumberField("slow", link.slowMicros());
            json.writeNumberField("loss", link.lossPercent());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void lights(Sight sight) throws IOException {
        json.writeArrayFieldStart("lights");
        for (Sight.Light light : sight.lights()) {
            json.writeStartArray();
            json.writeString(light.property());
            json.writeBoolean(light.holds());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeStringField("violation", sight.violation());
    }

    private void letter(Letter letter) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", letter.number());
        json.writeStringField("from", letter.from());
        json.writeStringField("to", letter.to());
        json.writeStringField("kind", letter.kind());
        json.writeStringField("text", letter.text());
        json.writeNumberField("sent", letter.sent());
        json.writeNumberField("arrives", letter.arrives());
        json.writeBooleanField("lost", letter.lost());
        json.writeEndObject();
    }

    private void news(News news) throws IOException {
        json.writeStartObject();
        json.writeNumberField("at", news.micros());
        json.writeStringField("node", news.node());
        json.writeStringField("kind", news.kind().name());
        json.writeStringField("text", news.text());
        json.writeEndObject();
    }
}
