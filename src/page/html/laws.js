
// Same job or bigger job? The measured speedups, with axes to choose.

// Rows of the data are [workers, speedup, low, high, seconds, seconds low, seconds high].
const measuredPoints = (rows, text) =>
  rows.map((row) => ({ x: row[0], y: row[1], low: row[2], high: row[3], text: text(row) }));

const sameText = ([p, value, low, high, time]) =>
  `${workersIn(p)}: ${seconds(time)}, ${interval([value, low, high], " times")}`;

const biggerText = ([p, value, low, high, time]) =>
  `${workersIn(p)}, job ${count(p)} times as big: ${seconds(time)}, ${interval([value, low, high], " times")} the work`;

const overOneText = ([p, value, low, high, time]) =>
  `${workersIn(p)}, job ${count(p)} times as big: ${seconds(time)}, ${interval([value, low, high], " times")} `
  + "faster than one worker on it";

// The measured points of both laws. The bigger job counts twice: the work that is done, and how much faster that is
// than one worker alone.
const bothSeries = (same, bigger, overOne = []) => [
  ...(overOne.length > 0
    ? [{ name: "bigger job: speedup", class: "s2", mark: 2, points: measuredPoints(overOne, overOneText) }] : []),
  { name: overOne.length > 0 ? "bigger job: work done" : "bigger job", class: "s1", mark: 1,
    points: measuredPoints(bigger, biggerText) },
  { name: "same job", class: "s0", mark: 0, points: measuredPoints(same, sameText) },
];

// Hides what stands in a part for readers without a script, and puts the tools in its place.
function inPlaceOf(tools, selector) {
  const still = tools.parentElement.querySelectorAll(selector);
  if (still.length > 0) still[0].before(tools);
  for (const one of still) one.classList.add("replaced");
}

function lawsTools(tools, data) {
  const state = { what: "whole_job", x: "linear", y: "linear" };
  const set = (name) => (value) => {
    state[name] = value;
    redraw();
  };
  const place = box("Point at a mark to read it.", redraw);
  const scales = [["linear", "linear"], ["log", "log"]];
  tools.append(html("div", { class: "bar-of-tools" },
    choice("time of", "laws-what", [["whole_job", "the whole job"], ["kernel", "the kernel"]], state.what, set("what")),
    choice("workers", "laws-x", scales, state.x, set("x")),
    choice("times", "laws-y", scales, state.y, set("y"))), place.element, place.readout);
  inPlaceOf(tools, ":scope > figure");
  redraw();

  function redraw() {
    const of = (both) => both?.[state.what];
    const [same, fit] = [of(data.same), of(data.fits)];
    const full = (fit?.quoted && fit.knee) || of(data.enough);
    if (same.length === 0) {
      const what = state.what === "kernel" ? "kernel" : "whole job";
      place.element.replaceChildren(html("p", {}, `No time of the ${what} was measured: there is nothing to draw.`));
      return;
    }
    const [bigger, overOne, formula] = [data.bigger, data.over_one, data.gustafson].map((one) => of(one) ?? []);
    draw(place, lawsPicture(state, { same, bigger, overOne, fit, full, formula }));
  }
}

// `full` is how many workers fill the hardware.
function lawsPicture(state, { same, bigger, overOne, fit, full, formula }) {
  const [first, last] = [same[0][0], same[same.length - 1][0]];
  const most = Math.max(last, ...bigger.map((row) => row[0]));
  const x = state.x === "log"
    ? { name: "workers", log: true, from: first, to: 2 * most, unit: "count" }
    : { name: "workers", log: false, from: 0, to: 4 * 2 ** Math.round(Math.log2(full)), unit: "count" };
  const shown = [...same, ...bigger, ...overOne].filter((row) => row[0] <= x.to).flatMap((row) => row.slice(1, 4));
  const highest = Math.max(...shown, fit?.ceiling?.[0] ?? 0);
  const y = state.y === "log"
    ? { name: "times one worker", log: true, from: Math.min(1, ...shown), to: 1.3 * highest, unit: "count" }
    : { name: "times one worker", log: false, from: 0, to: 1.08 * highest, unit: "count" };
  const curves = [{ name: "ideal", class: "faint", line: "compare", points: along(x, (p) => p / first) }];
  if (formula.length > 1) {
    curves.push({ name: "Gustafson, p - s(p - 1)", class: "s2", line: "law", points: formula });
  }
  if (fit?.quoted && fit.curve.length > 1) {
    const within = fit.curve.filter(([p]) => p <= last);
    const name = fit.knee ? `Amdahl with ${count(Number(fit.knee.toPrecision(3)))} lanes, fitted` : "Amdahl, fitted";
    curves.push({ name, class: "s0", line: "law", points: within });
    curves.push({ name: "", class: "s0", line: "law beyond", points: fit.curve.slice(Math.max(0, within.length - 1)) });
  }
  if (fit?.ceiling) {
    const name = `ceiling ${interval(fit.ceiling)}`;
    curves.push({ name, class: "s0", line: "compare", points: along(x, () => fit.ceiling[0]) });
  }
  const label = "Measured speedups of the same job and of a bigger job";
  return { x, y, curves, series: bothSeries(same, bigger, overOne), label };
}
