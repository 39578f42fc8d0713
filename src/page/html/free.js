
// What stops it? The whole job as stacked bars, of which every phase can be made free.

// The phases, each with the kind of overhead that it is (Grama et al. 2003, chapter 5).
const PHASES = [["kernel", null], ["set-up", "distribution"], ["upload", "communication"], ["launch", "coordination"],
  ["read-back", "communication"]];

const OVERHEADS = [["distribution", "handing out the work"], ["communication", "moving data"],
  ["coordination", "starting and waiting"]];

// The rows of the data are those that have a bar; that of the fewest workers is the first.
function freeTools(tools, { phases: rows, enough: { whole_job: workersEnough } }) {
  const enough = rows.find(({ workers }) => workers === workersEnough);
  const present = PHASES.filter(([name]) => rows.some((row) => row[name] > 0))
    .map(([name, kind], index) => [name, kind, `s${index}`]);
  const free = new Set();
  let scale = "share";
  const table = html("div", { class: "wide" });
  const words = html("p", { class: "sentence", "aria-live": "polite" });
  const boxes = present.map(([name, kind, tone]) => {
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
  tools.append(controls, table, words, overheads(enough));
  inPlaceOf(tools, ":scope > .stack");
  redraw();

  function redraw() {
    const names = [...free];
    const longest = (row) => present.reduce((sum, [name]) => sum + (row[name] ?? 0), 0);
    table.replaceChildren(barTable(["", "", "time", "faster"], rows.map((row) => {
      const faster = speedupWithout(names, rows[0], row);
      const kept = present.filter(([name]) => !free.has(name));
      const parts = kept.map(([name, , tone]) => ({ class: tone, value: row[name] ?? 0 }));
      const bar = stackBar(parts, longest(scale === "share" ? row : rows[0]));
      return [workersIn(row.workers), bar, kept.length > 0 ? seconds(secondsWithout(names, row)) : "–",
        faster === null ? "–" : `${ratio(faster)} times`];
    })));
    words.textContent = freeSentence(names, rows[0], enough);
  }
}

// What the job would be on as many workers as are enough.
function freeSentence(names, first, enough) {
  const [now, then] = [[], names].map((free) => secondsWithout(free, enough));
  const [faster, fastest] = [[], names].map((free) => speedupWithout(free, first, enough));
  const on = `on ${workersIn(enough.workers)}`;
  if (names.length === 0) {
    return `The job takes ${seconds(now)} ${on}, ${ratio(faster)} times faster than on `
      + `${count(first.workers)}.`;
  }
  const listed = names.join(" and ");
  if (fastest === null) return `Without ${listed} nothing is left of the job.`;
  return `Without ${listed} the job takes ${seconds(then)} ${on} instead of ${seconds(now)}: `
    + `${ratio(fastest)} times faster than on ${count(first.workers)} without it, not ${ratio(faster)}.`;
}

// The three kinds of overhead, with their shares of the whole job.
function overheads(row) {
  const time = (kind) => PHASES.reduce((sum, [name, of]) => sum + (of === kind ? row[name] ?? 0 : 0), 0);
  const all = OVERHEADS.reduce((sum, [kind]) => sum + time(kind), 0);
  const items = OVERHEADS.filter(() => all > 0).map(([kind, means]) => {
    const phases = PHASES.filter(([name, of]) => of === kind && row[name] > 0).map(([name]) => name);
    const from = phases.length > 0 ? ` (${phases.join(", ")})` : "";
    const says = `, ${means}${from}: ${seconds(time(kind))}, ${percent(time(kind) / row.whole_job)} of the job`;
    return html("li", {}, html("b", {}, kind), says);
  });
  return html("div", {}, html("p", {}, `Outside the kernel, on ${workersIn(row.workers)}:`), html("ul", {}, ...items));
}
