// What stands beside the ring: the chosen node or link with what can be done to it, the lights, and what happened.

import { element } from "./log.js";

const MOST_NEWS = 60;

/** The links of a node, each as its two nodes in order. */
function linksOf(name, names) {
  return names.filter((other) => other !== name).map((other) => [name, other].sort());
}

export const cutNumber = ([a, b]) => (a + b).replaceAll("n", "");
export const cut = (pair) => `cut ${cutNumber(pair)}: ${pair[0]}-${pair[1]}`;
export const heal = (pair) => `cut ${cutNumber(pair)} is healed`;

function linkState(view, [a, b]) {
  const both = view.links.filter((l) => (l.from === a && l.to === b) || (l.from === b && l.to === a));
  return {
    cut: both.some((l) => l.cut),
    slow: Math.max(0, ...both.map((l) => l.slow)),
    loss: Math.max(0, ...both.map((l) => l.loss)),
  };
}

/** What can be done, as lines of a plan. */
export const deeds = {
  kill: (view, name) => [`${name} ${view.nodes[name].up ? "crashes" : "starts"}`],
  wipe: (view, name) => [...(view.nodes[name].up ? [`${name} crashes`] : []), `${name} loses its store`],
  pause: (view, name) => [`${name} stands still for 400 ms`],
  isolate: (view, name) => {
    const pairs = linksOf(name, Object.keys(view.nodes));
    const isAlone = pairs.every((pair) => linkState(view, pair).cut);
    return pairs.filter((pair) => linkState(view, pair).cut === isAlone).map(isAlone ? heal : cut);
  },
  lead: (view, name) => {
    const leader = Object.keys(view.nodes).find((other) => view.nodes[other].role === "LEADER");
    return leader ? [`${leader} is to let ${name} lead within 200 ticks`] : [];
  },
  member: (view, name) => {
    const asked = Object.keys(view.nodes).find((other) => view.nodes[other].role === "LEADER")
      ?? Object.keys(view.nodes).find((other) => view.nodes[other].up);
    const part = view.nodes[name].standing === "VOTER" ? "leave" : "vote";
    return asked ? [`${asked} is asked to let ${name} ${part} within 300 ticks`] : [];
  },
  toggleCut: (view, pair) => [linkState(view, pair).cut ? heal(pair) : cut(pair)],
  delay: (view, [a, b]) => {
    const ms = linkState(view, [a, b]).slow > 0 ? 0 : 40;
    return [`${a}>${b} takes ${ms} ms longer`, `${b}>${a} takes ${ms} ms longer`];
  },
  lose: (view, [a, b]) => {
    const percent = linkState(view, [a, b]).loss > 0 ? 0 : 50;
    return [`${a}>${b} loses ${percent} of 100 messages`, `${b}>${a} loses ${percent} of 100 messages`];
  },
  healAll: (view) => {
    const pairs = new Map(view.links.map((l) => [[l.from, l.to].sort().join(), [l.from, l.to].sort()]));
    return [...pairs.values()].flatMap(([a, b]) => {
      const state = linkState(view, [a, b]);
      return [
        ...(state.cut ? [heal([a, b])] : []),
        ...(state.slow > 0 ? [`${a}>${b} takes 0 ms longer`, `${b}>${a} takes 0 ms longer`] : []),
        ...(state.loss > 0 ? [`${a}>${b} loses 0 of 100 messages`, `${b}>${a} loses 0 of 100 messages`] : []),
      ];
    });
  },
  split: (view) => {
    const names = Object.keys(view.nodes);
    const leader = names.find((name) => view.nodes[name].role === "LEADER") ?? names[0];
    const few = [leader, names[(names.indexOf(leader) + 1) % names.length]];
    return few.flatMap((a) => names.filter((b) => !few.includes(b)).map((b) => [a, b].sort()))
      .filter((pair) => !linkState(view, pair).cut).map(cut);
  },
  loseEverywhere: (view) => {
    const names = Object.keys(view.nodes);
    return names.flatMap((a) => names.filter((b) => b !== a).map((b) => `${a}>${b} loses 33 of 100 messages`));
  },
};

export class Selected {
  constructor(home, act) {
    this.home = home;
    this.act = act;
  }

