// The log as a grid: what each store holds in each slot, and how far its node knows it to be decided and has applied it.

const NAMES = ["n1", "n2", "n3", "n4", "n5"];
const MOST_SLOTS = 40;

export class Log {
  constructor(home) {
    this.home = home;
    this.slots = 0;
  }

  show(view) {
    const state = JSON.stringify([view.chosen, view.decrees, NAMES.map((name) => {
      const { log, decided, applied, up } = view.nodes[name];
      return [log, decided, applied, up];
    })]);
    if (state === this.state) return;
    const slots = this.width(view);
    const isNew = slots > this.slots;
    this.state = state;
    this.slots = slots;
    this.home.replaceChildren(...this.#table(view), ...this.#decrees(view));
    if (isNew) this.home.scrollLeft = this.home.scrollWidth;
  }

  width(view) {
    const last = (slots) => (slots.length === 0 ? 0 : slots[slots.length - 1][0]);
    return Math.max(last(view.chosen), ...NAMES.map((name) => last(view.nodes[name].log)));
  }

  #table(view) {
    if (this.slots === 0) return [element("p", { class: "empty" }, "No slot has been used yet. Propose a value.")];
    const first = Math.max(1, this.slots - MOST_SLOTS + 1);
    const numbers = Array.from({ length: this.slots - first + 1 }, (_, i) => first + i);
    const chosen = new Map(view.chosen.map(([slot, value]) => [slot, value]));
    const head = element("tr", {}, element("th", { scope: "col" }, "slot"),
      ...numbers.map((slot) => element("th", { scope: "col" }, String(slot))));
    const winners = element("tr", { class: "chosen" }, element("th", { scope: "row" }, "chosen"),
      ...numbers.map((slot) => element("td", { title: chosen.get(slot) ?? "" }, chosen.get(slot) ?? "")));
    const rows = NAMES.map((name) => this.#row(name, view.nodes[name], numbers, chosen));
    return [element("table", {}, element("thead", {}, head), element("tbody", {}, winners, ...rows))];
  }

  #row(name, node, numbers, chosen) {
    const held = new Map(node.log.map(([slot, value, ballot]) => [slot, { value, ballot }]));
    const cells = numbers.map((slot) => {
      const cell = held.get(slot);
      if (!cell) return element("td", {}, "");
      const state = slot <= node.applied ? "applied" : slot <= node.decided ? "decided" : "accepted";
      const sign = { applied: "✓", decided: "●", accepted: "○" }[state];
      const odd = chosen.has(slot) && chosen.get(slot) !== cell.value ? " odd" : "";
      return element("td", {
        class: state + odd,
        "data-slot": slot,
        title: `${cell.value}, ${state}${cell.ballot ? " at " + cell.ballot : ""}`,
      }, element("b", { "aria-label": state }, sign), cell.value);
    });
    return element("tr", { "data-node": name }, element("th", { scope: "row" }, name + (node.up ? "" : " (down)")), ...cells);
  }

  #decrees(view) {
    if (view.decrees.length === 0) return [];
    const head = element("tr", {}, element("th", { scope: "col" }, "decree"), element("th", { scope: "col" }, "chosen"),
      ...NAMES.map((name) => element("th", { scope: "col" }, name)));
    const rows = view.decrees.map((decree) => element("tr", {},
      element("th", { scope: "row" }, decree.name),
      element("td", decree.chosen ? { class: "applied" } : {}, decree.chosen ?? ""),
      ...NAMES.map((name) => {
        const holding = decree.nodes[name];
        if (!holding) return element("td", {}, "");
        const state = holding.decided ? "decided" : holding.accepted ? "accepted" : "";
        const sign = { decided: "●", accepted: "○" }[state];
        const text = holding.accepted ?? holding.promised;
        return element("td", { class: state || "promised", title: holding.promised ? `promised ${holding.promised}` : "" },
          ...(sign ? [element("b", { "aria-label": state }, sign)] : []), text);
      })));
    return [element("table", { class: "part" }, element("thead", {}, head), element("tbody", {}, ...rows))];
  }
}

export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
