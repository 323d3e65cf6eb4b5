------------------------------ MODULE LogTrace ------------------------------
(***************************************************************************)
(* Runs of the library as behaviours of Log.tla.  A trace is what was seen *)
(* of one log in one simulated run, in the order in which it happened:     *)
(* ballots begun, writes that became durable, messages, crashes, values    *)
(* found chosen or executed.  Each event is either a step of the very      *)
(* actions of Log, with the parameters that were seen, or a claim about    *)
(* the state, which must be true and leaves it alone.                      *)
(*                                                                         *)
(* What was seen settles every parameter, so a trace has one behaviour,    *)
(* and TLC has one state for each event and one for the beginning.  A      *)
(* trace that Log does not allow stands still at the first event that has  *)
(* no step: a deadlock.                                                    *)
(*                                                                         *)
(* A vote is seen when it is durable, which is why MaxPending is 0 here:   *)
(* writes become durable in the order of the decisions behind them, so     *)
(* that what the library knew ahead of its disk is seen a little later,    *)
(* and what a crash took away never.                                       *)
(***************************************************************************)
EXTENDS Log

CONSTANT Traces     \* [size1, size2: quorums; events: what was seen], one after the other

VARIABLES trace,    \* which trace this behaviour follows
          at        \* the next event
tvars == <<vars, trace, at>>

TraceQuorum1(Q) == Cardinality(Q) >= Traces[trace].size1     \* stand in for IsQuorum1 and IsQuorum2
TraceQuorum2(Q) == Cardinality(Q) >= Traces[trace].size2
Event == Traces[trace].events[at]
IsOver == at > Len(Traces[trace].events)

Proposal(e) == [b |-> e.b, s |-> e.s, v |-> e.v]

(* A Prepare asks about the slots from e.from on.  To ask for the next part is no step. *)
SeesPrepare(e) == Prepare(e.p, e.r, e.from)

(* The promise is durable: that is a part of it which speaks for no slot yet. *)
SeesPromise(e) == PromiseTo(e.a, e.b, 1, 0)

(* A part of a promise leaves, and tells just what the acceptor holds. *)
SeesPart(e) ==
    /\ PromiseTo(e.a, e.b, e.from, e.to)
    /\ e.b = promise[e.a]
    /\ [a |-> e.a, i |-> inc[e.a], b |-> e.b, from |-> e.from, to |-> e.to, trim |-> e.trim, decided |-> e.decided,
        acc |-> [s \in S |-> IF \E x \in e.acc : x.s = s
                               THEN LET x == CHOOSE x \in e.acc : x.s = s IN [b |-> x.b, v |-> x.v]
                               ELSE Nothing]] \in promises'

(* A candidate leads: e.parts are those that it had been handed, of promises that are complete or  *)
(* go on, and what some acceptors sent of them must justify e.again, which it proposes again.      *)
SeesLead(e) ==
    /\ cur[e.p] = e.b
    /\ \E voters \in SUBSET {x.a : x \in e.parts} :
          Lead(e.p, {m \in promises : m.b = e.b /\ m.a \in voters /\ \E x \in e.parts :
                        m.a = x.a /\ m.from = x.from /\ m.to = x.to /\ m.trim = x.trim /\ m.decided = x.decided},
               e.floor)
    /\ accepts' \ accepts = {[b |-> e.b, s |-> x.s, v |-> x.v] : x \in e.again}

SeesPropose(e) ==
    /\ cur[e.p] = e.b
    /\ next[e.p] = e.s
    /\ Propose(e.p, e.v)

(* Accepted once more with others, or written again: nothing changes. *)
SeesAccept(e) ==
    \/ Accept(e.a, Proposal(e))
    \/ acc[e.a][e.s] = [b |-> e.b, v |-> e.v] /\ UNCHANGED vars

SeesConclude(e) == decided[e.a] + 1 = e.s /\ Conclude(e.a)
SeesLearn(e) == decided[e.a] + 1 = e.s /\ CatchUp(e.a, e.v)

(* Claims. *)
Claims(e) ==
    CASE e.k = "accepted" -> [a |-> e.a, i |-> inc[e.a], b |-> e.b, s |-> e.s] \in accepteds
      [] e.k = "chosen"   -> Chosen(e.s) = {e.v}
      [] e.k = "executed" -> Decided(e.s) = {e.v}
      [] e.k = "told"     -> IF \E m \in accepts : m.b = e.b /\ m.s = e.s THEN DecideSent(e.s, e.b) ELSE AllDecided(e.s)
      [] OTHER            -> FALSE

Step(e) ==
    CASE e.k = "prepare"  -> SeesPrepare(e)
      [] e.k = "promise"  -> SeesPromise(e)
      [] e.k = "part"     -> SeesPart(e)
      [] e.k = "lead"     -> SeesLead(e)
      [] e.k = "propose"  -> SeesPropose(e)
      [] e.k = "accept"   -> SeesAccept(e)
      [] e.k = "conclude" -> SeesConclude(e)
      [] e.k = "learn"    -> SeesLearn(e)
      [] e.k = "snapshot" -> StoreSnapshot(e.a, e.s)
      [] e.k = "trim"     -> Trim(e.a, e.s)
      [] e.k = "restart"  -> RestartProposer(e.p)
      [] e.k = "lose"     -> LoseStore(e.a)
      [] OTHER            -> Claims(e) /\ UNCHANGED vars

TraceInit == Init /\ trace \in 1..Len(Traces) /\ at = 1
TraceNext ==
    /\ ~IsOver
    /\ Step(Event)
    /\ at' = at + 1
    /\ UNCHANGED trace
(* The end of a trace is no deadlock. *)
TraceEnd == IsOver /\ UNCHANGED tvars
TraceSpec == TraceInit /\ [][TraceNext \/ TraceEnd]_tvars

(* Holds if no trace can be followed to its end, as must be when all were tampered with. *)
NoneIsFollowed == ~IsOver
=============================================================================
