----------------------------- MODULE Formation -----------------------------
(***************************************************************************)
(* How a cluster forms, once (rule 6).                                     *)
(*                                                                         *)
(* Every store has an incarnation.  A store that is lost comes back as     *)
(* another incarnation; a store that is kept comes back as the same one.   *)
(* Before anybody votes, the initial members agree on one exact vector of  *)
(* incarnations.  There is no consensus yet to agree with, so they use the *)
(* one rule that needs none: all must be bound to the same vector.  What   *)
(* is hard is the way back, when a store is lost after some have bound.    *)
(*                                                                         *)
(* Messages are a growing set that holds every state a node has ever told, *)
(* so they may be lost, repeated, delayed for ever and reordered.  All     *)
(* that a node tells it has made durable before; hence a restart with the  *)
(* storage kept changes nothing that is modelled here.                     *)
(*                                                                         *)
(* Incarnations of one node are ordered here, which the library cannot     *)
(* see.  It learns that a store is lost when another incarnation of that   *)
(* node answers a question asked after the store was last heard of.  That  *)
(* a store is lost stays true, so a guard here may read it from the        *)
(* present state: an answer that takes its time makes the same step later. *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS Node,      \* the configured members
          None,      \* no vector
          MaxInc,    \* bound of the model: how many stores a node may have, one after the other
          MaxLost,   \* bound of the model: how many stores are lost in all
          Mutant     \* "none", or the rule that is taken away

VARIABLES inc, bound, renounced, formed, msgs
vars == <<inc, bound, renounced, formed, msgs>>

Symmetry == Permutations(Node)
Vector   == [Node -> 1..MaxInc]
IsQuorum(S) == 2 * Cardinality(S) > Cardinality(Node)

Tell(n) == msgs' = msgs \cup {[from |-> n, inc |-> inc'[n], bound |-> bound'[n],
                               renounced |-> renounced'[n], formed |-> formed'[n]]}

Init ==
    /\ inc = [n \in Node |-> 1]
    /\ bound = [n \in Node |-> None]
    /\ renounced = [n \in Node |-> {}]
    /\ formed = [n \in Node |-> None]
    /\ msgs = {[from |-> n, inc |-> 1, bound |-> None, renounced |-> {}, formed |-> None] : n \in Node}

(***************************************************************************)
(* The members of V that have ever marked V formed, each as the very       *)
(* incarnation that V names.  Only these vote, and only their votes count. *)
(***************************************************************************)
Voters(V) == {n \in Node : \E m \in msgs : m.from = n /\ m.formed = V /\ m.inc = V[n]}
EverFormed == {m.formed : m \in msgs} \ {None}
Lost(V) == {n \in Node : inc[n] > V[n]}

-----------------------------------------------------------------------------
(***************************************************************************)
(* What n hears of m before it leaves V: m renounced V, or the store in V  *)
(* is lost.  Without this nobody would be misled either, as the            *)
(* configuration without-evidence shows: a vector that may be left has a   *)
(* lost store in it and is never bound to again, and a member that has     *)
(* formed it never binds again, so that no other vector can form.  It      *)
(* keeps members together: nobody leaves a vector whose formation another  *)
(* can still report.                                                       *)
(***************************************************************************)
GivenUp(m, V) ==
    \/ \E r \in msgs : r.from = m /\ r.inc = V[m] /\ V \in r.renounced
    \/ inc[m] > V[m]
    \/ Mutant = "without-evidence"

(***************************************************************************)
(* A node that has bound to W must not believe a store that is older than  *)
(* the one in W: those may be the last words of a lost store about a       *)
(* vector that the others have left, while W forms without n.  In the      *)
(* library such words never count, because they answer no question that    *)
(* was asked after the newer store had been heard of, in this start of n.  *)
(***************************************************************************)
Believes(n, r) ==
    \/ Mutant = "rule6-believe-outlived-store"
    \/ IF bound[n] = None THEN TRUE ELSE r.inc >= bound[n][r.from]

(* A node that never bound, or may leave what it is bound to, binds to the vector that it has *)
(* heard from the others.                                                                      *)
Bind(n) ==
    /\ formed[n] = None
    /\ IF bound[n] = None
         THEN TRUE
         ELSE /\ bound[n] \in renounced[n]
              /\ \A m \in Node \ {n} : GivenUp(m, bound[n])
    /\ \E V \in Vector \ renounced[n] :
          /\ V[n] = inc[n]
          /\ \A m \in Node \ {n} : \E r \in msgs : r.from = m /\ r.inc = V[m] /\ Believes(n, r)
          /\ bound' = [bound EXCEPT ![n] = V]
    /\ UNCHANGED <<inc, renounced, formed>>
    /\ Tell(n)

