
// What the explorer says and draws of its settings.

// What is worth a sentence.
function sentences(state, law) {
  const { p, one } = state;
  const said = [];
  if (one !== null) {
    said.push(`By the law ${seconds(one)} on one worker, ${seconds(one * relativeTime(law, p))} on ${count(p)}.`);
  }
  if (state.k > 1) {
    const name = `s(${count(state.k)})`;
    said.push(`${percent(state.s)} of the time on ${count(state.k)} workers is ${percent(law.s)} of the time on one: `
      + `Amdahl's s is s(1) = ${ratio(law.s)}. Gustafson's law takes ${name} = ${percent(state.s)}.`);
    said.push(`Amdahl's formula with ${name} would say ${grouped(amdahl(state.s, p), 2)} times on ${workersIn(p)}. The `
      + `shared part was divided by ${count(state.k)} when it was measured; the formula would divide it again.`);
  }
  if (law.lanes !== null && p > law.lanes) {
    said.push(`The hardware runs ${count(law.lanes)} workers at once; more of them take turns.`);
  }
  const peak = peakWorkers(law);
  if (peak !== null) said.push(`Beyond ${workersIn(Math.round(peak))} another one costs more time than it saves.`);
  const top = state.effective ? effectivePeak(law.s) : null;
  if (top !== null) {
    said.push(`The effective curve is highest on ${workersIn(top)}: ${effective(law.s, top).toFixed(2)}. It takes s `
      + "anew on every number of workers and so counts the communication twice. By the clock "
      + `${count(top)} workers are ${ratio(amdahl(law.s, top))} times faster: believe the clock.`);
  }
  return said;
}

function lawsTable(state, law) {
  // The wrong reading stands beside the right one; there is no room for more than five columns.
  const [head, cell] = state.k > 1 ? [`wrong: s(${count(state.k)})`, (p) => fixed(amdahl(state.s, p))]
    : ["used well", (p, value) => percent(efficiency(value, p))];
  const heads = ["workers", "same job", "bigger job", head, ...(state.effective ? ["effective"] : [])];
  const fixed = (value) => grouped(value, 2);
  const row = (p) => {
    const value = speedup(law, p);
    const cells = [count(p), fixed(value), fixed(biggerJob({ ...law, s: state.s }, p)), cell(p, value),
      ...(state.effective ? [fixed(effective(law.s, p))] : [])];
    return html("tr", {}, ...cells.map((text) => html("td", {}, text)));
  };
  return html("table", { id: "explorer-table" },
    html("thead", {}, html("tr", {}, ...heads.map((text) => html("th", { scope: "col" }, text)))),
    html("tbody", {}, ...ROWS.map(row)));
}

function explorerPicture(state, law, data, hidden) {
  const bigger = (p) => biggerJob({ ...law, s: state.s }, p);
  // The job that was made bigger is another one, with a serial fraction of its own: the law need not meet its points.
  const both = () => bothSeries(data.same.whole_job, data.bigger?.whole_job ?? []);
  const shown = !hidden && state.points && data.same ? both().filter(({ points: list }) => list.length > 0) : [];
  const farthest = Math.max(0, ...shown.flatMap(({ points: list }) => list.map((point) => point.x)));
  const most = 2 ** Math.ceil(Math.log2(Math.max(1024, state.p, farthest)));
  const near = Math.max(8, 1.25 * state.p, 4 * Math.min(law.lanes ?? most, law.s > 0 ? 1 / law.s : most));
  const x = { name: "workers", log: state.x === "log", from: state.x === "log" ? 1 : 0,
    to: state.x === "log" ? most : Math.min(most, near), unit: "count" };
  const inside = shown.flatMap(({ points: list }) => list.filter((point) => point.x <= x.to));
  const heights = inside.flatMap((point) => [point.y, point.high]);
  const highest = Math.max(2, ...heights, bigger(x.to), speedup(law, Math.min(state.p, x.to)));
  const y = { name: "times one worker", log: state.y === "log", from: state.y === "log" ? Math.min(1, ...heights) : 0,
    to: 1.1 * highest, unit: "count" };
  const curves = [{ name: "ideal", class: "faint", line: "compare", points: along(x, (p) => p) }];
  const notes = [];
  if (!hidden) {
    const limit = attainable(law);
    if (limit !== null) {
      const name = `ceiling of this law ${ratio(limit)}`;
      curves.push({ name, class: "s0", line: "compare", points: along(x, () => limit) });
    }
    const on = (rule) => along(x, (p) => (p < 1 ? null : rule(p)));
    curves.push({ name: "bigger job (Gustafson)", class: "s1", line: "law", points: on(bigger) });
    const same = state.effective ? "by the clock (Amdahl)" : "same job (Amdahl)";
    curves.push({ name: same, class: "s0", line: "law", points: on((p) => speedup(law, p)) });
    const top = state.effective ? effectivePeak(law.s) : null;
    if (state.effective) {
      const points = on((p) => effective(law.s, p));
      curves.push({ name: "effective curve", class: "s3", line: "law beyond", points });
    }
    if (state.k > 1) {
      const name = `Amdahl with s(${count(state.k)})`;
      curves.push({ name, class: "s4", line: "law beyond", points: on((p) => amdahl(state.s, p)) });
    }
    if (top !== null) {
      const height = effective(law.s, top);
      const text = `Top of the effective curve: ${height.toFixed(2)} on ${workersIn(top)}`;
      notes.push({ x: top, y: height, text: `top on ${count(top)}` });
      shown.push({ name: "", class: "s3", mark: 3, points: [{ x: top, y: height, low: height, high: height, text }] });
    }
  }
  const value = speedup(law, state.p);
  const text = `${workersIn(state.p)}: ${ratio(value)} times faster`;
  const here = { x: state.p, y: value, low: value, high: value, text };
  const chosen = { name: `on ${workersIn(state.p)}`, class: "s2", mark: 2, points: hidden ? [] : [here] };
  return { x, y, curves, notes, series: [...shown, chosen], label: "Speedup by both laws over workers" };
}

// A question before the answer: how many times faster? Calls back once the guess stands.
function guessing(answered) {
  let guessed = 1;
  const question = html("p", {});
  const input = slider({ id: "explorer-guess", label: "my guess: times faster", steps: doublings(20), least: 1,
    most: 2 ** 20, show: count }, (value) => {
    guessed = value ?? 1;
    input.set(guessed);
  });
  const button = html("button", { type: "button", click: answered }, "That is my guess");
  const answer = html("p", { class: "finding", "aria-live": "polite" });
  const form = html("div", { class: "guess" }, question, input.element, button);
  const element = html("div", {}, form, answer);
  return { element, ask, tell };

  // Asks, if the answer is hidden; a new question is a new guess.
  function ask({ s, k, p }, hidden) {
    form.hidden = !hidden;
    if (!hidden) return;
    guessed = 1;
    input.set(guessed);
    question.textContent = `${percent(s)} of the time ${k > 1 ? `on ${workersIn(k)} ` : ""}is serial. `
      + `How many times faster is the same job on ${workersIn(p)}?`;
  }

  function tell(is, value) {
    answer.textContent = is ? `You guessed ${ratio(guessed)} times. It is ${ratio(value)} times.` : "";
  }
}
