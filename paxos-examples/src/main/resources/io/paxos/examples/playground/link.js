// A run in the address of the page: behind the #, so that no server hears of it.

const MOST = 300;

/** Reads the address; what is not understood is left out. */
export function read(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const steps = fields
    .getAll("do")
    .map((text) => /^(\d{1,9})~(.{1,300})$/.exec(text))
    .filter((match) => match !== null)
    .slice(0, MOST)
    .map((match) => [Number(match[1]), match[2]])
    .sort((a, b) => a[0] - b[0]);
  return {
    scenario: fields.get("s"),
    seed: number(fields.get("seed")),
    at: number(fields.get("at")),
    steps,
  };
}

function number(text) {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Writes it: a scenario as it is by its name, anything else by what was done. */
export function write(scenario, run, t) {
  const fields = new URLSearchParams();
  if (scenario) {
    fields.set("s", scenario.id);
  } else {
    fields.set("seed", run.seed);
    for (const [at, action] of run.steps) fields.append("do", `${at}~${action}`);
  }
  fields.set("at", Math.floor(t)); // rounded up it might show what has not happened yet
  return "#" + fields;
}
