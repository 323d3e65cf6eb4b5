-------------------------------- MODULE Log --------------------------------
(***************************************************************************)
(* Multi-Paxos over slots, rules 1 to 6.                                   *)
(*                                                                         *)
(* The vector of incarnations is given: Formation.tla shows that at most   *)
(* one vector ever has a quorum that votes in it.  The two compose because *)
(* formation reads no variable of the log, and the log asks of formation   *)
(* only whether a voter belongs to the vector, which is settled before its *)
(* first vote and never changes for that store.  Here member a of the      *)
(* vector is acceptor a with incarnation 0; a higher incarnation is a      *)
(* store that was created after the group had formed, a stranger.          *)
(*                                                                         *)
(* A node is an acceptor and a proposer that share no variable and talk by *)
(* messages, as in the library, where a node's own vote goes to itself as  *)
(* an ordinary message.  They are two processes here, so that acceptors    *)
(* can be interchangeable for TLC.  A crash of a node is a crash of one    *)
(* followed by a crash of the other.                                       *)
(*                                                                         *)
(* Messages are four growing sets, so every one may be lost, repeated,     *)
(* delayed for ever and reordered.  What a process concludes from votes    *)
(* that have arrived is a function of these sets; the knowledge that a     *)
(* slot is decided is therefore derived and needs no variable of its own.  *)
(*                                                                         *)
(* A command is identified by who first proposed it, so that any two       *)
(* commands that could differ do differ; 0 is the no-op.                   *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences, TLC

CONSTANTS Acceptor,     \* the members of the formed vector
          Proposers,    \* how many nodes propose
          Slots,        \* how many slots
          Rounds,       \* rounds of ballots
          MaxBallots,   \* bound of the model: ballots begun in all
          MaxRestarts,  \* bound of the model: restarts of proposers in all
          MaxLost,      \* how many stores may be lost: a minority
          MaxTrim,      \* up to which slot acceptors may compact
          MaxPending,   \* 0: a vote is durable at once; else votes wait in a queue this long
          Mutant        \* "none", or the rule that is taken away

VARIABLES
    start,      \* proposer -> which start of the node this is; the nonce in every ballot
    cur,        \* proposer -> its ballot, 0 for none                       (volatile)
    next,       \* proposer -> the next free slot once it leads, else 0     (volatile)
    inc,        \* acceptor -> incarnation of its store
    promise,    \* acceptor -> highest ballot promised, for all slots alike
    acc,        \* acceptor -> slot -> [b: ballot, v: value], b = 0 for none
    trim,       \* acceptor -> slot up to which it has compacted
    disk,       \* acceptor -> what is durable of <<promise, acc>>
    pending,    \* acceptor -> writes on their way to the disk, oldest first
    prepares, promises, accepts, accepteds     \* the messages
proposing == <<start, cur, next>>
voting    == <<inc, promise, acc, trim, disk, pending>>
vars      == <<proposing, voting, prepares, promises, accepts, accepteds>>

P == 1..Proposers
S == 1..Slots
Symmetry == Permutations(Acceptor)
IsQuorum(Q) == 2 * Cardinality(Q) > Cardinality(Acceptor)
Max(X) == CHOOSE x \in X : \A y \in X : y <= x
NoOp == 0
Nothing == [b |-> 0, v |-> NoOp]

(* Ballots are ordered by round, then node, then start.  Rule 1: the start is part of them. *)
Tag(r, p, s) == 100 * r + 10 * p + s
Ballot(r, p, s) == IF Mutant = "rule1-no-start-nonce" THEN Tag(r, p, 0) ELSE Tag(r, p, s)
Command(p) == 10 * p + start[p]

Init ==
    /\ start = [p \in P |-> 0]
    /\ cur = [p \in P |-> 0]
    /\ next = [p \in P |-> 0]
    /\ inc = [a \in Acceptor |-> 0]
    /\ promise = [a \in Acceptor |-> 0]
    /\ acc = [a \in Acceptor |-> [s \in S |-> Nothing]]
    /\ trim = [a \in Acceptor |-> 0]
    /\ disk = [a \in Acceptor |-> [promise |-> 0, acc |-> [s \in S |-> Nothing]]]
    /\ pending = [a \in Acceptor |-> <<>>]
    /\ prepares = {}
    /\ promises = {}
    /\ accepts = {}
    /\ accepteds = {}

-----------------------------------------------------------------------------
(* Counting votes (rules 2 and 6): once per acceptor, members only, exactly this ballot. *)

CountsAsMember(m) == m.i = 0 \/ Mutant = "rule6-stranger-counted"
EnoughVotes(Q) == IsQuorum(Q) \/ (Mutant = "rule2-duplicate-counted" /\ Q # {})

AcceptedBy(s, b) ==
    {m.a : m \in {m \in accepteds : /\ m.s = s
                                    /\ m.b = b \/ Mutant = "rule2-accepted-of-other-ballot"
                                    /\ CountsAsMember(m)}}

(* The fact, as only an observer of the whole system sees it. *)
Chosen(s) == {m.v : m \in {x \in accepts :
                 x.s = s /\ IsQuorum({y.a : y \in {z \in accepteds : z.s = s /\ z.b = x.b /\ z.i = 0}})}}

(* What the leader of some ballot, having counted, may have told the others to be decided. *)
Decided(s) == {m.v : m \in {x \in accepts : x.s = s /\ EnoughVotes(AcceptedBy(s, x.b))}}
IsDecided(s) == Decided(s) # {}

(* "Decided up to s by ballot b" may be under way: in each slot up to s the leader of b counted  *)
(* a quorum at b, or proposed nothing because it already knew the slot to be decided.            *)
DecideSent(s, b) ==
    /\ \E m \in accepts : m.s = s /\ m.b = b
    /\ \A t \in 1..s : IF \E m \in accepts : m.s = t /\ m.b = b
                         THEN EnoughVotes(AcceptedBy(t, b))
                         ELSE IsDecided(t)

(* Rule 4: what acceptor a, told so, takes for decided in slot t out of its own store.  All   *)
(* else it fetches.                                                                           *)
Concluded(a, t) ==
    {acc[a][t].v : b \in {b \in {m.b : m \in accepts} :
        /\ acc[a][t].b # 0
        /\ acc[a][t].b = b \/ Mutant = "rule4-own-proposal-at-any-ballot"
        /\ \E s \in t..Slots : DecideSent(s, b)}}

-----------------------------------------------------------------------------
(* Proposers *)

(* Phase 1 begins, for all slots from the first that the candidate does not know decided, or, *)
(* after a restart that lost this knowledge, from slot 1.  The Prepare waits for no write.    *)
Prepare(p) ==
    /\ Cardinality(prepares) < MaxBallots
    /\ \E r \in 1..Rounds, from \in S :
          LET b == Ballot(r, p, start[p]) IN
          /\ b > cur[p]
          /\ from = 1 \/ (IsDecided(from - 1) /\ \A t \in 1..(from - 1) : IsDecided(t))
          /\ prepares' = prepares \cup {[b |-> b, from |-> from]}
          /\ cur' = [cur EXCEPT ![p] = b]
    /\ next' = [next EXCEPT ![p] = 0]
    /\ UNCHANGED <<start, voting, promises, accepts, accepteds>>

(* The promises that count for ballot b. *)
PromisesFor(b) ==
    {m \in promises : /\ m.b = b \/ Mutant = "rule2-promise-of-other-ballot"
                      /\ CountsAsMember(m)}

(***************************************************************************)
(* Phase 1 ends with a quorum of complete Promises.  The candidate         *)
(* proposes nothing at or below floor, which is compacted somewhere or was *)
(* known decided before; it fetches that.  Above it, it re-proposes at its *)
(* own ballot what it found, from the highest ballot in each slot (P2c),   *)
(* and fills the gaps below the last found with no-ops (rule 5).  Only     *)
(* then does it take new commands.                                         *)
(***************************************************************************)
Lead(p) ==
    /\ cur[p] # 0
    /\ next[p] = 0
    /\ \E Q \in SUBSET PromisesFor(cur[p]), pr \in prepares :
          LET b        == cur[p]
              Floor    == IF Mutant = "rule3-compaction-point-ignored"
                            THEN pr.from - 1
                            ELSE Max({pr.from - 1} \cup {m.trim : m \in Q})
              Carries(m, s) == m.acc[s].b # 0
                               /\ ~(Mutant = "rule3-incomplete-promise-counts" /\ s = Slots)
              At(s)    == {m.acc[s] : m \in {m \in Q : Carries(m, s)}}
              Found    == {s \in S : s > Floor /\ At(s) # {}}
              Last     == IF Found = {} THEN Floor ELSE Max(Found)
              Pick(s)  == IF Mutant = "rule5-any-found-proposal"
                            THEN CHOOSE x \in At(s) : \A y \in At(s) : x.b <= y.b
                            ELSE CHOOSE x \in At(s) : \A y \in At(s) : y.b <= x.b
              Value(s) == IF s \in Found /\ Mutant # "rule5-no-op-over-found" THEN Pick(s).v ELSE NoOp
              Again    == CASE Mutant = "rule5-found-not-proposed-again" -> {}
                            [] Mutant = "rule5-gap-left-open" -> Found
                            [] OTHER -> (Floor + 1)..Last
          IN
          /\ pr.b = b
          /\ Cardinality({m.a : m \in Q}) = Cardinality(Q)
          /\ EnoughVotes({m.a : m \in Q})
          /\ accepts' = accepts \cup {[b |-> b, s |-> s, v |-> Value(s)] : s \in Again}
          /\ next' = [next EXCEPT ![p] = IF Mutant \in {"rule5-commands-first", "rule5-found-not-proposed-again"}
                                           THEN Floor + 1 ELSE Last + 1]
    /\ UNCHANGED <<start, cur, voting, prepares, promises, accepteds>>

(* A new command goes into the next free slot; many slots may be in flight. *)
Propose(p) ==
    /\ next[p] \in S
    /\ accepts' = accepts \cup {[b |-> cur[p], s |-> next[p], v |-> Command(p)]}
    /\ next' = [next EXCEPT ![p] = @ + 1]
    /\ UNCHANGED <<start, cur, voting, prepares, promises, accepteds>>

(* Rule 1 denied: a leader raises its ballot and goes on. *)
RaiseBallot(p) ==
    /\ Mutant = "rule1-ballot-raised-without-phase-1"
    /\ next[p] # 0
    /\ \E r \in 1..Rounds :
          /\ Ballot(r, p, start[p]) > cur[p]
          /\ cur' = [cur EXCEPT ![p] = Ballot(r, p, start[p])]
    /\ UNCHANGED <<start, next, voting, prepares, promises, accepts, accepteds>>

(* The node starts again.  All a proposer knows is volatile, even which ballots it has used. *)
RECURSIVE Sum(_)
Sum(n) == IF n = 0 THEN 0 ELSE start[n] + Sum(n - 1)
RestartProposer(p) ==
    /\ Sum(Proposers) < MaxRestarts
    /\ cur[p] # 0
    /\ start' = [start EXCEPT ![p] = @ + 1]
    /\ cur' = [cur EXCEPT ![p] = 0]
    /\ next' = [next EXCEPT ![p] = 0]
    /\ UNCHANGED <<voting, prepares, promises, accepts, accepteds>>

-----------------------------------------------------------------------------
(* Acceptors *)

(***************************************************************************)
(* A vote is a write and the message that waits for it.  Later decisions   *)
(* build on writes that are still pending, which is why a write that       *)
(* reaches the disk holds the whole new state.  Messages leave in order of *)
(* the writes.  With MaxPending = 0 the write is durable at once.          *)
(***************************************************************************)
Send(pm, am) ==
    /\ promises' = promises \cup pm
    /\ accepteds' = accepteds \cup am

Vote(a, newPromise, newAcc, pm, am) ==
    LET new == [promise |-> newPromise, acc |-> newAcc] IN
    /\ promise' = [promise EXCEPT ![a] = newPromise]
    /\ acc' = [acc EXCEPT ![a] = newAcc]
    /\ IF MaxPending = 0
         THEN /\ disk' = [disk EXCEPT ![a] = new]
              /\ Send(pm, am)
              /\ UNCHANGED pending
         ELSE /\ Len(pending[a]) < MaxPending
              /\ pending' = [pending EXCEPT ![a] = Append(@, [state |-> new, pm |-> pm, am |-> am])]
              /\ IF Mutant = "storage-vote-before-durable"
                   THEN Send(pm, am)
                   ELSE UNCHANGED <<promises, accepteds>>
              /\ UNCHANGED disk
    /\ UNCHANGED <<proposing, inc, trim, prepares, accepts>>

(* What an acceptor consults before it votes: its memory, which is ahead of its disk. *)
Known(a) == IF Mutant = "storage-guard-reads-disk"
              THEN disk[a]
              ELSE [promise |-> promise[a], acc |-> acc[a]]

(* One promise covers all slots.  It carries every accepted proposal from the asked slot on,   *)
(* and the compaction point (rule 3).                                                          *)
PromiseTo(a) ==
    \E m \in prepares :
        LET k == Known(a)
            Told(s) == CASE s < m.from -> Nothing
                         [] Mutant = "rule3-decided-left-out" /\ IsDecided(s) -> Nothing
                         [] OTHER -> k.acc[s]
        IN
        /\ m.b > k.promise
        /\ Vote(a, m.b, k.acc,
                {[a |-> a, i |-> inc[a], b |-> m.b, acc |-> [s \in S |-> Told(s)], trim |-> trim[a]]}, {})

(* Accept raises the promise too (rule 2).  At an equal ballot nothing is accepted twice: the  *)
(* same value would change nothing, and another is refused (rule 1).                           *)
Accept(a) ==
    \E m \in accepts :
        LET k == Known(a) IN
        /\ m.b >= k.promise
        /\ m.s > trim[a]
        /\ m.b # k.acc[m.s].b
        /\ Vote(a, IF Mutant = "rule2-accept-keeps-promise" THEN k.promise ELSE m.b,
                [k.acc EXCEPT ![m.s] = [b |-> m.b, v |-> m.v]],
                {}, {[a |-> a, i |-> inc[a], b |-> m.b, s |-> m.s]})

Flush(a) ==
    /\ pending[a] # <<>>
    /\ LET w == Head(pending[a]) IN
          /\ disk' = [disk EXCEPT ![a] = w.state]
          /\ Send(w.pm, w.am)
    /\ pending' = [pending EXCEPT ![a] = Tail(@)]
    /\ UNCHANGED <<proposing, inc, promise, acc, trim, prepares, accepts>>

(* Crash and restart with the storage kept: what is not on the disk is gone, with its messages. *)
RestartAcceptor(a) ==
    /\ pending[a] # <<>>
    /\ promise' = [promise EXCEPT ![a] = disk[a].promise]
    /\ acc' = [acc EXCEPT ![a] = disk[a].acc]
    /\ pending' = [pending EXCEPT ![a] = <<>>]
    /\ UNCHANGED <<proposing, inc, trim, disk, prepares, promises, accepts, accepteds>>

(* Crash and restart with the storage lost: another incarnation, which remembers nothing and is *)
(* still asked and still answers.                                                               *)
Empty(a) ==
    /\ promise' = [promise EXCEPT ![a] = 0]
    /\ acc' = [acc EXCEPT ![a] = [s \in S |-> Nothing]]
    /\ disk' = [disk EXCEPT ![a] = [promise |-> 0, acc |-> [s \in S |-> Nothing]]]
    /\ pending' = [pending EXCEPT ![a] = <<>>]
    /\ trim' = [trim EXCEPT ![a] = 0]
    /\ UNCHANGED <<proposing, prepares, promises, accepts, accepteds>>

LoseStore(a) ==
    /\ inc[a] = 0
    /\ Cardinality({x \in Acceptor : inc[x] > 0}) < MaxLost
    /\ promise[a] > 0
    /\ inc' = [inc EXCEPT ![a] = 1]
    /\ Empty(a)

(* Compaction forgets the accepted proposals of decided slots. *)
Trim(a) ==
    /\ trim[a] < MaxTrim
    /\ IsDecided(trim[a] + 1)
    /\ LET t == trim[a] + 1
           shorter == [acc[a] EXCEPT ![t] = Nothing] IN
          /\ trim' = [trim EXCEPT ![a] = t]
          /\ acc' = [acc EXCEPT ![a] = shorter]
          /\ disk' = [disk EXCEPT ![a].acc = shorter]
    /\ UNCHANGED <<proposing, inc, promise, pending, prepares, promises, accepts, accepteds>>

-----------------------------------------------------------------------------
Next ==
    \/ \E p \in P : Prepare(p) \/ Lead(p) \/ Propose(p) \/ RaiseBallot(p) \/ RestartProposer(p)
    \/ \E a \in Acceptor : PromiseTo(a) \/ Accept(a) \/ Flush(a) \/ RestartAcceptor(a)
                           \/ LoseStore(a) \/ Trim(a)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* One value per slot, whoever looks: the observer of all votes, a leader that counted, or a *)
(* follower that was told.                                                                   *)
Agreement ==
    \A s \in S : Cardinality(Chosen(s) \cup Decided(s) \cup UNION {Concluded(a, s) : a \in Acceptor}) <= 1

(* Whatever is decided is chosen, and chosen is nothing that nobody proposed. *)
DecidedIsChosen == \A s \in S : Decided(s) \subseteq Chosen(s)
Validity == \A s \in S : Chosen(s) \subseteq {NoOp} \cup {10 * p + n : p \in P, n \in 0..MaxRestarts}

(* A ballot proposes one value in a slot. *)
OneValuePerBallot == \A m \in accepts, n \in accepts : m.b = n.b /\ m.s = n.s => m.v = n.v

(* Rule 5: below a proposal its ballot has left no slot that was open to it. *)
NoGap ==
    \A m \in accepts : \A s \in 1..(m.s - 1) :
        (\E n \in accepts : n.b = m.b /\ n.s = s) \/ IsDecided(s)

(* A vote on the wire is on the disk of the store that gave it, or of one that is lost.  Votes *)
(* are compared with what was promised there, since later ballots write over earlier ones.     *)
VotesAreDurable ==
    \A a \in Acceptor :
        /\ \A m \in promises : m.a = a /\ m.i = inc[a] => m.b <= disk[a].promise
        /\ \A m \in accepteds : m.a = a /\ m.i = inc[a] => m.b <= disk[a].promise

(* A promise on the disk goes back only when the disk is lost. *)
PromisesGrow == [][\A a \in Acceptor : disk'[a].promise >= disk[a].promise \/ inc'[a] # inc[a]]_vars

(* Not invariants but witnesses: TLC must find a state that denies each. *)
NoGapFilled == ~ \E m \in accepts : m.v = NoOp /\ IsDecided(m.s)
NoSecondBallot == ~ \E m \in accepts, n \in accepts :
    m.s = 2 /\ n.s = 1 /\ m.b # n.b /\ {m.v} = Decided(2) /\ m.v # n.v /\ {n.v} = Decided(1)
NothingFoundAgain == ~ \E m \in accepts, n \in accepts : m.s = n.s /\ m.b < n.b /\ m.v = n.v /\ m.v # NoOp
=============================================================================
