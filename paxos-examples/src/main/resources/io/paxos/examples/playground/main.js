// Puts the page together: the run, the time, the keys, and what is done when somebody clicks.

import { Run } from "./run.js";
import { Ring } from "./ring.js";
import { Log } from "./log.js";
import { Events, Lights, Selected, deeds } from "./panels.js";
import * as link from "./link.js";

const SPEEDS = [5, 10, 20, 40, 80, 160, 320]; // milliseconds of the run for each second of the watcher
const STILL_EVERY = 700;
const $ = (id) => document.getElementById(id);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Why a deed comes to nothing, by what it is. */
const NOTHING = {
  lead: "Nobody leads, so nobody can hand the office over.",
  member: "No node is up that could be asked.",
  healAll: "All links are whole.",
  split: "These links are cut already.",
};

let scenarios = [];
let limits = { most: 0, mostSteps: 0 };
let scenario = null; // as long as nothing was done but what it does
let told = null; // whose captions are shown
let run = null;
let t = 0;
let farthest = 0;
let speed = 40;
let playing = false;
let chosen = {};
let lastFrame = 0;
let lastStill = 0;
let waiting = false;
let doing = Promise.resolve();

const ring = new Ring($("ring"), (name) => perform("kill", name), (a, b) => perform("toggleCut", [a, b]), choose);
const log = new Log($("log"));
const selected = new Selected($("selected"), perform);
const lights = new Lights($("lights"), $("verdict"), $("violation"));
const events = new Events($("events"), $("say"));

function choose(what) {
  chosen = what;
  if (what.node) $("asked").value = what.node;
  show();
}

/** Does something to the cluster, now: what depends on how everything stands, and behind what is being done already. */
function perform(deed, subject) {
  if (typeof subject === "string") chosen = { node: subject };
  if (Array.isArray(subject)) chosen = { link: subject };
  doing = doing.then(async () => {
    await goTo(t);
    const view = run.at(Math.min(t, run.most - 1));
    if (!view) return;
    const lines = deeds[deed](view, subject);
    if (lines.length > 0) await act(lines);
    else toast(NOTHING[deed] ?? "There is nothing to do.");
  });
}

async function act(lines) {
  if (t >= run.most) return theEnd();
  t = Math.floor(t);
  try {
    run.act(t, lines);
  } catch (problem) {
    return toast(problem.message);
  }
  scenario = null;
  told = null;
  farthest = t;
  $("scenario").value = "";
  await goTo(t);
  const refusal = run.newsUpTo(t, 20, (news) => news.at === t && news.text.startsWith("not done"))[0];
  if (refusal) toast(refusal.text);
}

/** Goes to a moment, and shows it as soon as it is here. */
async function goTo(moment) {
  t = Math.max(0, Math.min(moment, run.most));
  const current = run;
  try {
    await current.fetch(Math.min(t, run.most - 1));
  } catch (problem) {
    pause();
    return toast(problem.message);
  }
  if (current === run) {
    farthest = Math.max(farthest, t);
    show();
    keep();
  }
}

function show() {
  const moment = Math.min(t, run.most - 1);
  const view = run.at(moment);
  if (!view) return;
  ring.show(view, moment, chosen, still.matches);
  log.show(view);
  selected.show(view, chosen);
  lights.show(view);
  events.show(run, moment);
  showTime();
}

function showTime() {
  $("clock").textContent = (t / 1000).toFixed(1) + " ms";
  const end = horizon();
  $("scrub").max = end;
  $("scrub").value = t;
  $("scrub").setAttribute("aria-valuetext", (t / 1000).toFixed(0) + " milliseconds");
  const caption = told?.captions.filter(([at]) => at <= t).at(-1)?.[1] ?? free();
  if ($("caption").textContent !== caption) $("caption").textContent = caption;
  const marks = run.steps.map(([at]) => at).filter((at) => at <= end).join();
  if ($("marks").dataset.marks !== marks + "/" + end) {
    $("marks").dataset.marks = marks + "/" + end;
    $("marks").replaceChildren(...[...new Set(run.steps.map(([at]) => at))].map((at) => {
      const mark = document.createElement("i");
      mark.style.left = (100 * at) / end + "%";
      return mark;
    }));
  }
  document.body.dataset.time = Math.floor(t);
}

function free() {
  return "The run is yours: click a node to kill or restart it, a link to cut or heal it, propose values, and go back in time"
    + " whenever you like. What you do now happens at this moment; what was behind it is gone.";
}