  show(view, chosen) {
    const state = JSON.stringify([chosen, chosen.node ? view.nodes[chosen.node] : chosen.link ? linkState(view, chosen.link) : 0,
      chosen.node ? view.links.filter((l) => l.cut).map((l) => l.from + l.to) : 0]);
    if (state === this.state) return;
    this.state = state;
    // Whoever is on a button stays on it though it is made anew.
    const focused = this.home.contains(document.activeElement) ? document.activeElement.dataset.deed : null;
    this.home.replaceChildren(...(chosen.node ? this.#node(view, chosen.node) : chosen.link ? this.#link(view, chosen.link) : this.#nothing()));
    if (focused) this.home.querySelector(`[data-deed="${focused}"]`)?.focus();
  }

  #nothing() {
    return [element("h3", {}, "Click a node"),
      element("p", {}, "A click on a node kills it, another one restarts it. A click on a link cuts it, another one heals it."
        + " Everything can be undone: go back in time.")];
  }

  #button(deed, label, subject, danger) {
    const button = element("button", { type: "button", class: danger ? "danger" : "quiet", "data-deed": deed }, label);
    button.addEventListener("click", () => this.act(deed, subject));
    return button;
  }

  #node(view, name) {
    const node = view.nodes[name];
    const alone = linksOf(name, Object.keys(view.nodes)).every((pair) => linkState(view, pair).cut);
    const facts = [["role", node.role.toLowerCase()], ["standing", node.standing.toLowerCase() || "–"],
      ["promised", node.ballot || "–"], ["hears", node.leader ?? "–"], ["decided", node.decided], ["applied", node.applied]];
    return [
      element("h3", {}, name),
      element("dl", {}, ...facts.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, String(value))])),
      ...(node.trouble ? [element("p", {}, shortened(node.trouble))] : []),
      element("div", { class: "row" },
        this.#button("kill", node.up ? "Kill" : "Restart", name, node.up),
        this.#button("wipe", "Wipe disk", name, true),
        this.#button("pause", "Stand still", name, false),
        this.#button("isolate", alone ? "Reconnect" : "Isolate", name, false),
        this.#button("lead", "Let lead", name, false),
        this.#button("member", node.standing === "VOTER" ? "Let leave" : "Let vote", name, false)),
    ];
  }

  #link(view, pair) {
    const state = linkState(view, pair);
    const words = [state.cut ? "cut" : "", state.slow ? `${state.slow / 1000} ms slower` : "", state.loss ? `loses ${state.loss} %` : ""];
    return [
      element("h3", {}, `Link ${pair[0]} – ${pair[1]}`),
      element("p", {}, words.filter(Boolean).join(", ") || "whole"),
      element("div", { class: "row" },
        this.#button("toggleCut", state.cut ? "Heal" : "Cut", pair, !state.cut),
        this.#button("delay", state.slow ? "No delay" : "Delay 40 ms", pair, false),
        this.#button("lose", state.loss ? "Lose none" : "Lose half", pair, false)),
    ];
  }
}

function shortened(text) {
  return text.length > 150 ? text.slice(0, 149) + "…" : text;
}

export class Lights {
  constructor(home, verdict, alarm) {
    this.home = home;
    this.verdict = verdict;
    this.alarm = alarm;
  }

  show(view) {
    const state = JSON.stringify([view.lights, view.violation]);
    if (state === this.state) return;
    this.state = state;
    const holding = view.lights.filter(([, holds]) => holds).length;
    this.home.replaceChildren(...view.lights.map(([property, holds]) => element("li", { class: holds ? "good" : "bad" },
      property, element("span", { class: "hidden" }, holds ? " holds" : " does not hold"))));
    this.verdict.textContent = holding === view.lights.length ? `✓ all ${holding} hold` : `✕ ${view.lights.length - holding} broken`;
    this.verdict.classList.toggle("bad", holding < view.lights.length);
    this.alarm.hidden = !view.violation;
    this.alarm.textContent = view.violation ?? "";
  }
}

export class Events {
  constructor(home, say) {
    this.home = home;
    this.say = say;
    this.all = false;
  }

  show(run, t) {
    const news = run.newsUpTo(t, MOST_NEWS, (each) => this.all || each.kind !== "STORE");
    const key = JSON.stringify([news.length, news[0], this.all]);
    if (key === this.key) return;
    this.key = key;
    this.home.replaceChildren(...news.map((each) => element("li", { class: each.kind },
      element("time", {}, (each.at / 1000).toFixed(1)), element("b", {}, each.node), element("span", {}, each.text))));
    const told = news.find((each) => ["ROLE", "CHOSEN", "DONE", "VIOLATION", "LIFE"].includes(each.kind));
    const words = told ? `${told.node} ${told.text}` : "";
    if (words !== this.said) {
      this.said = words;
      this.say.textContent = words;
    }
  }
}
