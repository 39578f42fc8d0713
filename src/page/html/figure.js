
// Pictures of points and curves, redrawn whenever something changes.

// Marks of the series, around their middle, as in the picture that stands without a script: circle, square, diamond,
// triangle.
const MARKS = [
  "m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z", "m-7-7h14v14h-14z", "m0-8l8 8-8 8-8-8z", "m0-8l7.5 13h-15z",
];

// Sizes in the picture's own units, in which a letter is 18 high, and a digit of the widest usual font 11.5 wide.
const [LINE, LETTER, GAP, SAMPLE, MARGIN] = [26, 11.5, 10, 34, 28];

// Points along a curve.
const SAMPLES = 160;

// A curve of a law over an axis.
function along(axis, law) {
  const places = Array.from({ length: SAMPLES + 1 }, (_, index) => valueAt(axis, index / SAMPLES));
  return places.filter((x) => x > 0).map((x) => [x, law(x)]);
}

// Draws into a box. A picture is { x, y, label, curves, series, notes }: axes; curves { name, class, line, points }
// with the line "law", "law beyond" or "compare"; series { name, class, mark, points } of { x, y, low, high, text }, of
// which the last is on top, and named first; notes { x, y, text } by the curves. Pointing at a mark, or coming to it
// with the arrow keys, tells its text.
function draw(box, picture) {
  const width = widthIn(box.element);
  const { x, y } = picture;
  const yTicks = ticks(y, 6);
  const left = GAP + LETTER * Math.max(...yTicks.map((tick) => tickText(y, tick).length));
  const [legend, lines] = legendOf(picture, width);
  const top = (lines + 1) * LINE + GAP;
  const field = { left, top, right: width - MARGIN, bottom: top + 150 + width / 4 };
  const across = (value) => field.left + place(x, value) * (field.right - field.left);
  const up = (value) => field.bottom - place(y, value) * (field.bottom - field.top);
  const size = { x: left, y: top, width: field.right - left, height: field.bottom - top };
  const clipped = svg("svg", { ...size, viewBox: Object.values(size).join(" ") });
  for (const curve of picture.curves) clipped.append(line(curve, across, up));
  const marks = picture.series.flatMap((series) => points(series, picture, across, up));
  const notes = (picture.notes ?? []).map((note) => noteOf(note, field, across, up));
  const drawn = svg("svg", { class: "plot", viewBox: `0 0 ${width} ${field.bottom + 2 * LINE + GAP}`, role: "group",
    "aria-label": picture.label, keydown: walk },
  ...legend, axes(picture, field, across, up, yTicks), clipped, ...marks, ...notes);
  marks.find((mark) => mark.hasAttribute("tabindex"))?.setAttribute("tabindex", "0");
  for (const name of ["mouseover", "focusin"]) {
    drawn.addEventListener(name, (event) => {
      const text = event.target.getAttribute("aria-label");
      if (text && event.target !== drawn) box.readout.textContent = text;
    });
  }
  box.element.replaceChildren(drawn);
}

// The width of a picture in its own units: letters keep about the size of those around it.
function widthIn({ clientWidth }) {
  if (clientWidth > 800) return 860;
  return clientWidth > 0 && clientWidth < 560 ? 400 : 640;
}

// A place for a picture, and the line that tells what is pointed at. It is drawn again when it gets wider or narrower.
function box(hint, redraw) {
  const element = html("div", { class: "figure" });
  const readout = html("p", { class: "readout", "aria-live": "polite" }, hint);
  let width = null;
  new ResizeObserver(() => {
    const is = widthIn(element);
    if (width !== null && width !== is) redraw();
    width = is;
  }).observe(element);
  return { element, readout };
}

