----------------------------- MODULE Membership -----------------------------
(***************************************************************************)
(* Changes of membership in the log, and reads without it: rules 10 and    *)
(* 13, and of rule 9 that a snapshot carries the configurations.  Written  *)
(* before the code.                                                        *)
(*                                                                         *)
(* A change that is decided in slot c governs from slot c + Alpha on.  So  *)
(* who votes in a slot is known to whoever knows every decision up to      *)
(* Alpha slots below it, and to nobody else; many slots may be in flight   *)
(* all the same.                                                           *)
(*                                                                         *)
(* What Log.tla says of ballots, disks, crashes and gaps is not said       *)
(* again.  A node is acceptor, learner and, at the ballots it owns,        *)
(* leader; what a leader has done is read off the messages.  All of it is  *)
(* durable.  What a node learns it executes at once.                       *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences

CONSTANTS Nodes,        \* how many nodes there are, members or not
          Initial,      \* the members of the first configuration
          Target1, Target2,  \* what changes may change it to
          Alpha,
          Slots,        \* bound of the model
          Ballots,      \* bound of the model
          Installs,     \* bound of the model: how many snapshots are installed
          Reads,        \* bound of the model: how many reads there are, all at node 1
          Mutant        \* "none", or the rule that is taken away

VARIABLES
    promised,   \* node -> highest ballot promised
    acc,        \* node -> slot -> [b: ballot, v: value], b = 0 for none
    log,        \* node -> what it knows decided, from slot 1 on without a gap
    base,       \* node -> up to which slot it knows that from a snapshot
    prepares, promises, accepts, accepteds,    \* the messages
    read        \* the read under way at the reader, or the last one
voting == <<promised, acc>>
messages == <<prepares, promises, accepts, accepteds>>
vars == <<voting, log, base, messages, read>>

N == 1..Nodes
S == 1..Slots
B == 1..Ballots
Owner(b) == ((b - 1) % Nodes) + 1
Reader == 1
Max(X) == CHOOSE x \in X : \A y \in X : y <= x
IsQuorum(Q, C) == 2 * Cardinality(Q \cap C) > Cardinality(C)

(* Values are numbers, for TLC's sake: b is a command of ballot b, and 100 t + 10 n + b a change of     *)
(* ballot b to target t.  It names the version n that it amends, the latest that its proposer knew.     *)
Command(b) == b
Change(b, t, version) == 100 * t + 10 * version + b
IsChange(v) == v >= 100
MembersOf(v) == IF v \div 100 = 1 THEN Target1 ELSE Target2
Amends(v) == (v % 100) \div 10
Nothing == [b |-> 0, v |-> 0]

(***************************************************************************)
(* The configuration after the first k entries of what is decided.  A      *)
(* change that does not name the latest version is refused: it changes     *)
(* nothing, anywhere.  A snapshot at slot s carries all configurations     *)
(* that were decided up to s.                                              *)
(***************************************************************************)
RECURSIVE After(_, _, _)
After(l, k, from) ==
    IF k <= from
      THEN [version |-> 0, members |-> Initial]
      ELSE LET last == After(l, k - 1, from) IN
           IF IsChange(l[k]) /\ (Amends(l[k]) = last.version \/ Mutant = "rule10-version-ignored")
             THEN [version |-> last.version + 1, members |-> MembersOf(l[k])]
             ELSE last
Known(n, k) == After(log[n], k, IF Mutant = "rule9-snapshot-without-configurations" THEN base[n] ELSE 0)
Least(x, y) == IF x < y THEN x ELSE y

(* Who governs slot s, as far as node n knows.  It knows enough if it knows every decision up to s - Alpha. *)
Governs(n, s) ==
    Known(n, Least(Len(log[n]), IF Mutant = "rule10-governs-at-once" THEN s - 1 ELSE s - Alpha)).members
KnowsWhoGoverns(n, s) == s - Alpha <= Len(log[n]) \/ Mutant = "rule10-beyond-window"

Idle == [state |-> "idle", count |-> 0, floor |-> 0, from |-> 0, asked |-> {}, got |-> {}, max |-> 0, result |-> 0]

Init ==
    /\ promised = [n \in N |-> 0]
    /\ acc = [n \in N |-> [s \in S |-> Nothing]]
    /\ log = [n \in N |-> <<>>]
    /\ base = [n \in N |-> 0]
    /\ prepares = {}
    /\ promises = {}
    /\ accepts = {}
    /\ accepteds = {}
    /\ read = Idle

-----------------------------------------------------------------------------
Prepare(b) ==
    /\ b \notin prepares
    /\ prepares' = prepares \cup {b}
    /\ UNCHANGED <<voting, log, base, promises, accepts, accepteds, read>>

(* Anyone answers, member or not, for the candidate may know a newer configuration; it filters (rule 2). *)
Promise(a, b) ==
    /\ b \in prepares
    /\ b > promised[a]
    /\ promised' = [promised EXCEPT ![a] = b]
    /\ promises' = promises \cup {[a |-> a, b |-> b, acc |-> acc[a]]}
    /\ UNCHANGED <<acc, log, base, prepares, accepts, accepteds, read>>

(***************************************************************************)
(* The leader of b proposes in slot s: it knows who governs s, holds       *)
(* promises of a quorum of these, and has left no slot open below.  What   *)
(* they report binds it; otherwise it proposes a command or a change.      *)
(***************************************************************************)
Propose(b, s) ==
    LET n == Owner(b)
        C == Governs(n, IF Mutant = "rule10-no-phase-1-in-new" THEN 1 ELSE s)
        Promised == {m \in promises : m.b = b /\ m.a \in C}
        Free == {Command(b)} \cup {Change(b, t, Known(n, Len(log[n])).version) : t \in IF Target1 = Target2 THEN {1} ELSE {1, 2}}
    IN
    /\ s > Len(log[n])
    /\ KnowsWhoGoverns(n, s)
    /\ \A t \in (Len(log[n]) + 1)..(s - 1) : \E m \in accepts : m.b = b /\ m.s = t
    /\ \A m \in accepts : m.b # b \/ m.s # s
    /\ \E Q \in SUBSET Promised :
          LET reported == {m.acc[s] : m \in Q} \ {Nothing} IN
          /\ IsQuorum({m.a : m \in Q}, C)
          /\ \E v \in IF reported = {} THEN Free ELSE {(CHOOSE x \in reported : \A y \in reported : y.b <= x.b).v} :
                accepts' = accepts \cup {[b |-> b, s |-> s, v |-> v]}
    /\ UNCHANGED <<voting, log, base, prepares, promises, accepteds, read>>

Accept(a, m) ==
    /\ m.b >= promised[a]
    /\ acc[a][m.s].b # m.b
    /\ promised' = [promised EXCEPT ![a] = m.b]
    /\ acc' = [acc EXCEPT ![a][m.s] = [b |-> m.b, v |-> m.v]]
    /\ accepteds' = accepteds \cup {[a |-> a, b |-> m.b, s |-> m.s]}
    /\ UNCHANGED <<log, base, prepares, promises, accepts, read>>

(* Node n, or whoever tells it, counts a quorum of those who govern the next slot. *)
Learn(n) ==
    LET s == Len(log[n]) + 1
        C == Governs(n, s)
    IN
    /\ s \in S
    /\ \E m \in accepts :
          /\ m.s = s
          /\ LET by == {x.a : x \in {x \in accepteds : x.b = m.b /\ x.s = s}} IN
             IF Mutant = "rule10-anyone-counted"
               THEN 2 * Cardinality(by) > Cardinality(C)
               ELSE IsQuorum(by, C)
          /\ log' = [log EXCEPT ![n] = Append(@, m.v)]
    /\ UNCHANGED <<voting, base, messages, read>>

(* Newcomers, and whoever is far behind, take what a peer has executed from its snapshot (rule 9). *)
RECURSIVE Sum(_)
Sum(n) == IF n = 0 THEN 0 ELSE (IF base[n] > 0 THEN 1 ELSE 0) + Sum(n - 1)
Install(n, peer) ==
    /\ base[n] = 0
    /\ Sum(Nodes) < Installs
    /\ Len(log[peer]) > Len(log[n])
    /\ log' = [log EXCEPT ![n] = log[peer]]
    /\ base' = [base EXCEPT ![n] = Len(log[peer])]
    /\ UNCHANGED <<voting, messages, read>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* A quorum read (rule 13).  Whatever any node had executed when it began, *)
(* and so may have been acknowledged to somebody, is its floor: what it    *)
(* answers must not be older.                                              *)
(***************************************************************************)
Executed == Max({Len(log[n]) : n \in N})
Configurations(from) == {Governs(Reader, s) : s \in (from + 1)..(from + Alpha)}
Round == [state |-> "asking", from |-> Len(log[Reader]), asked |-> Configurations(Len(log[Reader])), got |-> {}, max |-> 0]
NewRound(r) == [r EXCEPT !.state = "asking", !.from = Round.from, !.asked = Round.asked, !.got = {}, !.max = 0]

BeginRead ==
    /\ read.state \in {"idle", "done"}
    /\ read.count < Reads
    /\ read' = [NewRound(read) EXCEPT !.count = @ + 1, !.floor = Executed]
    /\ UNCHANGED <<voting, log, base, messages>>

(* Denied: that a read joins only a round that starts after it. *)
JoinRound ==
    /\ Mutant = "rule13-earlier-round-joined"
    /\ read.state = "asking"
    /\ read' = [read EXCEPT !.floor = Executed]
    /\ UNCHANGED <<voting, log, base, messages>>

(* Anyone who is asked tells the highest slot it knows of: accepted or decided. *)
Answer(a) ==
    /\ read.state = "asking"
    /\ a \notin read.got
    /\ LET accepted == IF Mutant = "rule13-accepted-left-out" THEN {} ELSE {s \in S : acc[a][s].b # 0} IN
       read' = [read EXCEPT !.got = @ \cup {a}, !.max = Max({@, Len(log[a])} \cup accepted)]
    /\ UNCHANGED <<voting, log, base, messages>>

Heard == \A C \in read.asked : IsQuorum(read.got, C) \/ (Mutant = "rule13-too-few-asked" /\ read.got # {})
MayAnswer == Len(log[Reader]) >= read.max \/ Mutant = "rule13-not-waited"
AllAsked == {Governs(Reader, s) : s \in (read.from + 1)..(read.max + Alpha)} \subseteq read.asked

(* All up to the highest slot is executed here.  If a configuration governs a slot near it that was not *)
(* asked, a new round asks it.                                                                          *)
FinishRead ==
    /\ read.state = "asking"
    /\ Heard
    /\ MayAnswer
    /\ read' = IF AllAsked \/ Mutant = "rule13-changes-overlooked"
                 THEN [read EXCEPT !.state = "done", !.result = Len(log[Reader]), !.got = {}, !.asked = {}, !.max = 0]
                 ELSE NewRound(read)
    /\ UNCHANGED <<voting, log, base, messages>>

-----------------------------------------------------------------------------
Next ==
    \/ \E b \in B : Prepare(b) \/ \E s \in S : Propose(b, s)
    \/ \E a \in N : (\E b \in B : Promise(a, b)) \/ (\E m \in accepts : Accept(a, m))
    \/ \E n \in N : Learn(n) \/ \E peer \in N : Install(n, peer)
    \/ Reads > 0 /\ (BeginRead \/ JoinRound \/ FinishRead \/ \E a \in N : Answer(a))
Spec == Init /\ [][Next]_vars

(* Prepares are sent at once, which leaves out nothing, since messages may be delayed for ever. *)
PreparesFirst == promises = {} \/ prepares = B

-----------------------------------------------------------------------------
(* What two nodes know decided does not differ. *)
Agreement ==
    \A n \in N, m \in N : \A s \in 1..Least(Len(log[n]), Len(log[m])) : log[n][s] = log[m][s]

(* A change takes effect only on the version that its proposer knew. *)
ChangesAmendWhatTheySaw ==
    \A n \in N : \A s \in 1..Len(log[n]) :
        After(log[n], s, 0).version > After(log[n], s - 1, 0).version
            => Amends(log[n][s]) = After(log[n], s - 1, 0).version

(* A read sees all that was acknowledged before it began: with the total order of the log, that is *)
(* what makes reads linearizable.                                                                  *)
ReadsSeeWhatWasAcknowledged == read.state = "done" => read.result >= read.floor

(* Witnesses, which TLC must refute: the new members decide; a read asks twice. *)
NewMembersNeverDecide == ~ \E n \in N : \E s \in 1..Len(log[n]) :
    ~ \E m \in accepteds : m.s = s /\ m.a \in Initial
NeverAsksAgain == ~ (read.state = "asking" /\ read.floor > 0 /\ Initial \notin read.asked)
=============================================================================
