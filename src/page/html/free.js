
// What stops it? The whole job as stacked bars, of which every phase can be made free.

// The phases, each with its colour and the kind of overhead that it is (Grama et al. 2003, chapter 5).
const PHASES = [["kernel", "s0", null], ["set-up", "s5", "distribution"], ["upload", "s1", "communication"],
  ["launch", "s3", "coordination"], ["read-back", "s2", "communication"]];

const OVERHEADS = [["distribution", "handing the work out"], ["communication", "moving data"],
  ["coordination", "starting and waiting"]];

// Worker counts of the bars.
const BARS = [1, 4, 16, 64];

// The rows of those counts; of a device that has others, the first, the last and two between.
function barRows(phases) {
  const rows = phases.filter(({ workers }) => BARS.includes(workers));
  if (rows.length >= 3) return rows;
  const at = [0, 1 / 3, 2 / 3, 1].map((share) => Math.round(share * (phases.length - 1)));
  return phases.filter((_, index) => at.includes(index));
}

function freeTools(tools, { phases }) {
  const rows = barRows(phases);
  const present = PHASES.filter(([name]) => rows.some((row) => row[name] > 0));
  const free = new Set();
  let scale = "share";
  const table = html("div", { class: "wide" });
  const words = html("p", { class: "sentence", "aria-live": "polite" });
  const boxes = present.map(([name, tone, kind]) => {
    const box = checkbox(`make the ${name} free${kind ? ` (${kind})` : ""}`, false, (is) => {
      if (is) free.add(name);
      else free.delete(name);
      redraw();
    });
    box.prepend(svg("svg", { class: "key", viewBox: "0 0 10 10", "aria-hidden": "true" },
      svg("rect", { class: tone, width: 10, height: 10 })));
    return box;
  });
  const scales = [["share", "as long as its own job"], ["time", "all on one scale"]];
  const scaled = choice("each bar is", "free-scale", scales, scale, (value) => {
    scale = value;
    redraw();
  });
  const controls = html("div", { class: "bar-of-tools" }, ...boxes, scaled);
  tools.append(controls, table, words, overheads(rows[rows.length - 1]));
  redraw();

  function redraw() {
    const names = [...free];
    const longest = (row) => (scale === "share" ? row : rows[0]).whole_job;
    table.replaceChildren(barTable(["workers", "", "time", "faster"], rows.map((row) => {
      const left = without(names, phases[0], row);
      const kept = present.filter(([name]) => !free.has(name));
      const parts = kept.map(([name, tone]) => ({ class: tone, value: row[name] ?? 0 }));
      return [count(row.workers), stackBar(parts, longest(row)), seconds(left.seconds),
        left.speedup === null ? "–" : `${ratio(left.speedup)} times`];
    })));
    words.textContent = freeSentence(names, phases);
  }
}

// What the fastest job would be.
function freeSentence(names, phases) {
  const best = phases.reduce((one, row) => (row.whole_job < one.whole_job ? row : one));
  const [now, then] = [without([], phases[0], best), without(names, phases[0], best)];
  const on = `on ${workersIn(best.workers)}`;
  if (names.length === 0) {
    return `The job is fastest ${on}: ${seconds(now.seconds)}, ${ratio(now.speedup)} times faster than on the fewest.`;
  }
  const listed = names.join(" and ");
  if (then.speedup === null) return `Without ${listed} nothing is left of the job.`;
  return `Without ${listed} the job takes ${seconds(then.seconds)} ${on} instead of ${seconds(now.seconds)}: `
    + `${ratio(then.speedup)} times faster than one worker without the same, instead of ${ratio(now.speedup)}.`;
}

// The three kinds of overhead, with their shares of the time outside the kernel.
function overheads(row) {
  const time = (kind) => PHASES.reduce((sum, [name, , of]) => sum + (of === kind ? row[name] ?? 0 : 0), 0);
  const all = OVERHEADS.reduce((sum, [kind]) => sum + time(kind), 0);
  const items = OVERHEADS.filter(() => all > 0).map(([kind, means]) => {
    const phases = PHASES.filter(([name, , of]) => of === kind && row[name] > 0).map(([name]) => name);
    const from = phases.length > 0 ? ` (${phases.join(", ")})` : "";
    const says = `, ${means}${from}: ${seconds(time(kind))}, ${percent(time(kind) / all)}`;
    return html("li", {}, html("b", {}, kind), says);
  });
  return html("div", {}, html("p", {}, `Outside the kernel, on ${workersIn(row.workers)}:`), html("ul", {}, ...items));
}