// The names of everything drawn, in lines, and how many lines they take.
function legendOf({ curves, series }, width) {
  const measured = series.filter(({ points: list }) => list.length > 0).reverse();
  const entries = [...measured, ...curves].filter(({ name }) => name);
  const drawn = [];
  let [at, row] = [0, 0];
  for (const { name, class: tone, mark, line: kind } of entries) {
    const length = SAMPLE + GAP + 0.9 * name.length * LETTER;
    if (at > 0 && at + length > width) [at, row] = [0, row + 1];
    const middle = row * LINE + LINE / 2;
    const d = kind ? `M${at} ${middle}h${SAMPLE}` : `M${at + SAMPLE / 2} ${middle}${MARKS[mark]}`;
    drawn.push(svg("path", { class: `${kind ?? "mark"} ${tone}`, d }));
    drawn.push(svg("text", { x: at + SAMPLE + GAP, y: middle + 6 }, name));
    at += length + 2 * GAP;
  }
  return [drawn, row + (at > 0 ? 1 : 0)];
}

function axes({ x, y }, field, across, up, yTicks) {
  const parts = [];
  let free = 0;
  for (const tick of ticks(x, field.right > 500 ? 8 : 5)) {
    const [at, text] = [across(tick), tickText(x, tick)];
    parts.push(svg("path", { d: `M${at} ${field.bottom}V${field.top}` }));
    const half = text.length * LETTER / 2;
    const middle = Math.min(at, field.right + MARGIN - half);
    if (middle - half < free) continue;
    free = middle + half + GAP;
    parts.push(svg("text", { x: middle, y: field.bottom + LINE, class: "middle" }, text));
  }
  for (const tick of yTicks) {
    parts.push(svg("path", { d: `M${field.left} ${up(tick)}H${field.right}` }));
    parts.push(svg("text", { x: field.left - GAP, y: up(tick) + 6, class: "end" }, tickText(y, tick)));
  }
  parts.push(svg("path", { class: "edge", d: `M${field.left} ${field.top}V${field.bottom}H${field.right}` }));
  parts.push(svg("text", { x: 0, y: field.top - GAP - 4, class: "name" }, y.name));
  parts.push(svg("text", { x: field.right, y: field.bottom + 2 * LINE, class: "name end" }, x.name));
  return svg("g", { class: "axis" }, ...parts);
}

function line({ class: tone, line: kind, points: list }, across, up) {
  const drawable = list.filter(([, height]) => height !== null && Number.isFinite(height) && height > 0);
  const corners = drawable.map(([x, height]) => `${across(x).toFixed(1)} ${up(height).toFixed(1)}`);
  return svg("path", { class: `${kind} ${tone}`, d: corners.length > 1 ? `M${corners.join("L")}` : "" });
}

// The marks of a series with their intervals, inside the axes only.
function points({ class: tone, mark, points: list }, { x, y }, across, up) {
  const inside = (axis, value) => place(axis, value) >= -1e-9 && place(axis, value) <= 1 + 1e-9;
  const end = (value) => up(Math.min(y.to, Math.max(y.from, value)));
  return list.filter((point) => inside(x, point.x) && inside(y, point.y)).flatMap((point) => {
    const [at, height] = [across(point.x), up(point.y)];
    const [low, high] = [end(point.low), end(point.high)];
    const whisker = svg("path", { class: `interval ${tone}`,
      d: `M${at} ${low}V${high}M${at - 5} ${low}h10M${at - 5} ${high}h10` });
    const marked = svg("path", { class: `mark ${tone}`, d: `M${at} ${height}${MARKS[mark]}`, tabindex: "-1",
      role: "img", "aria-label": point.text });
    return low - high > 12 ? [whisker, marked] : [marked];
  });
}

// A text under a point of the picture, on the side where there is room.
function noteOf({ x, y, text }, field, across, up) {
  const [at, height] = [across(x), Math.min(field.bottom - GAP, up(y) + LINE)];
  const ends = at + text.length * LETTER > field.right;
  return svg("text", { x: ends ? at - GAP : at + GAP, y: height, class: `note${ends ? " end" : ""}` }, text);
}

// Arrow keys go from mark to mark.
function walk(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const marks = [...event.currentTarget.querySelectorAll(".mark[tabindex]")];
  const next = marks[marks.indexOf(event.target) + step];
  if (!step || !next || !marks.includes(event.target)) return;
  event.preventDefault();
  event.target.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}
