------------------------------- MODULE Epochs -------------------------------
(***************************************************************************)
(* Decrees whose membership changes (rule 16), written before the code.    *)
(* Configurations are numbered epochs, which the log of a system group     *)
(* decides; here they are given.  One decree; all others are like it and   *)
(* independent.                                                            *)
(*                                                                         *)
(* Every message names its epoch, and a voter answers only in epochs it    *)
(* belongs to.  A member that seals an epoch never votes in it again.  A   *)
(* voter of the next epoch takes over, from the members of a quorum that   *)
(* have sealed, the highest promise and the proposal of the highest        *)
(* ballot, before it votes.                                                *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS First, Second, Third,  \* the members of epochs 1, 2, 3
          Value, None,
          Epochs, Ballots,       \* bounds of the model
          Mutant                 \* "none", or the rule that is taken away

VARIABLES
    held,       \* epoch -> member -> [promised, accepted: [b, v]], durable
    ready,      \* epoch -> members that hold what the epoch before has left
    sealed,     \* [a, e, promised, accepted]: what a member held when it sealed e
    prepares, promises, accepts, accepteds     \* the messages
vars == <<held, ready, sealed, prepares, promises, accepts, accepteds>>

E == 1..Epochs
B == 1..Ballots
Members(e) == CASE e = 1 -> First [] e = 2 -> Second [] OTHER -> Third
IsQuorum(Q, e) == 2 * Cardinality(Q \cap Members(e)) > Cardinality(Members(e))
Nothing == [b |-> 0, v |-> None]
Blank == [promised |-> 0, accepted |-> Nothing]

Init ==
    /\ held = [e \in E |-> [a \in Members(e) |-> Blank]]
    /\ ready = [e \in E |-> IF e = 1 THEN First ELSE {}]
    /\ sealed = {}
    /\ prepares = {}
    /\ promises = {}
    /\ accepts = {}
    /\ accepteds = {}

MayVote(a, e) ==
    /\ a \in ready[e]
    /\ (\A m \in sealed : m.a # a \/ m.e # e) \/ Mutant = "rule16-votes-after-seal"

-----------------------------------------------------------------------------
(* A ballot is begun once, in one epoch. *)
Prepare(b, e) ==
    /\ \A m \in prepares : m.b # b
    /\ prepares' = prepares \cup {[b |-> b, e |-> e]}
    /\ UNCHANGED <<held, ready, sealed, promises, accepts, accepteds>>

Promise(a, b, e) ==
    /\ MayVote(a, e)
    /\ b > held[e][a].promised
    /\ held' = [held EXCEPT ![e][a].promised = b]
    /\ promises' = promises \cup {[a |-> a, b |-> b, e |-> e, accepted |-> held[e][a].accepted]}
    /\ UNCHANGED <<ready, sealed, prepares, accepts, accepteds>>

Propose(b, e, v) ==
    /\ \A m \in accepts : m.b # b
    /\ \E Q \in SUBSET {m \in promises : m.b = b /\ m.e = e} :
          LET reported == {m.accepted : m \in Q} \ {Nothing} IN
          /\ IsQuorum({m.a : m \in Q}, e)
          /\ reported = {} \/ \E x \in reported : x.v = v /\ \A y \in reported : y.b <= x.b
    /\ accepts' = accepts \cup {[b |-> b, e |-> e, v |-> v]}
    /\ UNCHANGED <<held, ready, sealed, prepares, promises, accepteds>>

Accept(a, m) ==
    /\ MayVote(a, m.e)
    /\ m.b >= held[m.e][a].promised
    /\ held[m.e][a].accepted.b # m.b
    /\ held' = [held EXCEPT ![m.e][a] = [promised |-> m.b, accepted |-> [b |-> m.b, v |-> m.v]]]
    /\ accepteds' = accepteds \cup {[a |-> a, b |-> m.b, e |-> m.e, v |-> m.v]}
    /\ UNCHANGED <<ready, sealed, prepares, promises, accepts>>

-----------------------------------------------------------------------------
(* Only who holds what the epoch before has left may seal: others would speak for it and know nothing. *)
Seal(a, e) ==
    /\ a \in ready[e] \/ (a \in Members(e) /\ Mutant = "rule16-sealed-unready")
    /\ \A m \in sealed : m.a # a \/ m.e # e
    /\ sealed' = sealed \cup {[a |-> a, e |-> e, promised |-> held[e][a].promised, accepted |-> held[e][a].accepted]}
    /\ UNCHANGED <<held, ready, prepares, promises, accepts, accepteds>>

TakeOver(a, e) ==
    /\ a \in Members(e) \ ready[e]
    /\ \E Q \in SUBSET {m \in sealed : m.e = e - 1} :
          /\ IsQuorum({m.a : m \in Q}, e - 1) \/ (Mutant = "rule16-too-few-sealed" /\ Q # {})
          /\ LET highest == CHOOSE m \in Q : \A n \in Q : n.accepted.b <= m.accepted.b
                 promise == CHOOSE m \in Q : \A n \in Q : n.promised <= m.promised
             IN /\ held' = [held EXCEPT ![e][a] =
                       IF Mutant = "rule16-nothing-taken-over"
                         THEN Blank
                         ELSE [promised |-> promise.promised, accepted |-> highest.accepted]]
                \* A learner that takes what a voter says it holds for that voter's own vote, of this epoch.
                /\ accepteds' =
                       IF Mutant = "rule16-taken-over-counted" /\ highest.accepted # Nothing
                         THEN accepteds \cup {[a |-> a, b |-> highest.accepted.b, e |-> e, v |-> highest.accepted.v]}
                         ELSE accepteds
    /\ ready' = [ready EXCEPT ![e] = @ \cup {a}]
    /\ UNCHANGED <<sealed, prepares, promises, accepts>>

Next ==
    \/ \E b \in B, e \in E : Prepare(b, e) \/ \E v \in Value : Propose(b, e, v)
    \/ \E m \in prepares : \E a \in Members(m.e) : Promise(a, m.b, m.e)
    \/ \E m \in accepts : \E a \in Members(m.e) : Accept(a, m)
    \/ \E e \in 1..(Epochs - 1) : (\E a \in Members(e) : Seal(a, e)) \/ (\E a \in Members(e + 1) : TakeOver(a, e + 1))
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* Votes are given in the epoch of their ballot alone, so the quorum is one of that epoch. *)
IsChosen(m) == \E e \in E : IsQuorum({n.a : n \in {n \in accepteds : n.b = m.b /\ n.e = e}}, e)
Chosen == {m.v : m \in {m \in accepts : IsChosen(m)}}
Agreement == Cardinality(Chosen) <= 1
(* P2b: what is proposed above a chosen proposal has its value, in every epoch. *)
ChosenIsKept == \A m \in accepts : IsChosen(m) => \A n \in accepts : n.b > m.b => n.v = m.v

(* Prepares are sent at once, which leaves out nothing, since messages may be delayed for ever. *)
PreparesFirst == (promises = {} /\ sealed = {}) \/ Cardinality(prepares) = Ballots

(* Witnesses, which TLC must refute: both epochs decide; a later epoch decides first. *)
OnlyOneEpochDecides == ~ \E m \in accepts, n \in accepts : m.e # n.e /\ IsChosen(m) /\ IsChosen(n)
=============================================================================
