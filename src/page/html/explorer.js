
// Try the laws: sliders, both laws over the measured points, and the state in the page's address.

// What the laws are told. `s` is the serial share on `k` workers; `lanes` null is hardware without limits; `one` is the
// time on one worker, where it is known.
const PLAIN = { s: 0.1, p: 16, lanes: null, shape: null, cost: 0, k: 1, one: null, effective: false, guess: false,
  points: false, x: "log", y: "log" };

// Smallest and largest values that an address may ask for.
const LIMITS = { s: [0, 1], p: [1, 2 ** 20], lanes: [1, 2 ** 20], shape: [0.1, 100], cost: [0, 1], k: [1, 2 ** 20],
  one: [1e-9, 1e6] };

const ROWS = [1, 2, 4, 8, 16, 64, 256, 1024];

const PRESETS = [
  ["s = 0.5", { s: 0.5 }],
  ["s = 0.1", { s: 0.1 }],
  ["s = 0.02", { s: 0.02, p: 64 }],
  ["240 ms compute, 60 ms communication on 8 workers", { s: 0.2, p: 32, k: 8, one: 1.98, effective: true }],
  ["1,800 ms compute, 20 ms communication", { s: 20 / 1820, p: 11, one: 1.82, effective: true }],
  ["22 % on 256 workers", { s: 0.22, p: 32, k: 256, effective: true }],
];

// The settings that the measured device has; null if its law may not be quoted.
function deviceSettings(data) {
  const [fit, same] = [data.fits?.whole_job, data.same?.whole_job];
  if (!fit?.law || !fit.serial_fraction || !same?.length || fit.base_workers !== 1) return null;
  const { serial_fraction: s, knee, kappa, per_doubling: perDoubling } = fit.law;
  // The sliders have no cost of each doubling.
  if (perDoubling > 0) return null;
  const short = (value) => Number(value.toPrecision(5));
  return { ...PLAIN, s: short(s), p: data.enough.whole_job, lanes: knee && short(knee.workers),
    shape: knee && knee.shape, cost: short(kappa), one: same[0][4], points: true };
}

// Settings as a fragment of the address, and back. What it does not name is as in PLAIN.
function toFragment(state) {
  const named = Object.entries(state).filter(([name, value]) => value !== PLAIN[name] && value !== null);
  return `#explorer?${new URLSearchParams(named.map(([name, value]) => [name, String(value)]))}`;
}

function fromFragment(fragment) {
  const [, query] = fragment.split("#explorer?");
  if (query === undefined) return null;
  const state = { ...PLAIN };
  for (const [name, text] of new URLSearchParams(query)) {
    if (Object.hasOwn(LIMITS, name)) state[name] = allowed(name, text === "" ? NaN : Number(text));
    else if (typeof PLAIN[name] === "boolean") state[name] = text === "true";
    else if (Object.hasOwn(PLAIN, name) && ["linear", "log"].includes(text)) state[name] = text;
  }
  return state;
}

// A value within its limits; the plain one if it is no number.
function allowed(name, value) {
  if (value === null || !Number.isFinite(value)) return PLAIN[name];
  const [least, most] = LIMITS[name];
  const inside = Math.min(most, Math.max(least, value));
  return ["p", "k"].includes(name) ? Math.round(inside) : inside;
}

// The law of settings: its serial fraction is that of one worker.
const lawOf = ({ s, k, lanes, shape, cost }) => ({ s: fractionFrom(s, k), lanes, shape, cost });