function horizon() {
  return Math.min(run.most, Math.max(farthest, told?.to ?? 0, 1_000_000));
}

function play() {
  if (t >= run.most) return theEnd();
  playing = true;
  lastFrame = performance.now();
  document.body.classList.add("playing");
  $("play").setAttribute("aria-label", "Pause");
}

function pause() {
  playing = false;
  document.body.classList.remove("playing");
  $("play").setAttribute("aria-label", "Play");
  keep();
}

function theEnd() {
  pause();
  toast(`A run ends after ${run.most / 1_000_000} seconds of its own time, so that going back stays quick. Go back, or choose another scenario or seed.`);
}

function frame(now) {
  requestAnimationFrame(frame);
  if (!playing) return;
  const passed = Math.min(now - lastFrame, 100);
  lastFrame = now;
  if (still.matches) {
    if (now - lastStill > STILL_EVERY && !waiting) {
      lastStill = now;
      step(true);
    }
    return;
  }
  let next = t + passed * speed;
  if (told && scenario && t < told.to && next >= told.to) {
    next = told.to;
    pause();
    told = { ...told, captions: [...told.captions, [told.to, "That was it. Go on, and do something yourself: " + free()]] };
  }
  if (next >= run.most) {
    t = run.most;
    show();
    return theEnd();
  }
  if (run.part(next)) {
    t = next;
    farthest = Math.max(farthest, t);
    show();
    run.fetch(t + 200_000).catch(() => {});
  } else if (!waiting) {
    waiting = true;
    run.fetch(next).catch((problem) => {
      pause();
      toast(problem.message);
    }).finally(() => { waiting = false; });
  }
}

async function step(forward) {
  waiting = true;
  try {
    await goTo(await run.neighbour(t, forward));
  } catch (problem) {
    toast(problem.message);
  } finally {
    waiting = false;
  }
}

/** Keeps the run in the address. */
function keep() {
  history.replaceState(null, "", link.write(scenario, run, t));
}

/** Begins a run, and fetches a second before the moment at which it is shown, so that there is something to read. */
async function open(seed, steps, at, withScenario) {
  const sameSteps = withScenario && JSON.stringify(withScenario.steps) === JSON.stringify(steps);
  scenario = sameSteps ? withScenario : null;
  told = scenario;
  chosen = {};
  run = new Run(seed, steps, limits.most, limits.mostSteps);
  const opened = run;
  farthest = at;
  $("seed").value = seed;
  $("scenario").value = scenario?.id ?? "";
  t = at;
  try {
    for (let before = Math.max(0, at - 1_000_000); before < at; before += 200_000) await opened.fetch(before);
  } catch (problem) {
    return toast(problem.message);
  }
  if (opened === run) await goTo(at); // else another one has been chosen meanwhile
}

async function openAddress() {
  const wanted = link.read(location.hash);
  const named = scenarios.find((each) => each.id === wanted.scenario);
  if (named) return open(named.seed, named.steps, wanted.at ?? named.from, named);
  if (wanted.seed !== null) return open(wanted.seed, wanted.steps, Math.min(wanted.at ?? 0, limits.most), null);
  return open(scenarios[0].seed, scenarios[0].steps, scenarios[0].from, scenarios[0]);
}

function setSpeed(to) {
  speed = to;
  $("speed").value = String(to);
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 6000);
}

function theme(to) {
  document.documentElement.dataset.theme = to;
  $("theme").textContent = to === "dark" ? "Light" : "Dark";
  $("theme").setAttribute("aria-label", to === "dark" ? "Light colours" : "Dark colours");
}

function ofSystem() {
  return dark.matches ? "dark" : "light";
}

function otherTheme() {
  const to = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", to);
  theme(to);
}

async function share() {
  keep();
  try {
    await navigator.clipboard.writeText(location.href);
    toast("The link to this very moment of this very run is in the clipboard.");
  } catch {
    toast("The address of the page is the link to this moment; copy it from there.");
  }
}

