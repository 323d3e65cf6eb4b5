// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.paxos.examples.CommandLineRun;
import io.paxos.examples.HeldPorts;
import io.paxos.model.Payload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Replicas that know each other by certificates, as the options of the example say. */
class KvTlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private X509Bundle ca;

    @BeforeEach
    void makeCa() throws Exception {
        ca = new CertificateBuilder()
                .ecp256()
                .subject("CN=ca of kv")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(directory.resolve("ca.crt"), ca.getCertificatePEM());
    }

    private String[] options(String id) throws Exception {
        X509Bundle own = new CertificateBuilder().ecp256().subject("CN=" + id).buildIssuedBy(ca);
        Path certificate = Files.writeString(directory.resolve(id + ".crt"), own.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve(id + ".key"), own.getPrivateKeyPEM());
        return new String[] {
            "--tls-certificate=" + certificate, "--tls-key=" + key, "--tls-trusted=" + directory.resolve("ca.crt")
        };
    }

    private static ProtectionOptions parse(String... options) {
        ProtectionOptions parsed = new ProtectionOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("tls", spec(parsed))).parseArgs(options);
        return parsed;
    }

    private static CommandLine.Model.CommandSpec spec(Object options) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
    }

    @Test
    void replicasWithCertificatesAgree() throws Exception {
        List<KvNode> nodes = new ArrayList<>();
        try (HeldPorts ports = new HeldPorts(3)) {
            Members members = Members.parse("n1=127.0.0.1:%d,n2=127.0.0.1:%d,n3=127.0.0.1:%d"
                    .formatted(ports.get(0), ports.get(1), ports.get(2)));
            for (String id : members.addresses().keySet()) {
                Addresses addresses = new Addresses(members);
                nodes.add(new KvNode(
                        "kv",
                        id,
                        addresses,
                        parse(options(id)).transport(members.addressOf(id)).peers(addresses::resolve),
                        Durability.inMemory(),
                        PATIENCE,
                        null));
            }
            assertThat(nodes.get(0).agree("owner", Payload.utf8("n1")).get(30, TimeUnit.SECONDS))
                    .isEqualTo(Payload.utf8("n1"));
            assertThat(nodes.get(2).agree("owner", Payload.utf8("n3")).get(30, TimeUnit.SECONDS))
                    .isEqualTo(Payload.utf8("n1"));
        } finally {
            nodes.forEach(KvNode::close);
        }
    }

    @Test
    void aCertificateOfAnotherReplicaGetsOneClearLineAndExitCode1() throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("kv", "--id", "n1", "--members", "n1=127.0.0.1:0", "--http", "127.0.0.1:0"));
        arguments.addAll(List.of(options("n2")));
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("that of node n2, but this is node n1");
    }
}
