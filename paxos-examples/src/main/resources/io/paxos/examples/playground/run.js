// A run as the server plays it: a seed and what is done to it. Parts of it are fetched when they are needed and kept; what
// is done at some moment drops the parts from there on. Nothing here knows Paxos.

/** So many microseconds are fetched at once. */
const PART = 200_000;

/** What is lost is shown for so long. */
export const LOST_FOR = 14_000;

export class Run {
  constructor(seed, steps, most, mostSteps) {
    this.seed = seed;
    this.steps = steps;
    this.most = most;
    this.mostSteps = mostSteps;
    this.parts = new Map();
    this.pending = new Map();
    this.age = 0;
  }

  /** The part of a moment, if it is here. */
  part(t) {
    return this.parts.get(Math.floor(t / PART));
  }

  /** Fetches the part of a moment, unless it is here or on its way. */
  async fetch(t) {
    const number = Math.floor(t / PART);
    if (t >= this.most || this.parts.has(number)) return this.parts.get(number);
    if (!this.pending.has(number)) this.pending.set(number, this.#ask(number, this.age));
    return this.pending.get(number);
  }

  async #ask(number, age) {
    try {
      const from = number * PART;
      const to = Math.min(from + PART, this.most);
      const steps = this.steps.filter(([at]) => at < to);
      const answer = await fetch("api/run", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ seed: this.seed, from, to, steps }),
      });
      if (!answer.ok) throw new Error((await answer.text()).trim());
      const part = await answer.json();
      if (age === this.age) this.parts.set(number, part);
      return part;
    } finally {
      if (age === this.age) this.pending.delete(number);
    }
  }

  /** Something is done at a moment; whatever had been done behind it is not done any more. Fails if that is too much. */
  act(t, actions) {
    const before = this.steps.filter(([at]) => at <= t);
    if (before.length + actions.length > this.mostSteps) {
      throw new Error(`At most ${this.mostSteps} things are done in a run. Begin another one.`);
    }
    this.steps = [...before, ...actions.map((action) => [t, action])];
    this.age++;
    this.pending.clear();
    for (const number of this.parts.keys()) {
      if (number >= Math.floor(t / PART)) this.parts.delete(number);
    }
  }

  /** How everything stands at a moment whose part is here. */
  at(t) {
    const part = this.part(t);
    if (!part) return null;
    const view = { ...part.start, nodes: { ...part.start.nodes } };
    for (const change of part.changes) {
      if (change.at > t) break;
      for (const key of ["chosen", "decrees", "links", "lights", "violation"]) {
        if (key in change) view[key] = change[key];
      }
      Object.assign(view.nodes, change.nodes);
    }
    view.letters = [...part.start.underWay, ...part.letters].filter(
      (letter) => letter.sent <= t && t < (letter.lost ? letter.sent + LOST_FOR : letter.arrives));
    return view;
  }

  /** What had happened up to a moment, the latest first, as far as it is here. */
  newsUpTo(t, most, wanted) {
    const news = [];
    for (let number = Math.floor(t / PART); number >= 0 && news.length < most; number--) {
      const part = this.parts.get(number);
      if (!part) break;
      for (let i = part.news.length - 1; i >= 0 && news.length < most; i--) {
        if (part.news[i].at <= t && wanted(part.news[i])) news.push(part.news[i]);
      }
    }
    return news;
  }

  /** The next moment, or the one before, at which a message leaves or something happens. */
  async neighbour(t, forward) {
    let number = Math.floor(Math.min(t, this.most - 1) / PART); // the end of a run belongs to its last part
    for (let tries = 0; tries < 10 && number >= 0 && number * PART < this.most; tries++) {
      const part = await this.fetch(number * PART);
      const times = [...part.news.map((n) => n.at), ...part.letters.filter(isTelling).map((l) => l.sent)]
        .filter((time) => (forward ? time > t : time < t));
      if (times.length > 0) return forward ? Math.min(...times) : Math.max(...times);
      number += forward ? 1 : -1;
    }
    return forward ? Math.min(this.most, number * PART) : Math.max(0, (number + 1) * PART);
  }
}

/** Whether a message does more than keep things going. */
export function isTelling(letter) {
  return !/^(Heartbeat|Hello|Pulse|Answer$)/.test(letter.kind);
}
