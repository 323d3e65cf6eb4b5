// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.museum;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.paxos.testkit.Simulation;
import io.paxos.testkit.SimulationFailure;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A process of its own that lets a {@link Finder} loose on whatever classes it is given, and prints what came of it. */
final class Search {

    /** Before the one line that counts. */
    static final String FOUND = "museum: found by ";

    /** The whole of the one line that counts. */
    static final String NOT_FOUND = "museum: not found";

    private Search() {}

    /**
     * Searches.
     *
     * @param args the finder, as text
     * @throws ReflectiveOperationException if the class of the test does not exist
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        Finder finder = Finder.parse(args[0]);
        String result = finder instanceof Finder.Seeds seeds ? bySeeds(seeds) : byTest((Finder.Named) finder);
        System.out.println(result);
    }

    private static String bySeeds(Finder.Seeds seeds) {
        for (long seed = seeds.first(); seed <= seeds.last(); seed++) {
            try {
                Simulation.builder(seed).events(seeds.events()).run();
            } catch (SimulationFailure failure) {
                return FOUND + "seed " + seed + ": " + failure.property();
            }
        }
        return NOT_FOUND;
    }

    private static String byTest(Finder.Named named) throws ReflectiveOperationException {
        Class<?> type = Class.forName(named.className());
        List<Method> methods = Stream.of(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(named.method()))
                .toList();
        if (methods.size() != 1) {
            throw new NoSuchMethodException(named + " exists " + methods.size() + " times");
        }
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(type, methods.get(0)))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        if (summary.getTestsStartedCount() == 0) {
            throw new NoSuchMethodException(named + " is no test");
        }
        if (summary.getTotalFailureCount() == 0) {
            return NOT_FOUND;
        }
        Throwable failure = summary.getFailures().get(0).getException();
        if (failure instanceof LinkageError) {
            throw new IllegalStateException("the plant does not fit the other classes", failure);
        }
        return FOUND + named.method() + ": "
                + String.valueOf(failure).lines().findFirst().orElse("");
    }
}