function explorerTools(tools, data) {
  const device = deviceSettings(data);
  let state = device ?? { ...PLAIN };
  let hidden = false;
  const set = (name) => (value) => change({ [name]: name in LIMITS ? allowed(name, value) : value });
  const unlimited = (value) => (value === null ? "unlimited" : count(value));
  const counts = { steps: doublings(20), least: 1, most: 2 ** 20 };
  const sliders = {
    s: slider({ id: "explorer-s", label: "serial fraction s", steps: [0, ...decades(-5, 0)], least: 0, most: 1,
      show: percent }, set("s")),
    p: slider({ id: "explorer-p", label: "workers p", ...counts, show: count }, set("p")),
    lanes: slider({ id: "explorer-lanes", label: "lanes of the hardware", ...counts, steps: [...doublings(20), null],
      show: unlimited }, set("lanes")),
    cost: slider({ id: "explorer-cost", label: "cost of each extra worker", steps: [0, ...decades(-8, -1)], least: 0,
      most: 1, show: costText }, set("cost")),
    k: slider({ id: "explorer-k", label: "s was measured on K workers", ...counts, show: count }, set("k")),
  };
  const scales = [["linear", "linear"], ["log", "log"]];
  const axesOf = { x: choice("workers", "explorer-x", scales, state.x, set("x")),
    y: choice("times", "explorer-y", scales, state.y, set("y")) };
  const boxes = { effective: checkbox("effective curve", false, set("effective")),
    points: checkbox("measured points", true, set("points")), guess: checkbox("guess first", false, set("guess")) };
  const presets = [...(device ? [["this device", device]] : []), ...PRESETS].map(([name, settings]) => {
    const wanted = { ...PLAIN, ...settings };
    const keep = () => ({ ...wanted, guess: state.guess, x: state.x, y: state.y });
    return { wanted, button: html("button", { type: "button", click: () => change(keep()) }, name) };
  });
  const numbers = html("dl", { class: "figures", "aria-live": "polite" },
    figureOf("same job: times faster", "explorer-speedup"),
    figureOf("bigger job, by the law: times faster", "explorer-bigger"),
    figureOf("without limits: 1/s", "explorer-ceiling"), figureOf("workers for 90 % of the ceiling", "explorer-enough"),
    figureOf("used well", "explorer-used"));
  const words = html("div", { class: "sentence", "aria-live": "polite" });
  const table = html("div", { class: "wide" });
  const place = box("", redraw);
  const guess = guessing(() => {
    hidden = false;
    show();
  });
  const shown = [axesOf.x, axesOf.y, boxes.effective, ...(data.same ? [boxes.points] : []), boxes.guess];
  tools.append(
    html("div", { class: "presets", role: "group", "aria-label": "examples" }, ...presets.map(({ button }) => button)),
    html("div", { class: "explorer" },
      html("div", { class: "sliders" }, ...Object.values(sliders).map(({ element }) => element),
        html("div", { class: "bar-of-tools" }, ...shown)),
      html("div", { class: "drawn" }, guess.element, numbers, place.element, place.readout, words), table));
  inPlaceOf(tools, "#explorer-still");
  addEventListener("hashchange", restore);
  restore();
  show();

  // A cost is a share of the time on one worker, or a time if that is known.
  function costText(cost) {
    if (cost === 0) return "nothing";
    return state.one === null ? `${percent(cost)} of T(1)` : seconds(cost * state.one);
  }

  function restore() {
    const found = fromFragment(location.hash);
    if (found === null) return;
    state = found;
    hidden = state.guess;
    show();
    tools.parentElement.scrollIntoView();
  }

  function change(changed) {
    state = { ...state, ...changed };
    // What is only looked at otherwise needs no new guess.
    if (Object.keys(changed).some((name) => !["x", "y", "points"].includes(name))) hidden = state.guess;
    history.replaceState(null, "", toFragment(state));
    show();
  }

  // Brings every control to the settings, and draws.
  function show() {
    for (const [name, { set: put }] of Object.entries(sliders)) put(state[name]);
    for (const [name, fieldset] of Object.entries(axesOf)) choose(fieldset, state[name]);
    for (const [name, label] of Object.entries(boxes)) label.querySelector("input").checked = state[name];
    for (const { wanted, button } of presets) {
      const is = Object.keys(LIMITS).every((name) => wanted[name] === state[name]);
      button.setAttribute("aria-pressed", String(is && wanted.effective === state.effective));
    }
    guess.ask(state, hidden);
    redraw();
  }

  function redraw() {
    const [law, { p }] = [lawOf(state), state];
    const value = speedup(law, p);
    const put = (id, text) => {
      document.getElementById(id).textContent = hidden ? "?" : text;
    };
    put("explorer-speedup", ratio(value));
    put("explorer-bigger", ratio(biggerJob({ ...law, s: state.s }, p)));
    put("explorer-ceiling", law.s > 0 ? ratio(ceiling(law.s)) : "none");
    const enough = workersForShare(law, 0.9);
    put("explorer-enough", enough === null ? "–" : count(enough));
    put("explorer-used", percent(efficiency(value, p)));
    words.replaceChildren(...(hidden ? [] : sentences(state, law).map((text) => html("p", {}, text))));
    table.replaceChildren(...(hidden ? [] : [lawsTable(state, law)]));
    guess.tell(state.guess && !hidden, value);
    draw(place, explorerPicture(state, law, data, hidden));
  }
}