function propose() {
  const value = $("value").value.replace(/[^ -&(-~]/g, "").trim();
  const node = $("asked").value;
  if (!value) return toast("A value takes at least one plain character.");
  if (!run.at(Math.min(t, run.most - 1))?.nodes[node].up) return toast(`${node} is down; ask another node.`);
  const line = $("kind").value === "log"
    ? `client 1 asks ${node} within 300 ticks: '${value}'`
    : `${node} proposes for owner within 300 ticks: '${value}'`;
  doing = doing.then(() => act([line])).then(() => playing || still.matches || play());
}

const KEYS = {
  " ": () => (playing ? pause() : play()),
  ArrowRight: (event) => (pause(), event.shiftKey ? goTo(t + 50_000) : step(true)),
  ArrowLeft: (event) => (pause(), event.shiftKey ? goTo(t - 50_000) : step(false)),
  Home: () => (pause(), goTo(told?.from ?? 0)),
  "+": () => setSpeed(SPEEDS[Math.min(SPEEDS.indexOf(speed) + 1, SPEEDS.length - 1)]),
  "-": () => setSpeed(SPEEDS[Math.max(SPEEDS.indexOf(speed) - 1, 0)]),
  k: () => chosen.node && perform("kill", chosen.node),
  w: () => chosen.node && perform("wipe", chosen.node),
  i: () => chosen.node && perform("isolate", chosen.node),
  c: () => chosen.link && perform("toggleCut", chosen.link),
  d: () => chosen.link && perform("delay", chosen.link),
  x: () => chosen.link && perform("lose", chosen.link),
  h: () => perform("healAll"),
  p: () => $("value").select(),
  l: share,
  t: otherTheme,
  "?": () => $("keys").showModal(),
};
for (const digit of "12345") KEYS[digit] = () => ring.focus("n" + digit);

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || $("keys").open || !run) return;
  if (event.target.matches("input:not([type=checkbox], [type=range]), select")) {
    if (event.key === "Escape") event.target.blur(); // so that the keys are free again
    return;
  }
  if (event.target.matches("button, input[type=checkbox]") && event.key === " ") return;
  if (event.target.matches("input[type=range]") && event.key.startsWith("Arrow")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const action = KEYS[key === "=" ? "+" : key === "_" ? "-" : key];
  if (action) {
    event.preventDefault();
    action(event);
  }
}

function wire() {
  document.addEventListener("keydown", onKey);
  $("play").addEventListener("click", KEYS[" "]);
  $("step").addEventListener("click", (event) => KEYS.ArrowRight(event));
  $("back").addEventListener("click", (event) => KEYS.ArrowLeft(event));
  $("restart").addEventListener("click", KEYS.Home);
  $("scrub").addEventListener("input", () => {
    pause();
    goTo(Number($("scrub").value));
  });
  $("speed").addEventListener("change", () => setSpeed(Number($("speed").value)));
  $("scenario").addEventListener("change", () => {
    const named = scenarios.find((each) => each.id === $("scenario").value);
    if (named) open(named.seed, named.steps, named.from, named).then(() => still.matches || play());
  });
  $("seed").addEventListener("change", () => {
    if (/^\d{1,9}$/.test($("seed").value)) return open(Number($("seed").value), [], 0, null);
    toast("A seed is a whole number of at most nine digits.");
    $("seed").value = run.seed;
  });
  $("propose").addEventListener("submit", (event) => {
    event.preventDefault();
    propose();
  });
  $("heal").addEventListener("click", () => perform("healAll"));
  $("split").addEventListener("click", () => perform("split"));
  $("lossy").addEventListener("click", () => perform("loseEverywhere"));
  $("all-events").addEventListener("change", () => {
    events.all = $("all-events").checked;
    show();
  });
  $("share").addEventListener("click", share);
  $("theme").addEventListener("click", otherTheme);
  $("help").addEventListener("click", () => $("keys").showModal());
  window.addEventListener("hashchange", openAddress);
  dark.addEventListener("change", () => theme(localStorage.getItem("theme") ?? ofSystem()));
}

function fill() {
  $("scenario").append(new Option("Your own run", ""), ...scenarios.map((each) => new Option(each.title, each.id)));
  $("speed").append(...SPEEDS.map((each) => new Option(each + " ms/s", each)));
  $("asked").append(...["n1", "n2", "n3", "n4", "n5"].map((name) => new Option(name)));
  setSpeed(speed);
}

async function begin() {
  theme(localStorage.getItem("theme") ?? ofSystem());
  const answer = await fetch("api/scenarios");
  const known = await answer.json();
  scenarios = known.scenarios;
  limits = known;
  fill();
  await openAddress();
  wire();
  requestAnimationFrame(frame);
  document.body.dataset.ready = "true";
}

begin().catch((problem) => toast("The playground cannot begin: " + problem.message));
