// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.spi.StateMachine;
import io.paxos.testkit.simulation.Plan;
import java.util.ArrayList;
import java.util.List;

/** Finds out what it takes for a failure, and puts together what to report of it. */
final class Investigation<M extends StateMachine<C, R>, C, R> {

    private final Service<M, C, R> service;
    private final Runs<M, C, R> runs;
    private final int mostRuns;

    Investigation(Service<M, C, R> service, Runs<M, C, R> runs, int mostRuns) {
        this.service = service;
        this.runs = runs;
        this.mostRuns = mostRuns;
    }

    ServiceFailure failure(Run failed, Run.Failure failure) {
        Plan drawn = failed.plan();
        Minimiser minimiser = new Minimiser(plan -> runs.play(plan, null).failsLike(failure), mostRuns);
        Plan shortest = minimiser.minimise(drawn, failure.atMicros());
        List<String> story = new ArrayList<>();
        Run again = runs.play(shortest, story::add);
        Run shown = again.failsLike(failure) ? again : failed;
        Run.Failure shownFailure = shown.failure() == null ? failure : shown.failure();
        String diagnosis = new Diagnosis<>(service, shown.executions()).find();
        if (diagnosis == null) {
            diagnosis = new Diagnosis<>(service, failed.executions()).find();
        }
        Findings findings = new Findings(
                drawn.seed(),
                failure.property(),
                shownFailure.what(),
                diagnosis,
                drawn,
                shortest,
                shortest.text(service::words),
                minimiser.runs(),
                again.failsLike(failure),
                story);
        return new ServiceFailure(findings, shownFailure.cause());
    }
}