(* A node that knows that a store in V is lost renounces V, whether it is bound to V or has *)
(* only heard that another is: from now on it neither infers V nor binds to it.  A node     *)
(* whose own store is not in V does so too; it could do neither anyhow, and is left out.    *)
Renounce(n) ==
    /\ formed[n] = None
    /\ \E V \in {r.bound : r \in msgs} \ ({None} \cup renounced[n]) :
          /\ V[n] = inc[n]
          /\ IF Mutant = "rule6-other-incarnation-is-evidence"
               THEN \E r \in msgs : r.inc # V[r.from]
               ELSE Lost(V) # {}
          /\ renounced' = [renounced EXCEPT ![n] = @ \cup {V}]
    /\ UNCHANGED <<inc, bound, formed>>
    /\ Tell(n)

(* A member bound to V that has heard from all, as the incarnations in V, that they are bound to *)
(* V, and has not renounced V, marks V formed.                                                   *)
Infer(n) ==
    /\ formed[n] = None
    /\ bound[n] # None
    /\ Mutant # "without-evidence" => bound[n] \notin renounced[n]
    /\ LET Heard(m) == \E r \in msgs :
              /\ r.from = m
              /\ IF Mutant = "rule6-inexact-vector"
                   THEN r.bound # None
                   ELSE r.inc = bound[n][m] /\ r.bound = bound[n]
       IN IF Mutant = "rule6-majority-forms"
            THEN IsQuorum({m \in Node : Heard(m)})
            ELSE \A m \in Node : Heard(m)
    /\ formed' = [formed EXCEPT ![n] = bound[n]]
    /\ UNCHANGED <<inc, bound, renounced>>
    /\ Tell(n)

(***************************************************************************)
(* Whoever hears from a member of V that V formed takes that over, also if *)
(* it renounced V, for renouncing only forbids to infer.  One whose store  *)
(* is not in V is a stranger from then on and never votes anywhere.  The   *)
(* code waits longer where a store took the place of one in V, until more  *)
(* of V say so; that only leaves out some of what is allowed here.         *)
(***************************************************************************)
Adopt(n) ==
    /\ formed[n] = None
    /\ \E r \in msgs :
          /\ r.formed # None
          /\ r.inc = r.formed[r.from]
          /\ Believes(n, r)
          /\ formed' = [formed EXCEPT ![n] = r.formed]
    /\ UNCHANGED <<inc, bound, renounced>>
    /\ Tell(n)

(* Denied: that a binding lasts, through restarts too, until its vector is renounced. *)
RebindFreely(n) ==
    /\ Mutant = "rule6-rebind-freely"
    /\ formed[n] = None
    /\ bound[n] # None
    /\ bound' = [bound EXCEPT ![n] = None]
    /\ UNCHANGED <<inc, renounced, formed>>
    /\ Tell(n)

(***************************************************************************)
(* The store is lost.  Any may be, any time, until a quorum votes; from    *)
(* then on a minority of those that the vector names, as in all of Paxos.  *)
(***************************************************************************)
RECURSIVE Sum(_)
Sum(N) == IF N = {} THEN 0 ELSE LET n == CHOOSE x \in N : TRUE IN (inc[n] - 1) + Sum(N \ {n})
LoseStore(n) ==
    /\ inc[n] < MaxInc
    /\ Sum(Node) < MaxLost
    /\ \A V \in EverFormed : IsQuorum(Voters(V)) => IsQuorum(Node \ (Lost(V) \cup {n}))
    /\ inc' = [inc EXCEPT ![n] = @ + 1]
    /\ bound' = [bound EXCEPT ![n] = None]
    /\ renounced' = [renounced EXCEPT ![n] = {}]
    /\ formed' = [formed EXCEPT ![n] = None]
    /\ Tell(n)

Next == \E n \in Node : Bind(n) \/ Renounce(n) \/ Infer(n) \/ Adopt(n) \/ RebindFreely(n) \/ LoseStore(n)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* What the log builds on: two vectors never both have a quorum that votes in them. *)
OneGroup ==
    \A V \in EverFormed, W \in EverFormed :
        IsQuorum(Voters(V)) /\ IsQuorum(Voters(W)) => V = W

(* Stores that are not lost and vote, vote in one vector. *)
VotesNow(n) == IF formed[n] = None THEN FALSE ELSE formed[n][n] = inc[n]
OneVector == \A n \in Node, m \in Node : VotesNow(n) /\ VotesNow(m) => formed[n] = formed[m]

(***************************************************************************)
(* Stronger, while no store is lost that had formed: one vector, ever.     *)
(* Without that proviso it cannot be had: when the only member that had    *)
(* formed V is lost, nobody can know that it had, and waiting for it would *)
(* be waiting for ever.                                                    *)
(***************************************************************************)
FormedStoreLost == \E m \in msgs : m.formed # None /\ m.inc < inc[m.from]
OneVectorEver == ~FormedStoreLost => Cardinality(EverFormed) <= 1

(* Nobody renounces the one vector that the living stores could still form. *)
NeverStuck == \A n \in Node : inc \notin renounced[n]

(* Not an invariant but a witness: TLC must find a state that denies it, which shows that a *)
(* cluster can form after a first vector was left.                                           *)
NeverFormsAgain ==
    ~ \E V \in EverFormed : Voters(V) = Node /\ (\E n \in Node : inc[n] = 1 /\ renounced[n] # {})
=============================================================================
