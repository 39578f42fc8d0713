// The tools over what was measured: their numbers are those of the page without a script.

import assert from "node:assert/strict";

const dataOf = (page) => page.evaluate(() => JSON.parse(document.getElementById("data").textContent));

// The text of a part without its tools.
const still = async (page, id) => (await page.locator(`#${id} > :not([id$=-tools])`).allTextContents()).join("\n");

const group = (page, part, name) => page.locator(`#${part}`).getByRole("group", { name, exact: true });

export async function the_figure_changes_its_axes_and_its_times(open) {
  const page = await open("report.html");
  const [figure, data] = [page.locator("#laws-tools svg.plot"), await dataOf(page)];
  const marks = (tone) => figure.locator(`.mark.${tone}[tabindex]`);
  const near = data.same.whole_job.filter(([p]) => p <= 64);
  assert.equal(await marks("s0").count(), near.length, "linear up to four times what fills the hardware");
  const mark = marks("s0").nth(near.findIndex(([p]) => p === 16));
  await mark.hover();
  const readout = page.locator("#laws-tools .readout");
  assert.match(await readout.innerText(), /^16 workers: 2\.02 ms, 14\.3 times \(1\d\.\d–14\.\d\)$/);
  assert.match(await still(page, "stops"), /2\.02 ms\s*14\.3 x/, "as in the table below");
  await group(page, "laws", "time of").getByLabel("the kernel").check();
  await mark.hover();
  assert.match(await readout.innerText(), /^16 workers: 1\.88 ms, 15\.3 times/);
  await group(page, "laws", "workers").getByLabel("log").check();
  await group(page, "laws", "times").getByLabel("log").check();
  assert.equal(await marks("s0").count(), data.same.kernel.length, "all of them");
  assert.equal(await marks("s1").count(), data.bigger.kernel.length);
  assert.equal(await figure.locator(".law.beyond").count(), 1, "dashed beyond the data");
  assert.ok(await figure.locator(".axis text", { hasText: /^1,024$/ }).count() === 1);
  assert.deepEqual(page.faults, []);
}

export async function marks_are_read_by_keys(open) {
  const page = await open("report.html");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await page.locator("#laws-tools .mark[tabindex='0']").focus();
  const first = await focused();
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await focused(), first);
  assert.equal(await page.locator("#laws-tools .readout").innerText(), await focused());
  await page.keyboard.press("ArrowLeft");
  assert.equal(await focused(), first);
  assert.equal(await page.locator("#laws-tools .mark[tabindex='0']").count(), 1, "one stop for the tabulator");
}

export async function the_explorer_begins_with_this_device(open) {
  const page = await open("report.html");
  const fit = (await dataOf(page)).fits.whole_job;
  assert.equal(await page.locator(".presets [aria-pressed=true]").innerText(), "this device");
  assert.equal(Number(await page.getByLabel("serial fraction s, exactly").inputValue()),
    Number(fit.law.serial_fraction.toPrecision(5)));
  assert.equal(await page.locator("#explorer-speedup").textContent(), "14.4", "the fit on 16 workers");
  assert.match(await page.locator("#explorer-tools .sentence").innerText(), /28\.9 ms on one worker, 2\.01 ms on 16\./);
  const marks = page.locator("#explorer-tools .mark.s0[tabindex]");
  assert.equal(await marks.count(), (await dataOf(page)).same.whole_job.length);
  await page.getByLabel("measured points").uncheck();
  assert.equal(await marks.count(), 0);
  // The address of this device's state, opened anew, is the same state.
  await page.getByLabel("measured points").check();
  const again = await open("report.html", { fragment: await page.evaluate(() => location.hash) });
  assert.equal(await again.locator(".presets [aria-pressed=true]").innerText(), "this device");
  assert.equal(await again.locator("#explorer-tools .mark.s0[tabindex]").count(), await marks.count());
}

export async function phases_are_made_free(open) {
  const page = await open("report.html");
  const tools = page.locator("#free-tools");
  const faster = () => tools.locator("tbody tr td:last-child").allTextContents();
  const bars = await tools.locator("tbody th").allTextContents();
  assert.deepEqual(bars, ["1 worker", "2 workers", "4 workers", "16 workers", "8,192 workers"]);
  assert.deepEqual(await faster(), ["1.00 times", "1.99 times", "3.86 times", "14.3 times", "13.3 times"]);
  await tools.getByLabel("make the set-up free").check();
  const best = (await still(page, "stops")).match(/without (\S+) \(.*\) (\S+) times instead of (\S+)\./);
  assert.deepEqual(best.slice(1), ["set-up", "14.9", "14.3"]);
  const sentence = await tools.locator(".sentence").innerText();
  assert.match(sentence, /^Without set-up .* 1\.94 ms .* 14\.9 times .* not 14\.3\.$/);
  assert.equal((await faster())[3], "14.9 times");
  const phases = await dataOf(page).then((data) => data.phases);
  for (const name of ["launch", "read-back"]) await tools.getByLabel(`make the ${name} free`).check();
  const rest = ({ whole_job, "set-up": a, launch: b, "read-back": c }) => whole_job - a - b - c;
  const expected = rest(phases[0]) / rest(phases.find(({ workers }) => workers === 16));
  assert.equal((await faster())[3], `${expected.toPrecision(3)} times`);
  assert.equal(await tools.locator("tbody tr:nth-child(4) rect").count(), 1, "only the kernel is left");
  const named = await tools.locator("li").allTextContents();
  assert.deepEqual(named.map((text) => text.split(",")[0]), ["distribution", "communication", "coordination"]);
}

export async function batching_is_answered_for_any_kernel(open) {
  const page = await open("report.html");
  const tools = page.locator("#batch-tools");
  const field = tools.getByLabel("my kernel takes, in µs:, exactly");
  const answer = async (microseconds) => {
    await field.fill(microseconds);
    await field.press("Enter");
    return tools.locator(".finding").innerText();
  };
  const { launch } = await dataOf(page);
  assert.equal(await tools.locator("tbody tr").count(), launch.length);
  const helps = /^Batching still helps: 44\.4 % of .* 3\.8 % in a batch\. That is 1\.73 times faster\.$/;
  assert.match(await answer("100"), helps);
  const longer = /^Batch, and make each kernel longer: 98\.8 % .* 79\.9 % in a batch\. That is /;
  assert.match(await answer("1"), longer);
  assert.match(await answer("100000"), /^No need to batch: 0\.080 %/);
  const slider = tools.getByLabel("my kernel takes, in µs:", { exact: true });
  await slider.focus();
  await slider.press("Home");
  assert.equal(await slider.getAttribute("aria-valuetext"), "1.00 µs");
  assert.match(await still(page, "batch"), /shorter than 79\.7 µs/);
  assert.match(await answer("79"), /^Batch, for it waits longer than it runs: 50\.2 %/);
  assert.match(await answer("80"), /^Batching still helps: 49\.9 %/, "the same threshold as in the sentence");
  const marks = tools.locator("svg.plot .mark[tabindex]");
  await marks.last().hover();
  assert.match(await tools.locator(".readout").innerText(), /^256 launches, waiting each time: 22\.8 ms$/);
  assert.equal(await tools.locator("svg.plot .law").count(), 3, "predictions, and their name in the legend");
}
