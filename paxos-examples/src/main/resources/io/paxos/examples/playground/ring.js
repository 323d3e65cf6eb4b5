// The ring of nodes with their links and messages, as SVG. It shows what it is given.

import { LOST_FOR, isTelling } from "./run.js";

const SVG = "http://www.w3.org/2000/svg";
const CENTER = [360, 300];
const RADIUS = [268, 206];
const SIZE = 66;
const NAMES = ["n1", "n2", "n3", "n4", "n5"];

const ROLES = {
  LEADER: "leader", CANDIDATE: "candidate", FOLLOWER: "follower", OBSERVER: "observer", HALTED: "halted", DOWN: "down",
};

const CLASSES = {
  Prepare: "prepare", Promise: "promise", Accept: "accept", Accepted: "accepted", Nack: "nack", Decide: "decide",
  Heartbeat: "heartbeat", HeartbeatAck: "heartbeat",
};

function make(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const PLACES = Object.fromEntries(NAMES.map((name, i) => {
  const angle = -Math.PI / 2 + (i * 2 * Math.PI) / NAMES.length;
  return [name, [CENTER[0] + RADIUS[0] * Math.cos(angle), CENTER[1] + RADIUS[1] * Math.sin(angle)]];
}));

/** A point between two nodes, at their rims for 0 and 1, beside the line so that both directions have room. */
function between(from, to, share) {
  const [ax, ay] = PLACES[from];
  const [bx, by] = PLACES[to];
  const length = Math.hypot(bx - ax, by - ay);
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  const along = SIZE + share * (length - 2 * SIZE);
  return [ax + ux * along - uy * 9, ay + uy * along + ux * 9];
}

export class Ring {
  constructor(svg, onNode, onLink, onChoose) {
    this.links = new Map();
    this.nodes = new Map();
    this.letters = make("g", { "aria-hidden": "true" });
    const wires = make("g", {});
    const bodies = make("g", {});
    NAMES.forEach((a, i) => NAMES.slice(i + 1).forEach((b) => wires.append(this.#link(a, b, onLink, onChoose))));
    NAMES.forEach((name) => bodies.append(this.#node(name, onNode, onChoose)));
    svg.append(wires, bodies, this.letters);
  }

  #button(group, label, act, choose) {
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", label);
    group.addEventListener("click", act);
    group.addEventListener("focus", choose);
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        act();
      }
    });
  }

  #link(a, b, onLink, onChoose) {
    const [ax, ay] = PLACES[a];
    const [bx, by] = PLACES[b];
    const line = { x1: ax, y1: ay, x2: bx, y2: by };
    const sign = make("g", { class: "sign" });
    // Off the middle, where the lines of a ring of five cross.
    const at = [ax + (bx - ax) * 0.5, ay + (by - ay) * 0.5];
    sign.setAttribute("transform", `translate(${at[0]} ${at[1]})`);
    const group = make("g", { class: "link", "data-link": `${a}-${b}` },
      make("line", { class: "hit", ...line }), make("line", { class: "wire", ...line }), sign);
    this.#button(group, `Link ${a} to ${b}`, () => onLink(a, b), () => onChoose({ link: [a, b] }));
    this.links.set(`${a}-${b}`, { group, sign });
    return group;
  }

  #node(name, onNode, onChoose) {
    const [x, y] = PLACES[name];
    const text = (cls, dy) => make("text", { class: cls, y: dy });
    const parts = {
      name: text("name", -20), role: text("role", 0), ballot: text("ballot", 20), marks: text("marks", 40),
    };
    parts.name.textContent = name;
    const badge = make("g", { class: "hidden-badge" });
    const group = make("g", { class: "node", "data-node": name, transform: `translate(${x} ${y})` },
      make("circle", { class: "halo", r: SIZE + 6 }),
      make("circle", { class: "body", r: SIZE }),
      make("path", { class: "crown", d: "M-22-66-16-88-6-74 0-94 6-74 16-88 22-66z" }),
      ...Object.values(parts), badge);
    this.#button(group, name, () => onNode(name), () => onChoose({ node: name }));
    this.nodes.set(name, { group, badge, ...parts });
    return group;
  }

  /** Brings the focus to a node. */
  focus(name) {
    this.nodes.get(name).group.focus();
  }

  show(view, t, chosen, still) {
    for (const [name, parts] of this.nodes) this.#showNode(name, parts, view.nodes[name], chosen.node === name);
    for (const [key, parts] of this.links) {
      this.#showLink(key, parts, view.links, chosen.link !== undefined && chosen.link.join("-") === key);
    }
    this.letters.replaceChildren(...view.letters.map((letter) => this.#letter(letter, t, still)));
  }

  #showNode(name, parts, node, isChosen) {
    const state = JSON.stringify([node.role, node.ballot, node.decided, node.applied, node.paused, node.standing, node.trouble, isChosen]);
    if (parts.state === state) return;
    parts.state = state;
    const counted = node.standing === "" || node.standing === "VOTER" || !node.up;
    const role = node.paused ? "standing still" : counted ? ROLES[node.role] : node.standing.toLowerCase();
    parts.group.dataset.role = node.role;
    parts.group.dataset.standing = node.standing;
    parts.group.classList.toggle("paused", node.paused);
    parts.group.classList.toggle("chosen", isChosen);
    parts.role.textContent = role;
    parts.ballot.textContent = node.ballot || "–";
    parts.marks.textContent = node.up ? `${node.decided} dec · ${node.applied} app` : `${node.decided} on disk`;
    parts.group.setAttribute("aria-label",
      `${name}, ${role}, promised ${node.ballot || "nothing"}, decided up to slot ${node.decided}, applied ${node.applied}. `
      + (node.up ? "Enter kills it." : "Enter restarts it."));
  }

  #showLink(key, parts, links, isChosen) {
    const [a, b] = key.split("-");
    const one = links.find((link) => link.from === a && link.to === b);
    const other = links.find((link) => link.from === b && link.to === a);
    const state = JSON.stringify([one, other, isChosen]);
    if (parts.state === state) return;
    parts.state = state;
    const both = [one, other].filter((link) => link !== undefined);
    const cut = both.some((link) => link.cut);
    const slow = Math.max(0, ...both.map((link) => link.slow));
    const loss = Math.max(0, ...both.map((link) => link.loss));
    parts.group.classList.toggle("cut", cut);
    parts.group.classList.toggle("slow", slow > 0);
    parts.group.classList.toggle("lossy", loss > 0);
    parts.group.classList.toggle("chosen", isChosen);
    const words = [cut ? "cut" : "", slow > 0 ? `+${slow / 1000} ms` : "", loss > 0 ? `${loss} % lost` : ""].filter(Boolean);
    parts.group.setAttribute("aria-label",
      `Link ${a} to ${b}, ${words.join(", ") || "whole"}. Enter ${cut ? "heals" : "cuts"} it.`);
    const sign = cut ? "✕" : words.join(" ");
    parts.sign.replaceChildren();
    if (sign && both.length > 0 && !(loss > 0 && !cut && links.length > 14)) {
      const width = cut ? 24 : 8 * sign.length + 14;
      const label = make("text", {});
      label.textContent = sign;
      parts.sign.append(make("rect", { class: "plate", x: -width / 2, y: -12, width, height: 24, rx: 12 }), label);
    }
  }

  #letter(letter, t, still) {
    const whole = letter.lost ? LOST_FOR * 2 : letter.arrives - letter.sent;
    const share = still ? 0.5 : Math.min(1, (t - letter.sent) / whole);
    const [x, y] = between(letter.from, letter.to, share);
    const kind = CLASSES[letter.kind] ?? "forward";
    const group = make("g", { class: "letter", "data-kind": letter.kind, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` },
      shape(kind));
    if (letter.lost) {
      group.setAttribute("opacity", (1 - (t - letter.sent) / LOST_FOR).toFixed(2));
      group.append(make("path", { class: "gone", d: "M-8-8 8 8M8-8-8 8" }));
    }
    if (isTelling(letter)) {
      const label = make("text", { y: -12 });
      label.textContent = words(letter.kind);
      group.append(label);
    }
    return group;
  }
}

function words(kind) {
  return kind.replace(/([a-z])([A-Z])/g, (_, a, b) => a + " " + b.toLowerCase());
}

function shape(kind) {
  switch (kind) {
    case "nack": return make("path", { class: "dot nack", d: "M-5-5 5 5M5-5-5 5" });
    case "decide": return make("path", { class: "dot decide", d: "M0-7.500 7.500 0 0 7.500-7.500 0z" });
    case "heartbeat": return make("circle", { class: "dot heartbeat", r: 3.5 });
    case "forward": return make("rect", { class: "dot forward", x: -5.500, y: -5.500, width: 11, height: 11, rx: 2 });
    default: return make("circle", { class: "dot " + kind, r: 6.5 });
  }
}
