// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.runbooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The library as it would be without what {@code FeatureLevel.CHANGES_AND_FENCES} brought: copies of the present sources with
 * that taken out, compiled, and loaded beside the present ones, from which they share nothing but the JDK.
 */
final class OldLibrary implements AutoCloseable {

    private static final Path ROOT = Path.of("..");
    private static final String CORE = "paxos-core/src/main/java/io/paxos/";
    private static final String WIRE = "paxos-wire/src/main/java/io/paxos/wire/";

    /** A text that stands exactly once in a source, and what stands there in the old library. */
    private record Cut(String file, String now, String then) {}

    private static final List<Cut> CUTS = List.of(
            new Cut(CORE + "model/FeatureLevel.java", "LATEST = CHANGES_AND_FENCES;", "LATEST = BASE;"),
            new Cut(CORE + "replica/SnapshotFormat.java", "version > WITH_LEVEL)", "version > PLAIN)"),
            new Cut(CORE + "replica/SnapshotFormat.java", "+ PLAIN + \" to \" + WITH_LEVEL", "+ PLAIN"),
            new Cut(CORE + "replica/AppliedState.java", "if (command.isFence()) {", "if (command.floor() < 0) {"),
            new Cut(WIRE + "EnvelopeMapping.java", ".setFeatureLevel(hello.level().number())", ""),
            new Cut(WIRE + "EnvelopeMapping.java", "new FeatureLevel(hello.getFeatureLevel())", "FeatureLevel.BASE"),
            new Cut(
                    WIRE + "ModelMapping.java",
                    "return switch (value.getKindCase()) {",
                    "if (value.hasReconfigure() || value.hasRaiseLevel()) {\n"
                            + "throw new WireFormatException(\"a value of a kind that this version does not know\");\n"
                            + "}\n"
                            + "return switch (value.getKindCase()) {"));

    private final URLClassLoader loader;

    private OldLibrary(URLClassLoader loader) {
        this.loader = loader;
    }

    /** Makes it, in a directory of its own. */
    static OldLibrary in(Path directory) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Cut cut : CUTS) {
            String text = texts.containsKey(cut.file) ? texts.get(cut.file) : Files.readString(ROOT.resolve(cut.file));
            assertThat(text.split(java.util.regex.Pattern.quote(cut.now), -1))
                    .as("'%s' stands once in %s", cut.now, cut.file)
                    .hasSize(2);
            texts.put(cut.file, text.replace(cut.now, cut.then));
        }
        List<Path> sources = new ArrayList<>();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Path source = directory.resolve("src").resolve(text.getKey());
            Files.createDirectories(source.resolveSibling("."));
            sources.add(Files.writeString(source, text.getValue()));
        }
        Path classes = compile(sources, Files.createDirectories(directory.resolve("classes")));
        List<URL> urls = new ArrayList<>();
        urls.add(classes.toUri().toURL());
        for (String entry : classPath().split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new OldLibrary(
                new URLClassLoader("old-library", urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()));
    }

    private static Path compile(List<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of("-proc:none", "-nowarn", "-cp", classPath(), "-d", classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as("compiles: %s", messages).isTrue();
        }
        return classes;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /**
     * Starts a node that runs it.
     *
     * @param addresses where other nodes are
     */
    OldNode start(
            String cluster,
            String id,
            Path directory,
            List<String> members,
            Function<String, InetSocketAddress> addresses)
            throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(LoneNode.class.getName());
        assertThat(type).isNotEqualTo(LoneNode.class);
        return new OldNode(
                type.getDeclaredConstructor(String.class, String.class, Path.class, List.class, Function.class)
                        .newInstance(cluster, id, directory, members, addresses));
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
