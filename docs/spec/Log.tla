-------------------------------- MODULE Log --------------------------------
(***************************************************************************)
(* Multi-Paxos over slots, rules 1 to 6, 8 and 9.                          *)
(*                                                                         *)
(* The vector of incarnations is given: Formation.tla shows that at most   *)
(* one vector ever has a quorum that votes in it.  The two compose because *)
(* formation reads no variable of the log, and the log asks of formation   *)
(* only whether a voter belongs to the vector, which is settled before its *)
(* first vote and never changes for that store.  Here member a of the      *)
(* vector is acceptor a with incarnation 0; a higher incarnation is a      *)
(* store that was created after the group had formed, a stranger.          *)
(*                                                                         *)
(* A node is an acceptor (with its learner) and a proposer that share no   *)
(* variable and talk by messages, as in the library, where a node's own    *)
(* vote goes to itself as an ordinary message.  They are two processes     *)
(* here, so that acceptors can be interchangeable for TLC.  A crash of a   *)
(* node is a crash of one followed by a crash of the other.                *)
(*                                                                         *)
(* Messages are four growing sets, so every one may be lost, repeated,     *)
(* delayed for ever and reordered.  What a process concludes from votes    *)
(* that have arrived is a function of these sets; the knowledge that a     *)
(* slot is decided is therefore derived.  Only the mark of it that is      *)
(* durable has a variable, because promises report it.                     *)
(*                                                                         *)
(* Actions have parameters, and no bounds but those of the protocol.  Next *)
(* bounds them for TLC; LogTrace.tla takes the parameters from what a run  *)
(* of the library did.                                                     *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences, TLC

CONSTANTS Acceptor,     \* the members of the formed vector
          Size1, Size2, \* how many of them are a quorum of phase 1, of phase 2
          Proposers,    \* how many nodes propose
          Slots,        \* how many slots
          Rounds,       \* bound of the model: rounds of ballots
          MaxBallots,   \* bound of the model: ballots begun in all
          MaxRestarts,  \* bound of the model: restarts of proposers in all
          MaxLost,      \* bound of the model: how many stores may be lost, a minority
          MaxLearn,     \* bound of the model: up to which slot acceptors note that slots are decided
          MaxTrim,      \* bound of the model: up to which slot acceptors take snapshots and forget
          MaxPending,   \* 0: a vote is durable at once; else votes wait in a queue this long
          PartSlots,    \* of how many slots one part of a promise speaks; 0: of all
          Mutant        \* "none", or the rule that is taken away

VARIABLES
    start,      \* proposer -> which start of the node this is; the nonce in every ballot
    cur,        \* proposer -> its ballot, 0 for none                       (volatile)
    next,       \* proposer -> the next free slot once it leads, else 0     (volatile)
    inc,        \* acceptor -> incarnation of its store
    promise,    \* acceptor -> highest ballot promised, for all slots alike
    acc,        \* acceptor -> slot -> [b: ballot, v: value]; b = 0 for none, and for what was learned
    decided,    \* acceptor -> up to which slot it has noted that slots are decided
    snap,       \* acceptor -> up to which slot its durable snapshot reaches
    trim,       \* acceptor -> slot up to which it has forgotten
    disk,       \* acceptor -> what is durable of <<promise, acc>>; not used if MaxPending = 0
    pending,    \* acceptor -> writes on their way to the disk, oldest first
    prepares, promises, accepts, accepteds     \* the messages
proposing == <<start, cur, next>>
learning  == <<decided, snap, trim>>
voting    == <<inc, promise, acc, disk, pending>>
vars      == <<proposing, voting, learning, prepares, promises, accepts, accepteds>>

P == 1..Proposers
S == 1..Slots
Symmetry == Permutations(Acceptor)
IsQuorum1(Q) == Cardinality(Q) >= Size1
IsQuorum2(Q) == Cardinality(Q) >= Size2
Max(X) == CHOOSE x \in X : \A y \in X : y <= x
NoOp == 0
Nothing == [b |-> 0, v |-> NoOp]
Empty == [s \in S |-> Nothing]

(* Ballots are ordered by round, then node, then start.  Rule 1: the start is part of them. *)
Tag(r, p, s) == 10000 * r + 100 * p + s
Ballot(r, p) == Tag(r, p, IF Mutant = "rule1-no-start-nonce" THEN 0 ELSE start[p])

(* A command is known by who first proposed it, so that any two that could differ do differ. *)
Command(p) == 10 * p + start[p]

Init ==
    /\ start = [p \in P |-> 0]
    /\ cur = [p \in P |-> 0]
    /\ next = [p \in P |-> 0]
    /\ inc = [a \in Acceptor |-> 0]
    /\ promise = [a \in Acceptor |-> 0]
    /\ acc = [a \in Acceptor |-> Empty]
    /\ decided = [a \in Acceptor |-> 0]
    /\ snap = [a \in Acceptor |-> 0]
    /\ trim = [a \in Acceptor |-> 0]
    /\ disk = [a \in Acceptor |-> [promise |-> 0, acc |-> Empty]]
    /\ pending = [a \in Acceptor |-> <<>>]
    /\ prepares = {}
    /\ promises = {}
    /\ accepts = {}
    /\ accepteds = {}

-----------------------------------------------------------------------------
(* Counting votes (rules 2 and 6): once per acceptor, members only, exactly this ballot. *)

CountsAsMember(m) == m.i = 0 \/ Mutant = "rule6-stranger-counted"
AnyVote(Q) == Mutant = "rule2-duplicate-counted" /\ Q # {}
Enough1(Q) == IsQuorum1(Q) \/ AnyVote(Q)
Enough2(Q) == IsQuorum2(Q) \/ AnyVote(Q)

AcceptedBy(s, b) ==
    {m.a : m \in {m \in accepteds : /\ m.s = s
                                    /\ m.b = b \/ Mutant = "rule2-accepted-of-other-ballot"
                                    /\ CountsAsMember(m)}}

(* The fact, as only an observer of the whole system sees it. *)
Chosen(s) == {m.v : m \in {x \in accepts :
                 x.s = s /\ IsQuorum2({y.a : y \in {z \in accepteds : z.s = s /\ z.b = x.b /\ z.i = 0}})}}

(* What the leader of some ballot, having counted, may have told the others to be decided. *)
Decided(s) == {m.v : m \in {x \in accepts : x.s = s /\ Enough2(AcceptedBy(s, x.b))}}
IsDecided(s) == \E x \in accepts : x.s = s /\ Enough2(AcceptedBy(s, x.b))
AllDecided(upTo) == \A s \in 1..upTo : IsDecided(s)

(* "Decided up to s by ballot b" may be under way: in each slot up to s the leader of b counted  *)
(* a quorum at b, or proposed nothing because it already knew the slot to be decided.            *)
DecideSent(s, b) ==
    /\ \E m \in accepts : m.s = s /\ m.b = b
    /\ \A t \in 1..s : IF \E m \in accepts : m.s = t /\ m.b = b
                         THEN Enough2(AcceptedBy(t, b))
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
(* after a restart that lost this knowledge, from an earlier one.  The Prepare waits for no   *)
(* write.                                                                                     *)
Prepare(p, r, from) ==
    LET b == Ballot(r, p) IN
    /\ b > cur[p]
    /\ AllDecided(from - 1)
    /\ prepares' = prepares \cup {[b |-> b, from |-> from]}
    /\ cur' = [cur EXCEPT ![p] = b]
    /\ next' = [next EXCEPT ![p] = 0]
    /\ UNCHANGED <<start, voting, learning, promises, accepts, accepteds>>

(* The promises that count for ballot b. *)
PromisesFor(b) ==
    {m \in promises : /\ m.b = b \/ Mutant = "rule2-promise-of-other-ballot"
                      /\ CountsAsMember(m)}

(* Rule 3: the parts of one acceptor's promise speak for every slot that was asked about. *)
IsComplete(parts, from) ==
    \/ \A s \in from..Slots : \E m \in parts : m.from <= s /\ s <= m.to
    \/ Mutant = "rule3-incomplete-promise-counts"

(***************************************************************************)
(* Phase 1 ends with the complete Promises of a quorum.  What else it was  *)
(* told by then, in Promises that go on, it may go by as well: every       *)
(* report of a proposal above a chosen one has the chosen value.  The      *)
(* candidate proposes nothing up to floor, which is decided or forgotten somewhere,  *)
(* or was known decided before; it fetches that, and may by now have       *)
(* learned more.  Above it, it re-proposes at its own ballot what it       *)
(* found, from the highest ballot in each slot (P2c), and fills the gaps   *)
(* below the last found with no-ops (rule 5).  Only then does it take new  *)
(* commands.                                                               *)
(***************************************************************************)
Lead(p, Q, floor) ==
    /\ cur[p] # 0
    /\ next[p] = 0
    /\ Q \subseteq PromisesFor(cur[p])
    /\ \E pr \in {m \in prepares : m.b = cur[p]} :
          LET b        == cur[p]
              Voters   == {a \in {m.a : m \in Q} : IsComplete({m \in Q : m.a = a}, pr.from)}
              Counted  == {m \in Q : m.a \in Voters}
              Least    == Max({pr.from - 1}
                              \cup (IF Mutant = "rule3-compaction-point-ignored" THEN {} ELSE {m.trim : m \in Counted})
                              \cup (IF Mutant \in {"rule3-decided-mark-ignored", "rule3-compaction-point-ignored"} THEN {} ELSE {m.decided : m \in Counted}))
              At(s)    == {m.acc[s] : m \in {m \in Q : m.acc[s].b # 0}}
              Found    == {s \in S : s > floor /\ At(s) # {}}
              Last     == IF Found = {} THEN floor ELSE Max(Found)
              Pick(s)  == IF Mutant = "rule5-any-found-proposal"
                            THEN CHOOSE x \in At(s) : \A y \in At(s) : x.b <= y.b
                            ELSE CHOOSE x \in At(s) : \A y \in At(s) : y.b <= x.b
              Value(s) == IF s \in Found /\ Mutant # "rule5-no-op-over-found" THEN Pick(s).v ELSE NoOp
              Again    == CASE Mutant = "rule5-found-not-proposed-again" -> {}
                            [] Mutant = "rule5-gap-left-open" -> Found
                            [] OTHER -> (floor + 1)..Last
          IN
          /\ Enough1(Voters)
          /\ floor >= Least
          /\ floor > Least => AllDecided(floor)
          /\ accepts' = accepts \cup {[b |-> b, s |-> s, v |-> Value(s)] : s \in Again}
          /\ next' = [next EXCEPT ![p] = IF Mutant \in {"rule5-commands-first", "rule5-found-not-proposed-again"}
                                           THEN floor + 1 ELSE Last + 1]
    /\ UNCHANGED <<start, cur, voting, learning, prepares, promises, accepteds>>

(* A new command goes into the next free slot; many slots may be in flight. *)
Propose(p, v) ==
    /\ next[p] \in S
    /\ accepts' = accepts \cup {[b |-> cur[p], s |-> next[p], v |-> v]}
    /\ next' = [next EXCEPT ![p] = @ + 1]
    /\ UNCHANGED <<start, cur, voting, learning, prepares, promises, accepteds>>

(* Rule 1 denied: a leader raises its ballot and goes on. *)
RaiseBallot(p, r) ==
    /\ Mutant = "rule1-ballot-raised-without-phase-1"
    /\ next[p] # 0
    /\ Ballot(r, p) > cur[p]
    /\ cur' = [cur EXCEPT ![p] = Ballot(r, p)]
    /\ UNCHANGED <<start, next, voting, learning, prepares, promises, accepts, accepteds>>

(* The node starts again.  All a proposer knows is volatile, even which ballots it has used. *)
RestartProposer(p) ==
    /\ cur[p] # 0
    /\ start' = [start EXCEPT ![p] = @ + 1]
    /\ cur' = [cur EXCEPT ![p] = 0]
    /\ next' = [next EXCEPT ![p] = 0]
    /\ UNCHANGED <<voting, learning, prepares, promises, accepts, accepteds>>

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
         THEN /\ Send(pm, am)
              /\ UNCHANGED pending
         ELSE /\ Len(pending[a]) < MaxPending
              /\ pending' = [pending EXCEPT ![a] = Append(@, [state |-> new, pm |-> pm, am |-> am])]
              /\ IF Mutant = "storage-vote-before-durable"
                   THEN Send(pm, am)
                   ELSE UNCHANGED <<promises, accepteds>>
    /\ UNCHANGED <<proposing, learning, inc, disk, prepares, accepts>>

(* What an acceptor consults before it votes: its memory, which is ahead of its disk. *)
Known(a) == IF Mutant = "storage-guard-reads-disk"
              THEN disk[a]
              ELSE [promise |-> promise[a], acc |-> acc[a]]
Durable(a) == IF MaxPending = 0 THEN [promise |-> promise[a], acc |-> acc[a]] ELSE disk[a]

(* One promise covers all slots.  A part of it carries every accepted proposal in its slots,   *)
(* how far slots are known decided, and the compaction point (rule 3).  To promise the same    *)
(* ballot again is harmless, and gives the other parts.                                        *)
PromiseTo(a, b, from, to) ==
    LET k == Known(a)
        Told(s) == CASE s < from \/ s > to -> Nothing
                     [] Mutant = "rule3-decided-left-out" /\ IsDecided(s) -> Nothing
                     [] OTHER -> k.acc[s]
    IN
    /\ \E m \in prepares : m.b = b
    /\ b >= k.promise
    /\ Vote(a, b, k.acc,
            {[a |-> a, i |-> inc[a], b |-> b, from |-> from, to |-> to,
              acc |-> [s \in S |-> Told(s)], trim |-> trim[a], decided |-> decided[a]]}, {})

(* Accept raises the promise too (rule 2).  At an equal ballot nothing is accepted twice: the  *)
(* same value would change nothing, and another is refused (rule 1).  Nothing is accepted over *)
(* another value that was learned, which only a leader superseded long ago can propose.        *)
Accept(a, m) ==
    LET k == Known(a) IN
    /\ m \in accepts
    /\ m.b >= k.promise
    /\ m.s > trim[a]
    /\ m.b # k.acc[m.s].b
    /\ m.s > decided[a] \/ m.v = k.acc[m.s].v \/ Mutant = "rule4-accepted-over-learned"
    /\ Vote(a, IF Mutant = "rule2-accept-keeps-promise" THEN k.promise ELSE m.b,
            [k.acc EXCEPT ![m.s] = [b |-> m.b, v |-> m.v]],
            {}, {[a |-> a, i |-> inc[a], b |-> m.b, s |-> m.s]})

Flush(a) ==
    /\ pending[a] # <<>>
    /\ LET w == Head(pending[a]) IN
          /\ disk' = [disk EXCEPT ![a] = w.state]
          /\ Send(w.pm, w.am)
    /\ pending' = [pending EXCEPT ![a] = Tail(@)]
    /\ UNCHANGED <<proposing, learning, inc, promise, acc, prepares, accepts>>

(* Crash and restart with the storage kept: what is not on the disk is gone, with its messages. *)
RestartAcceptor(a) ==
    /\ pending[a] # <<>>
    /\ promise' = [promise EXCEPT ![a] = disk[a].promise]
    /\ acc' = [acc EXCEPT ![a] = disk[a].acc]
    /\ pending' = [pending EXCEPT ![a] = <<>>]
    /\ UNCHANGED <<proposing, learning, inc, disk, prepares, promises, accepts, accepteds>>

(* Crash and restart with the storage lost: another incarnation, which remembers nothing and may *)
(* be asked and answer; what it says counts for nothing.                                         *)
LoseStore(a) ==
    /\ inc' = [inc EXCEPT ![a] = @ + 1]
    /\ promise' = [promise EXCEPT ![a] = 0]
    /\ acc' = [acc EXCEPT ![a] = Empty]
    /\ disk' = [disk EXCEPT ![a] = [promise |-> 0, acc |-> Empty]]
    /\ pending' = [pending EXCEPT ![a] = <<>>]
    /\ decided' = [decided EXCEPT ![a] = 0]
    /\ snap' = [snap EXCEPT ![a] = 0]
    /\ trim' = [trim EXCEPT ![a] = 0]
    /\ UNCHANGED <<proposing, prepares, promises, accepts, accepteds>>

-----------------------------------------------------------------------------
(* Learners, who share the store with the acceptors.  These writes are durable at once. *)

Written(a) ==
    IF MaxPending = 0
      THEN UNCHANGED disk
      ELSE disk' = [disk EXCEPT ![a] = [promise |-> promise'[a], acc |-> acc'[a]]]

(* The next slot is noted as decided: the proposal held there is what was decided (rule 4). *)
Conclude(a) ==
    LET t == decided[a] + 1 IN
    /\ t \in S
    /\ Concluded(a, t) # {}
    /\ decided' = [decided EXCEPT ![a] = t]
    /\ UNCHANGED <<proposing, voting, snap, trim, prepares, promises, accepts, accepteds>>

(* A peer tells what was decided there.  It is held without a ballot, for it is no vote. *)
CatchUp(a, v) ==
    LET t == decided[a] + 1 IN
    /\ pending[a] = <<>>
    /\ t \in S
    /\ v \in Decided(t)
    /\ decided' = [decided EXCEPT ![a] = t]
    /\ acc' = [acc EXCEPT ![a][t] = [b |-> 0, v |-> v]]
    /\ Written(a)
    /\ UNCHANGED <<proposing, inc, promise, pending, snap, trim, prepares, promises, accepts, accepteds>>

(* A snapshot at slot t is durable, taken here or received whole (rule 9).  It says what executing  *)
(* slots 1 to t gives, so t is all there is to say of it here.  That a node has executed so far it   *)
(* may not have noted durably yet.                                                                   *)
StoreSnapshot(a, t) ==
    /\ AllDecided(t) \/ (Mutant = "rule9-snapshot-of-undecided" /\ acc[a][t].b # 0)
    /\ snap' = [snap EXCEPT ![a] = IF t > @ \/ Mutant = "rule9-older-snapshot-replaces" THEN t ELSE @]
    /\ UNCHANGED <<proposing, voting, decided, trim, prepares, promises, accepts, accepteds>>

(* Slots that a durable snapshot stands for are forgotten; where they were not learned one by one, *)
(* the snapshot is installed thereby.  The promise is not log (rule 8).                            *)
Trim(a, t) ==
    /\ pending[a] = <<>>
    /\ t > trim[a]
    /\ t <= snap[a] \/ (Mutant = "rule9-trim-before-snapshot" /\ t <= decided[a])
    /\ trim' = [trim EXCEPT ![a] = t]
    /\ decided' = [decided EXCEPT ![a] = Max({@, t})]
    /\ acc' = [acc EXCEPT ![a] = [s \in S |-> IF s <= t THEN Nothing ELSE @[s]]]
    /\ promise' = [promise EXCEPT ![a] =
                      IF Mutant = "rule8-install-lowers-promise" /\ t > decided[a] THEN 0 ELSE @]
    /\ Written(a)
    /\ UNCHANGED <<proposing, inc, pending, snap, prepares, promises, accepts, accepteds>>

-----------------------------------------------------------------------------
(* Bounds of the model. *)

RECURSIVE Sum(_)
Sum(n) == IF n = 0 THEN 0 ELSE start[n] + Sum(n - 1)

(* Which parts of a promise there are: one after the other, or a single one.  A promise is given *)
(* again only for its other parts, and only while the candidate has not led.                     *)
NextPart(a) ==
    \E m \in prepares :
        IF PartSlots = 0
          THEN /\ m.b > Known(a).promise
               /\ \/ PromiseTo(a, m.b, m.from, Slots)
                  \/ Mutant = "rule3-incomplete-promise-counts" /\ PromiseTo(a, m.b, m.from, m.from - 1)
          ELSE /\ m.b > Known(a).promise \/ \A x \in accepts : x.b # m.b
               /\ \E from \in m.from..Slots : PromiseTo(a, m.b, from, IF from + PartSlots > Slots THEN Slots ELSE from + PartSlots - 1)

(* Constraints that some configurations add, and say so.  Acceptors accept only at ballots that they have *)
(* promised, which leaves out those that never heard the Prepare; and what a ballot proposes they accept  *)
(* in the order of the slots.  Prepares and commands are sent as soon as they can be, which leaves out    *)
(* nothing, since messages may be delayed for ever.                                                       *)
AcceptedInOrder ==
    \A m \in accepteds : \A s \in 1..(m.s - 1) :
        (\E n \in accepts : n.b = m.b /\ n.s = s) => [m EXCEPT !.s = s] \in accepteds
PromisedFirst == \A m \in accepteds : \E n \in promises : n.a = m.a /\ n.b = m.b
PreparesFirst == promises = {} \/ Cardinality(prepares) = MaxBallots
CommandsFirst == (\E p \in P : next[p] \in S) => accepts' # accepts

BeginToLead(p) ==
    cur[p] # 0 /\ next[p] = 0 /\ \E Q \in SUBSET PromisesFor(cur[p]), floor \in 0..Slots : Lead(p, Q, floor)

ProposerStep(p) ==
    \/ /\ Cardinality(prepares) < MaxBallots
       /\ \E r \in 1..Rounds, from \in S : Prepare(p, r, from)
    \/ BeginToLead(p)
    \/ Propose(p, Command(p))
    \/ \E r \in 1..Rounds : RaiseBallot(p, r)
    \/ Sum(Proposers) < MaxRestarts /\ RestartProposer(p)

LearnerStep(a) ==
    \/ decided[a] < MaxLearn /\ (Conclude(a) \/ \E v \in Decided(decided[a] + 1) : CatchUp(a, v))
    \/ \E t \in 1..MaxTrim : StoreSnapshot(a, t) \/ Trim(a, t)

AcceptorStep(a) ==
    \/ NextPart(a)
    \/ \E m \in accepts : Accept(a, m)
    \/ Flush(a)
    \/ RestartAcceptor(a)
    \/ /\ inc[a] = 0
       /\ promise[a] > 0
       /\ Cardinality({x \in Acceptor : inc[x] > 0}) < MaxLost
       /\ LoseStore(a)
    \/ LearnerStep(a)

Next == (\E p \in P : ProposerStep(p)) \/ (\E a \in Acceptor : AcceptorStep(a))
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
        /\ \A m \in promises : m.a = a /\ m.i = inc[a] => m.b <= Durable(a).promise
        /\ \A m \in accepteds : m.a = a /\ m.i = inc[a] => m.b <= Durable(a).promise

(* A promise on the disk goes back only when the disk is lost. *)
PromisesGrow == [][\A a \in Acceptor : Durable(a)'.promise >= Durable(a).promise \/ inc'[a] # inc[a]]_vars

(* Rule 9: what a snapshot stands for is decided, nothing is forgotten that no durable snapshot     *)
(* stands for, and so whatever is noted as decided is held, or stands in the snapshot.              *)
SnapshotsAreDecided == \A a \in Acceptor : AllDecided(snap[a])
ForgottenIsCovered == \A a \in Acceptor : trim[a] <= snap[a]
DecidedIsHeld ==
    \A a \in Acceptor : \A s \in 1..decided[a] :
        IF s <= trim[a] THEN s <= snap[a] ELSE acc[a][s].v \in Decided(s)

(* Not invariants but witnesses: TLC must find a state that denies each. *)
NoGapFilled == ~ \E m \in accepts : m.v = NoOp /\ IsDecided(m.s)
NoSecondBallot == ~ \E m \in accepts, n \in accepts :
    m.s = 2 /\ n.s = 1 /\ m.b # n.b /\ {m.v} = Decided(2) /\ m.v # n.v /\ {n.v} = Decided(1)
NothingFoundAgain == ~ \E m \in accepts, n \in accepts : m.s = n.s /\ m.b < n.b /\ m.v = n.v /\ m.v # NoOp
NothingInstalled == ~ \E a \in Acceptor : trim[a] > 0 /\ \A m \in accepteds : m.a # a
NothingAboveTheForgotten == ~ \E m \in accepts, n \in promises : m.b = n.b /\ n.trim > 0 /\ m.s > n.trim /\ IsDecided(m.s)

-----------------------------------------------------------------------------
(***************************************************************************)
(* Progress.  Ballots are bounded, so that one of them is the highest for  *)
(* good; if its proposer and a quorum go on, every slot is decided and     *)
(* noted so everywhere.  Acceptors that crash for ever between a write and *)
(* the disk are why Flush needs strong fairness.                           *)
(***************************************************************************)
Fairness ==
    /\ \A p \in P : /\ WF_vars(Cardinality(prepares) = 0 /\ \E r \in 1..Rounds : Prepare(p, r, 1))
                     /\ WF_vars(BeginToLead(p))
                     /\ WF_vars(Propose(p, Command(p)))
    /\ \A a \in Acceptor : /\ WF_vars(NextPart(a))
                            /\ SF_vars(Flush(a))
                            /\ WF_vars(\E m \in accepts : Accept(a, m))
                            /\ WF_vars(decided[a] < MaxLearn /\ (Conclude(a) \/ \E v \in Decided(decided[a] + 1) : CatchUp(a, v)))
FairSpec == Spec /\ Fairness
EverythingIsDecided == <>[](AllDecided(Slots) /\ \A a \in Acceptor : decided[a] = MaxLearn)
=============================================================================
