
// Numbers as the page writes them: three digits, commas between thousands.

const grouped = (value, decimals) =>
  value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

// Decimals that show so many digits of a value.
const decimalsOf = (value, digits) => {
  const rounded = Number(value.toPrecision(digits));
  return Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded) || 1)));
};

// 14.1, 38,400, 0.39; an absent value is a dash.
function ratio(value) {
  if (value === null || !Number.isFinite(value)) return "–";
  const digits = Math.abs(value) < 0.995 ? 2 : 3;
  return grouped(Number(value.toPrecision(digits)), decimalsOf(value, digits));
}

// 2.5 %, 12.3 %: two digits below 10 %.
function percent(share) {
  const value = 100 * share;
  const digits = Math.abs(Number(value.toPrecision(2))) < 10 ? 2 : 3;
  return `${grouped(Number(value.toPrecision(digits)), value === 0 ? 0 : decimalsOf(value, digits))} %`;
}

const count = (value) => grouped(Math.round(value), 0);

// A value with the ends of its interval, in the digits of the value: 10.9 (10.6–11.1).
function interval([value, low, high], unit = "") {
  const decimals = decimalsOf(value, Math.abs(value) < 0.995 ? 2 : 3);
  const between = low === high ? "" : ` (${grouped(low, decimals)}–${grouped(high, decimals)})`;
  return ratio(value) + unit + between;
}

// The unit in which a time is readable.
const scaleOf = (value) => [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]].find(([unit]) => value >= 0.9995 * unit)
  ?? [1e-9, "ns"];

// A time: 1.34 ms.
function seconds(value) {
  const [unit, name] = scaleOf(value);
  return `${grouped(Number((value / unit).toPrecision(3)), value > 0 ? decimalsOf(value / unit, 3) : 0)} ${name}`;
}

const workersIn = (p) => `${count(p)} ${p === 1 ? "worker" : "workers"}`;
