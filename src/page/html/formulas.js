"use strict";
// The script of the page, in pieces that are joined in this order: formulas, numbers, controls, axis, figure, laws,
// explorer, free, batch, page. Everything that the page says is there without it; it adds pictures to play with.
//
// Classes that it needs styles for (tools.css): tools, tool, bar-of-tools, presets, figures, figure, readout, sentence,
// parts, key, explorer, guess, replaced. Pictures have the classes of plot.css.
//
// This piece: the laws. Nothing here touches the page. A serial fraction s lies in 0 … 1, a number of workers p is at
// least 1, times are in seconds, and what there is not is null.

// Amdahl (1967): the same job on p workers, against one.
const amdahl = (s, p) => 1 / (s + (1 - s) / p);

// Gustafson (1988): a job that grows with its workers; s is the serial share of the time on the p workers.
const gustafson = (s, p) => p - s * (p - 1);

// The share of the workers that a speedup makes use of.
const efficiency = (speedup, p) => speedup / p;

// The speedup that no number of workers exceeds.
const ceiling = (s) => (s > 0 && Number.isFinite(1 / s) ? 1 / s : null);

// Rounds up, but forgives the last digits: 81.00000001 means 81.
const wholeWorkers = (p) => Math.max(1, Math.ceil(p * (1 - 1e-9)));

// The serial share of a job's time on k workers.
const shareOn = (s, k) => s / (s + (1 - s) / k);

// The serial fraction on one worker, from the serial share of a profile that was taken on k workers.
const fractionFrom = (share, k) => share / (share + k * (1 - share));

// What p workers leave of the parallel part, where the hardware runs so many lanes at once (null: any number). The
// lanes fill up at once (shape null), or gradually: (p^-k + lanes^-k)^(1/k).
function parallelTime(lanes, shape, p) {
  if (lanes === null) return 1 / p;
  const [few, many] = p < lanes ? [p, lanes] : [lanes, p];
  return shape === null ? 1 / few : Math.exp(Math.log1p((few / many) ** shape) / shape) / few;
}

// Time on p workers, where one takes 1. A law is { s, lanes, shape, cost }; every further worker adds its cost.
function relativeTime({ s, lanes, shape, cost }, p) {
  return s + (1 - s) * parallelTime(lanes, shape, p) / parallelTime(lanes, shape, 1) + cost * (p - 1);
}

// The speedup of the same job by such a law.
const speedup = (law, p) => 1 / relativeTime(law, p);

// The work that p workers do in the time of one: Gustafson's law, where more workers than lanes take turns and each
// costs something.
function biggerJob({ s, lanes, shape, cost }, p) {
  const turns = p * parallelTime(lanes, shape, p) / parallelTime(lanes, shape, 1);
  return gustafson(s, p) / (s + (1 - s) * turns + cost * (p - 1));
}

// The number of workers beyond which the job gets slower; null if it never does.
function peakWorkers(law) {
  if (law.cost <= 0) return null;
  const free = Math.max(1, Math.sqrt((1 - law.s) / law.cost));
  if (law.lanes === null) return free;
  if (law.shape === null) return Math.min(free, law.lanes);
  let [low, high] = [0, Math.log(free)];
  while (high - low > 1e-7) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (relativeTime(law, Math.exp(left)) < relativeTime(law, Math.exp(right))) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

// The highest speedup that the law allows on this hardware; null if nothing limits it.
function attainable(law) {
  const peak = peakWorkers(law);
  if (peak !== null) return speedup(law, peak);
  const least = law.lanes === null ? 0 : 1 / law.lanes / parallelTime(law.lanes, law.shape, 1);
  const time = law.s + (1 - law.s) * least;
  return time > 0 && Number.isFinite(1 / time) ? 1 / time : null;
}

// The fewest workers that reach a share of that speedup.
function workersForShare(law, share) {
  const most = attainable(law);
  if (most === null) return null;
  if (speedup(law, 1) >= share * most) return 1;
  let [low, high] = [1, Math.max(2, peakWorkers(law) ?? 2)];
  while (speedup(law, high) < share * most) high *= 2;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (speedup(law, middle) >= share * most) high = middle;
    else low = middle;
  }
  return wholeWorkers(high);
}

// The common mistake: the serial share taken anew on every p, and put into Amdahl's formula, which has divided the
// compute by p already. It counts the communication twice.
const effective = (s, p) => amdahl(shareOn(s, p), p);

// The number of workers on which that curve is highest, by its derivative; null if it has no top.
function effectivePeak(s) {
  const top = (1 - s) / (Math.sqrt(s) - s);
  if (!(Number.isFinite(top) && top > 0)) return null;
  const [below, above] = [Math.max(1, Math.floor(top)), Math.max(1, Math.ceil(top))];
  return effective(s, above) > effective(s, below) ? above : below;
}

// The time of a job without some of its phases.
const secondsWithout = (names, job) =>
  Math.max(0, names.reduce((time, name) => time - (job[name] ?? 0), job.whole_job));

// Its speedup over the job on the fewest workers, without the same phases; null if nothing is left.
function speedupWithout(names, first, job) {
  const [before, after] = [secondsWithout(names, first), secondsWithout(names, job)];
  return before > 0 && after > 0 ? before / after : null;
}

// The share of the time that launching takes, for a kernel of so many seconds.
const lost = (launch, kernel) => launch / (launch + kernel);

globalThis.amdahl = {
  amdahl, gustafson, efficiency, ceiling, shareOn, fractionFrom, parallelTime, speedup, biggerJob, peakWorkers,
  attainable, workersForShare, effective, effectivePeak, secondsWithout, speedupWithout, lost,
};
