
// Should I batch? What launching costs a kernel of any length, and a job that was cut into launches.

// Waiting for less than this share of the time is not worth a change; more than half is as long as the kernel runs.
const LITTLE = 0.05;
const HALF = 0.5;

function batchTools(tools, { launch, split }) {
  const grid = html("div", { class: "grid" });
  tools.append(grid);
  if (launch.length > 0) grid.append(lostTools(launch));
  if (split.length > 0) grid.append(cutPicture(split));
}

function lostTools(launch) {
  const [batched, waited] = ["one-pass", "wait-each"].map((style) => launch.find((one) => one.style === style));
  const table = html("div", { class: "wide" });
  const words = html("p", { class: "finding", "aria-live": "polite" });
  const input = slider({ id: "batch-kernel", label: "my kernel takes, in µs:", steps: decades(0, 5), least: 0.1,
    most: 1e7, show: (value) => seconds(1e-6 * value) }, set);
  set(100);
  return html("article", {}, html("h3", {}, "My kernel"), input.element, words, table);

  function set(value) {
    const shown = Math.min(1e7, Math.max(0.1, value ?? 100));
    const kernel = 1e-6 * shown;
    input.set(shown);
    const rows = launch.map(({ name, one_more: [cost] }) => [name,
      stackBar([{ class: "s0", value: kernel }, { class: "s2", value: cost }], kernel + cost),
      `${percent(lost(cost, kernel))} lost`]);
    table.replaceChildren(barTable(["launched", "kernel, then launch", ""], rows));
    words.textContent = batched && waited ? batchAnswer(waited.one_more, batched.one_more, kernel) : "";
  }
}

// The answer in words.
function batchAnswer([waited, least], [batched, , most], kernel) {
  const [slow, fast] = [lost(waited, kernel), lost(batched, kernel)];
  const shares = `${percent(slow)} of the time is lost if you wait after each launch, ${percent(fast)} in a batch.`;
  if (slow < LITTLE) return `No need to batch: ${shares}`;
  if (most >= least) return `Whether batching helps here cannot be told: ${shares}`;
  const faster = `That is ${ratio((waited + kernel) / (batched + kernel))} times faster.`;
  if (fast > HALF) return `Batch, and make each kernel longer: ${shares} ${faster}`;
  if (slow > HALF) return `Batch, for it waits longer than it runs: ${shares} ${faster}`;
  return `Batching still helps: ${shares} ${faster}`;
}

// A job cut into K launches: measured, and what empty launches predict.
function cutPicture(split) {
  const place = box("Point at a mark to read it.", redraw);
  queueMicrotask(redraw);
  return html("article", {}, html("h3", {}, "One job cut into K launches"), place.element, place.readout);

  function redraw() {
    const all = split.flatMap(({ seconds: times }) => times.flat()).filter((time) => time > 0);
    const most = Math.max(...split.flatMap(({ launches }) => launches));
    const x = { name: "launches K", log: true, from: 1, to: 1.2 * most, unit: "count" };
    const [low, high] = [0.8 * Math.min(...all), 1.25 * Math.max(...all)];
    const y = { name: "time of the job", log: true, from: low, to: high, unit: "seconds" };
    const names = { "one-pass": "in one pass", "wait-each": "waiting each time" };
    const tones = split.map((_, index) => [`s${index}`, index]);
    const series = split.map(({ style, launches, seconds: times }, index) => ({
      name: names[style] ?? style, class: tones[index][0], mark: tones[index][1],
      points: launches.map((k, at) => ({ x: k, y: times[at][0], low: times[at][1], high: times[at][2],
        text: `${count(k)} launches, ${names[style] ?? style}: ${seconds(times[at][0])}` })),
    }));
    const curves = split.map(({ launches, predicted }, index) => ({ name: index === 0 ? "predicted" : "",
      class: tones[index][0], line: "law beyond",
      points: predicted === null ? [] : launches.map((k, at) => [k, predicted[at]]) }));
    draw(place, { x, y, curves, series, label: "Time of one job cut into K launches, measured and predicted" });
  }
}
