
// Elements and controls. Texts become text nodes, so that a device may have any name.

// Fills an element: functions listen to the event of their name, everything else is an attribute.
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

const html = (tag, attributes, ...children) => filled(document.createElement(tag), attributes, children);

// The name space of pictures, as an empty one has it: no address stands on the page.
const PICTURES = (() => {
  const template = document.createElement("template");
  template.innerHTML = "<svg></svg>";
  return template.content.firstChild.namespaceURI;
})();

const svg = (tag, attributes, ...children) => filled(document.createElementNS(PICTURES, tag), attributes, children);

// A choice of one of several; calls back with the value that was chosen.
function choice(legend, name, options, chosen, changed) {
  const buttons = options.map(([value, text]) => {
    const checked = value === chosen;
    const input = html("input", { type: "radio", name, value, checked, change: () => changed(value) });
    return html("label", {}, input, ` ${text}`);
  });
  return html("fieldset", { class: "tool" }, html("legend", {}, legend), ...buttons);
}

// Chooses from outside what a choice shows.
function choose(fieldset, value) {
  for (const input of fieldset.querySelectorAll("input")) input.checked = input.value === value;
}

function checkbox(text, checked, changed) {
  const input = html("input", { type: "checkbox", checked, change: () => changed(input.checked) });
  return html("label", { class: "tool" }, input, ` ${text}`);
}

// A slider over a list of values, beside a field for any other value. An empty field is null, where null is allowed.
// Returns its element, and how to show a value that was set elsewhere.
function slider({ id, label, steps, most, least, show }, changed) {
  const range = html("input", { type: "range", id, min: 0, max: steps.length - 1, step: 1,
    input: () => changed(steps[Number(range.value)]) });
  const field = html("input", { type: "number", step: "any", min: least, max: most, "aria-label": `${label}, exactly`,
    change: () => changed(field.value === "" ? null : Number(field.value)) });
  const text = html("output", { for: id });
  const set = (value) => {
    const far = (step) => Math.abs(Math.log((step || 1e-30) / (value || 1e-30)));
    const nearest = (best, step, index) => (step !== null && far(step) < far(steps[best]) ? index : best);
    range.value = value === null ? steps.indexOf(null) : steps.reduce(nearest, 0);
    range.setAttribute("aria-valuetext", show(value));
    field.value = value ?? "";
    text.textContent = show(value);
  };
  const head = html("span", { class: "name" }, html("label", { for: id }, label), " ", text);
  return { element: html("div", { class: "tool slide" }, head, range, field), set };
}

// 1, 2, 3, 4, 6, 8, 12 … up to 2 to a power: steps of a slider over worker counts.
function doublings(power) {
  const steps = [1, 2];
  for (let step = 2; step < 2 ** power; step *= 2) steps.push(1.5 * step, 2 * step);
  return steps;
}

// Round numbers from 10 to a power on, up to the power 10^last: steps of a slider over shares and times.
function decades(first, last, digits = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]) {
  const steps = [];
  for (let power = first; power < last; power += 1) {
    steps.push(...digits.map((digit) => Number((digit * 10 ** power).toPrecision(3))));
  }
  return [...steps, 10 ** last];
}

// A bar of parts, { class, value }, as long as its share of the longest.
function stackBar(parts, longest) {
  let at = 0;
  const pieces = parts.map(({ class: name, value }) => {
    const piece = svg("rect", { class: name, x: at, width: 100 * Math.max(0, value) / longest, height: 10 });
    at += 100 * Math.max(0, value) / longest;
    return piece;
  });
  return svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, ...pieces);
}

// A table whose second column is a bar.
function barTable(heads, rows) {
  const head = html("tr", {}, ...heads.map((text) => html("th", { scope: "col" }, text)));
  const line = ([name, bar, ...cells]) => html("tr", {}, html("th", { scope: "row" }, name),
    html("td", { class: "bar" }, bar), ...cells.map((text) => html("td", {}, text)));
  return html("table", { class: "bars parts" }, html("thead", {}, head), html("tbody", {}, ...rows.map(line)));
}

// A number that is said aloud when it changes, with what it is.
const figureOf = (name, id) => html("div", { class: "number" }, html("dt", {}, name), html("dd", { id }, "–"));
