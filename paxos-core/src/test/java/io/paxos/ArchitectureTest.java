// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The order of the packages, and the purity of all of them but {@code node}: what is decided depends on the events
 * handed in and on nothing else, so that a simulator can replay it from a seed.
 */
@AnalyzeClasses(packages = "io.paxos", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /** Lowest first; a package may use those before it. */
    private static final List<String> LAYERS =
            List.of("model", "quorum", "single", "message", "spi", "event", "log", "decree", "replica", "node");

    private static final String RUNTIME = "io.paxos.node..";
    private static final String SPI = "io.paxos.spi..";

    private static final Set<String> TYPES_OF_STREAMS = Set.of(
            InputStream.class.getName(),
            OutputStream.class.getName(),
            IOException.class.getName(),
            UncheckedIOException.class.getName());

    @ArchTest
    static void everyPackageHasItsLayer(JavaClasses core) {
        assertThat(core).isNotEmpty();
        classes()
                .should()
                .resideInAnyPackage(
                        LAYERS.stream().map(ArchitectureTest::packageOf).toArray(String[]::new))
                .because("a package outside the list would escape the order of the layers")
                .check(core);
    }

    @ArchTest
    static void aLayerUsesOnlyLowerLayers(JavaClasses core) {
        for (int i = 0; i < LAYERS.size() - 1; i++) {
            String[] above = LAYERS.subList(i + 1, LAYERS.size()).stream()
                    .map(ArchitectureTest::packageOf)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(packageOf(LAYERS.get(i)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .because("the layers are, lowest first, " + String.join(", ", LAYERS))
                    .allowEmptyShould(true)
                    .check(core);
        }
    }

    @ArchTest
    static final ArchRule noThreads = pure().should()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..")
                    .and(not(type(TimeUnit.class)))
                    .or(type(Thread.class))
                    .or(assignableTo(ThreadLocal.class))
                    .or(assignableTo(ThreadGroup.class))
                    .or(type(Timer.class)))
            .because("the machine is driven by one caller at a time");

    @ArchTest
    static final ArchRule noThreadsInSignaturesOfTheSpi = noClasses()
            .that()
            .resideInAPackage(SPI)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..")
                    .and(not(type(TimeUnit.class)))
                    .and(not(type(Executor.class)))
                    .and(not(type(ScheduledExecutorService.class)))
                    .or(type(Thread.class))
                    .or(assignableTo(ThreadLocal.class))
                    .or(type(Timer.class)))
            .because("an interface that users bring may offer an executor and nothing more of threads");

    @ArchTest
    static final ArchRule noMonitors = noClasses()
            .that()
            .resideOutsideOfPackage(RUNTIME)
            .should()
            .callMethodWhere(calls(Object.class, "wait", "notify", "notifyAll"));

    @ArchTest
    static final ArchRule noSynchronizedMethods = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage(RUNTIME)
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule noClocks = noClasses()
            .that()
            .resideOutsideOfPackage(RUNTIME)
            .should()
            .dependOnClassesThat(are(assignableTo(Clock.class).or(assignableTo(InstantSource.class))))
            .orShould()
            .callMethodWhere(calls(System.class, "currentTimeMillis", "nanoTime"))
            .orShould()
            .callMethodWhere(callsIn("java.time", "now"))
            .orShould()
            .callConstructorWhere(withoutArguments(java.util.Date.class))
            .because("time arrives as an event");

    @ArchTest
    static final ArchRule noInputOrOutput = noClasses()
            .that()
            .resideOutsideOfPackage(RUNTIME)
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..", "javax.net..")
                            .or(type(File.class))
                            .or(type(FileDescriptor.class))
                            .or(type(Process.class))
                            .or(type(ProcessBuilder.class))
                            .or(type(Runtime.class)))
            .orShould()
            .accessFieldWhere(accesses(System.class, "in", "out", "err"))
            .because("what the machine wants done it returns as an effect");

    private static final Set<String> STREAMS_IN_MEMORY = Set.of(
            ByteArrayOutputStream.class.getName(), DataInputStream.class.getName(), DataOutputStream.class.getName());

    @ArchTest
    static final ArchRule streamsOnlyInTheSpi = pure().should()
            .dependOnClassesThat(resideInAnyPackage("java.io..")
                    .and(not(named(TYPES_OF_STREAMS)))
                    .and(not(named(STREAMS_IN_MEMORY))))
            .because("streams carry snapshots, and only through the interfaces that users bring");

    @ArchTest
    static final ArchRule onlyPlainStreamsInTheSpi = noClasses()
            .that()
            .resideInAPackage(SPI)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.io..").and(not(named(TYPES_OF_STREAMS))));

    @ArchTest
    static final ArchRule noLogging = noClasses()
            .that()
            .resideOutsideOfPackage(RUNTIME)
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.slf4j..", "java.util.logging..")
                    .or(assignableTo(System.Logger.class))
                    .or(type(System.LoggerFinder.class)))
            .because("what is worth saying is an effect or an exception");

    @ArchTest
    static final ArchRule noUnseededRandomness = noClasses()
            .that()
            .resideOutsideOfPackage(RUNTIME)
            .should()
            .dependOnClassesThat(assignableTo(SecureRandom.class)
                    .or(resideInAnyPackage("java.security.."))
                    .or(named(Set.of("java.util.concurrent.ThreadLocalRandom"))))
            .orShould()
            .callConstructorWhere(withoutArguments(Random.class))
            .orShould()
            .callConstructorWhere(withoutArguments(SplittableRandom.class))
            .orShould()
            .callMethodWhere(calls(Math.class, "random"))
            .orShould()
            .callMethodWhere(calls(StrictMath.class, "random"))
            .orShould()
            .callMethodWhere(calls(UUID.class, "randomUUID"))
            .orShould()
            .callMethodWhere(calls(RandomGenerator.class, "getDefault", "of"))
            .orShould()
            .callMethodWhere(calls(System.class, "identityHashCode"))
            .orShould()
            .callMethod(java.util.Collections.class, "shuffle", List.class)
            .because("a run is replayed from its seed");

    @ArchTest
    static final ArchRule noReflection = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.lang.reflect..", "java.lang.invoke.."))
            .orShould()
            .callMethodWhere(calls(
                    Class.class,
                    "forName",
                    "getMethod",
                    "getMethods",
                    "getDeclaredMethod",
                    "getDeclaredMethods",
                    "getField",
                    "getFields",
                    "getDeclaredField",
                    "getDeclaredFields",
                    "getConstructor",
                    "getConstructors",
                    "getDeclaredConstructor",
                    "getDeclaredConstructors",
                    "getRecordComponents"));

    @ArchTest
    static final ArchRule nothingThatNativeImagesMustBeTold = noClasses()
            .should()
            .dependOnClassesThat(type(ServiceLoader.class)
                    .or(assignableTo(ObjectInputStream.class))
                    .or(assignableTo(ObjectOutputStream.class)))
            .orShould()
            .callMethodWhere(calls(System.class, "load", "loadLibrary"))
            .orShould()
            .callMethodWhere(calls(Class.class, "getResource", "getResourceAsStream"));

    @ArchTest
    static final ArchRule noNativeMethods = noMethods().should().haveModifier(JavaModifier.NATIVE);

    @ArchTest
    static final ArchRule nothingEndsTheProcess = noClasses()
            .should()
            .callMethodWhere(calls(System.class, "exit"))
            .orShould()
            .callMethodWhere(calls(Runtime.class, "exit", "halt"))
            .because("a library never ends the process of the service it is part of");

    private static String packageOf(String layer) {
        return "io.paxos." + layer + "..";
    }

    /** Every class but those of the runtime and of the interfaces that users bring. */
    private static GivenClassesConjunction pure() {
        return noClasses().that().resideOutsideOfPackages(RUNTIME, SPI);
    }

    private static DescribedPredicate<JavaClass> named(Set<String> names) {
        return DescribedPredicate.describe("one of " + names, c -> names.contains(c.getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> accesses(Class<?> owner, String... names) {
        Set<String> wanted = Set.of(names);
        return DescribedPredicate.describe(
                owner.getSimpleName() + " " + wanted,
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && wanted.contains(access.getTarget().getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
        return accesses(owner, names);
    }

    private static DescribedPredicate<JavaAccess<?>> callsIn(String packageName, String name) {
        return DescribedPredicate.describe(
                name + " in " + packageName,
                access -> access.getTargetOwner().getPackageName().equals(packageName)
                        && ((HasName) access.getTarget()).getName().equals(name));
    }

    private static DescribedPredicate<JavaAccess<?>> withoutArguments(Class<?> owner) {
        return DescribedPredicate.describe(
                "new " + owner.getSimpleName() + "()",
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && access.getTarget() instanceof CodeUnitCallTarget target
                        && target.getRawParameterTypes().isEmpty());
    }
}
