
// Axes: { name, log, from, to, unit }, where the unit is "count" or "seconds".

const place = ({ log, from, to }, value) =>
  log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);

// The value at a place, 0 … 1.
const valueAt = ({ log, from, to }, at) => (log ? from * (to / from) ** at : from + at * (to - from));

// Round steps of 1, 2 or 5 times a power of ten; on a logarithmic axis powers of two, or for times of ten, and 1, 2 and
// 5 times these if the axis is short.
function ticks(axis, most) {
  const { log, from, to, unit } = axis;
  const found = [];
  if (!log) {
    const rough = (to - from) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((digit) => digit * power).find((digit) => digit >= rough * 0.999);
    for (let tick = 0; tick <= to * 1.0001; tick += step) if (tick >= from) found.push(tick);
    return found;
  }
  const base = unit === "seconds" ? 10 : 2;
  const powers = Math.log(to / from) / Math.log(base);
  const digits = base === 10 && powers < 2 ? [1, 2, 5] : [1];
  const step = Math.max(1, Math.ceil(powers / most));
  const first = base === 2 ? 0 : Math.floor(Math.log10(from));
  for (let power = first; base ** power <= to * 1.0001; power += step) {
    found.push(...digits.map((digit) => digit * base ** power));
  }
  return found.filter((tick) => tick >= from * 0.9999 && tick <= to * 1.0001);
}

// The short text of a tick: 1,024, 1,048,576, 10 µs.
function tickText({ unit }, value) {
  if (unit === "seconds") {
    const [size, name] = scaleOf(value);
    return `${count(value / size)} ${name}`;
  }
  return value > 0 && value < 1 ? ratio(value) : grouped(value, Number.isInteger(value) ? 0 : 1);
}
