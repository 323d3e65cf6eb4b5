------------------------------- MODULE Paxos -------------------------------
(***************************************************************************)
(* Single-decree Paxos, as in "Paxos Made Simple" (Lamport, 2001) and in   *)
(* io.paxos.single: one decree, which many may try to settle, each with a  *)
(* ballot of its own.  Start here; Log.tla does this for many slots.       *)
(*                                                                         *)
(* A proposer needs no variable: what it knows is which messages there     *)
(* are, and that it proposes once at a ballot.  Messages are a growing     *)
(* set, so that they may be lost, repeated, delayed and reordered.         *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS Acceptor, Value,
          None,       \* no value
          Ballots,    \* how many ballots there are, 1 to Ballots
          Alive,      \* the acceptors that do not stop; of interest to progress alone
          Mutant      \* "none", or the rule that is taken away

VARIABLES
    promised,   \* acceptor -> highest ballot promised, 0 for none       (durable)
    accepted,   \* acceptor -> [b: ballot, v: value], b = 0 for none     (durable)
    prepares, promises, accepts, accepteds     \* the messages
vars == <<promised, accepted, prepares, promises, accepts, accepteds>>

B == 1..Ballots
Nothing == [b |-> 0, v |-> None]
ValueSymmetry == Permutations(Value)
IsQuorum(Q) == 2 * Cardinality(Q) > Cardinality(Acceptor)
Symmetry == Permutations(Acceptor) \cup ValueSymmetry

Init ==
    /\ promised = [a \in Acceptor |-> 0]
    /\ accepted = [a \in Acceptor |-> Nothing]
    /\ prepares = {}
    /\ promises = {}
    /\ accepts = {}
    /\ accepteds = {}

-----------------------------------------------------------------------------
(* Phase 1a.  A proposer begins a ballot that nobody has begun before (rule 1). *)
Prepare(b) ==
    /\ b \notin prepares
    /\ prepares' = prepares \cup {b}
    /\ UNCHANGED <<promised, accepted, promises, accepts, accepteds>>

(* Phase 1b.  An acceptor promises to take part in no lower ballot, and reports what it has accepted. *)
Promise(a, b) ==
    /\ b \in prepares
    /\ b > promised[a] \/ Mutant = "rule2-promise-below-promise"
    /\ promised' = [promised EXCEPT ![a] = b]
    /\ promises' = promises \cup {[a |-> a, b |-> b, accepted |-> accepted[a]]}
    /\ UNCHANGED <<accepted, prepares, accepts, accepteds>>

(* Phase 2a.  With the promises of a quorum the proposer proposes, once, the value of the highest *)
(* ballot that they report, or any value if they report none (P2c).                               *)
Propose(b, v) ==
    /\ (\A m \in accepts : m.b # b) \/ Mutant = "rule1-ballot-used-twice"
    /\ \E Q \in SUBSET {m \in promises : m.b = b} :
          /\ IsQuorum(Q) \/ (Mutant = "rule2-minority-promises" /\ Q # {})
          /\ LET reported == {m.accepted : m \in Q} \ {Nothing} IN
             \/ reported = {}
             \/ Mutant = "p2c-own-value"
             \/ \E x \in reported : /\ x.v = v
                                    /\ (\A y \in reported : y.b <= x.b) \/ Mutant = "p2c-any-reported"
    /\ accepts' = accepts \cup {[b |-> b, v |-> v]}
    /\ UNCHANGED <<promised, accepted, prepares, promises, accepteds>>

(* Phase 2b.  An acceptor accepts unless it has promised a higher ballot; that raises the promise (rule 2). *)
Accept(a, m) ==
    /\ m.b >= promised[a] \/ Mutant = "rule2-accept-below-promise"
    /\ accepted[a] # m
    /\ promised' = [promised EXCEPT ![a] = m.b]
    /\ accepted' = [accepted EXCEPT ![a] = m]
    /\ accepteds' = accepteds \cup {[a |-> a, b |-> m.b, v |-> m.v]}
    /\ UNCHANGED <<prepares, promises, accepts>>

Next ==
    \/ \E b \in B : Prepare(b) \/ (\E v \in Value : Propose(b, v))
    \/ \E a \in Acceptor : (\E b \in B : Promise(a, b)) \/ (\E m \in accepts : Accept(a, m))
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* A value is chosen when a quorum has accepted it at one ballot; a learner counts (rule 2). *)
IsChosen(m) == IsQuorum({n.a : n \in {n \in accepteds : n.b = m.b /\ n.v = m.v}})
Chosen == {m.v : m \in {m \in accepts : IsChosen(m)}}

Agreement == Cardinality(Chosen) <= 1

(* What is chosen stays chosen. *)
Stable == [][Chosen \subseteq Chosen']_vars

(* The lowest ballot that an acceptor has still to vote in is that which it promised. *)
VotesKeepPromises == \A a \in Acceptor : /\ accepted[a].b <= promised[a]
                                         /\ \A m \in promises : m.a = a => m.b <= promised[a]

(* The invariant behind the proof (P2b): whoever proposes after a choice proposes what was chosen. *)
ProposalsAgree == \A m \in accepts, n \in accepts : m.b < n.b /\ IsChosen(m) => m.v = n.v

(* A witness, which TLC must refute: a later ballot is bound to the value of an earlier one. *)
NothingFoundAgain == ~ \E m \in accepts, n \in accepts : m.b < n.b /\ m.v = n.v /\ Chosen = {m.v}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Progress.  Ballots are finite, so one of them is the highest; if its    *)
(* proposer and a quorum of acceptors go on, a value is chosen.  Others    *)
(* may stop for ever at any moment.                                        *)
(***************************************************************************)
ProposeHighest == \E v \in Value : Propose(Ballots, v)
AcceptHighest(a) == \E m \in accepts : m.b = Ballots /\ Accept(a, m)
Live ==
    /\ Spec
    /\ WF_vars(Prepare(Ballots))
    /\ WF_vars(ProposeHighest)
    /\ \A a \in Alive : WF_vars(Promise(a, Ballots)) /\ WF_vars(AcceptHighest(a))
SomethingIsChosen == <>(Chosen # {})
=============================================================================
