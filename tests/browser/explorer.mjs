// The explorer: presets, sliders, fields, the state in the address, and a guess.

import assert from "node:assert/strict";

const BIG = ["speedup", "bigger", "ceiling", "enough", "used"];

// The big numbers: same job, bigger job, 1/s, workers for 90 % of the ceiling, used well.
const numbers = async (page) => {
  const texts = await Promise.all(BIG.map((name) => page.locator(`#explorer-${name}`).textContent()));
  return texts.join(" | ");
};

// A column of the table, counted from 0.
const column = (page, at) => page.locator(`#explorer-table tbody td:nth-child(${at + 1})`).allTextContents();

const preset = (page, name) => page.locator(".presets button", { hasText: name }).click();

const fragment = (page) => page.evaluate(() => decodeURI(location.hash));

// What stands under the figure.
const said = (page) => page.locator("#explorer-tools .sentence").innerText();

// Sets a field beside a slider.
async function type(page, label, value) {
  const field = page.getByLabel(`${label}, exactly`);
  await field.fill(value);
  await field.press("Enter");
}

export async function the_eight_rows_of_both_laws(open) {
  const page = await open("alone.html");
  const known = {
    "s = 0.5": ["1.00 1.33 1.60 1.78 1.88 1.97 1.99 2.00", "1.00 1.50 2.50 4.50 8.50 32.50 128.50 512.50"],
    "s = 0.1": ["1.00 1.82 3.08 4.71 6.40 8.77 9.66 9.91", "1.00 1.90 3.70 7.30 14.50 57.70 230.50 921.70"],
    "s = 0.02": ["1.00 1.96 3.77 7.02 12.31 28.32 41.97 47.72", "1.00 1.98 3.94 7.86 15.70 62.74 250.90 1,003.54"],
  };
  for (const [name, [amdahl, gustafson]] of Object.entries(known)) {
    await preset(page, name);
    assert.equal((await column(page, 0)).join(" "), "1 2 4 8 16 64 256 1,024");
    assert.equal((await column(page, 1)).join(" "), amdahl, name);
    assert.equal((await column(page, 2)).join(" "), gustafson, name);
  }
}

export async function presets_have_their_numbers(open) {
  const page = await open("alone.html");
  const known = {
    "s = 0.5": "1.88 | 8.50 | 2.00 | 9 | 11.8 %",
    "s = 0.1": "6.40 | 14.5 | 10.0 | 81 | 40.0 %",
    "s = 0.02": "28.3 | 62.7 | 50.0 | 441 | 44.2 %",
    "240 ms compute": "16.5 | 25.8 | 33.0 | 288 | 51.6 %",
    "1,800 ms compute": "9.91 | 10.9 | 91.0 | 810 | 90.1 %",
    "22 % on 256 workers": "30.9 | 25.2 | 909 | 8,169 | 96.7 %",
  };
  for (const [name, expected] of Object.entries(known)) {
    await preset(page, name);
    assert.equal(await numbers(page), expected, name);
    assert.equal(await page.locator(".presets [aria-pressed=true]").count(), 1);
  }
}

export async function the_effective_curve_has_its_top_at_eleven(open) {
  const page = await open("alone.html");
  await preset(page, "1,800 ms compute");
  assert.equal(await page.locator("#explorer-tools svg.plot text", { hasText: "top on" }).textContent(), "top on 11");
  assert.equal((await column(page, 4)).join(" "), "1.00 1.96 3.55 5.09 4.90 2.35 1.35 1.09");
  assert.match(await said(page), /1\.82 s on one worker, 184 ms on 11\./);
  assert.match(await said(page), /highest on 11 workers: 5\.27\..*By the clock 11 workers are 9\.91 times faster/);
}

export async function a_profile_on_many_workers_gives_the_fraction_on_one(open) {
  const page = await open("alone.html");
  await preset(page, "22 % on 256 workers");
  assert.match(await said(page), /22\.0 % of the time on 256 workers is 0\.11 % .*one/);
  // What s(256) would predict stands beside what s(1) does, in words, in the table and in the picture.
  assert.match(await said(page), /formula with s\(256\) would say 4\.09 times on 32 workers/);
  assert.equal((await column(page, 3)).join(" "), "1.00 1.64 2.41 3.15 3.72 4.31 4.48 4.53");
  const named = (name) => page.locator("#explorer-tools svg.plot text", { hasText: name });
  for (const name of ["Amdahl with s(256)", "effective curve", "by the clock"]) {
    assert.equal(await named(name).count(), 1, name);
  }
  // On the workers of the profile both laws say the same.
  await type(page, "workers p", "256");
  assert.equal(await numbers(page), "200 | 200 | 909 | 8,169 | 78.1 %");
  await type(page, "s was measured on K workers", "1");
  assert.equal(await numbers(page), "4.48 | 200 | 4.55 | 32 | 1.8 %");
  assert.equal(await named("Amdahl with").count(), 0);
}

export async function sliders_move_by_keys_and_fields_take_any_number(open) {
  const page = await open("alone.html", { fragment: "#explorer?s=0.1&p=16" });
  const workers = page.getByLabel("workers p", { exact: true });
  await workers.focus();
  await workers.press("ArrowRight");
  assert.equal(await workers.getAttribute("aria-valuetext"), "24");
  assert.equal(await fragment(page), "#explorer?p=24");
  await workers.press("ArrowRight");
  assert.equal(await numbers(page), "7.80 | 28.9 | 10.0 | 81 | 24.4 %");
  await type(page, "serial fraction s", "0.05");
  await type(page, "workers p", "200");
  assert.equal(await numbers(page), "18.3 | 190 | 20.0 | 171 | 9.1 %");
  await type(page, "lanes of the hardware", "10");
  assert.equal(await numbers(page), "6.90 | 9.98 | 20.0 | 9 | 3.4 %");
  assert.match(await said(page), /runs 10 workers at once; more of them take turns/);
  await type(page, "lanes of the hardware", "");
  await type(page, "cost of each extra worker", "0.001");
  assert.equal(await numbers(page), "3.94 | 159 | 20.0 | 17 | 2.0 %");
  assert.match(await said(page), /Beyond 31 workers another one costs more/);
  assert.equal(await fragment(page), "#explorer?s=0.05&p=200&cost=0.001");
  assert.deepEqual(page.faults, []);
}

export async function the_address_holds_the_state(open) {
  const page = await open("alone.html", { fragment: "#explorer?s=0.02&p=1024&x=linear&y=linear&effective=true" });
  assert.equal(await numbers(page), "47.7 | 1,000 | 50.0 | 441 | 4.7 %");
  for (const name of ["workers", "times"]) {
    assert.ok(await page.getByRole("group", { name, exact: true }).getByLabel("linear").isChecked());
  }
  assert.ok(await page.getByRole("checkbox", { name: "effective curve" }).isChecked());
  const top = await page.locator("#explorer").evaluate((section) => section.getBoundingClientRect().top);
  assert.ok(Math.abs(top) < 900, "the explorer is in sight");
  await page.evaluate(() => { location.hash = "#explorer?s=0.5&p=8"; });
  await page.locator("#explorer-speedup", { hasText: /^1\.78$/ }).waitFor();
  await page.evaluate(() => { location.hash = "#explorer"; });
  assert.equal(await page.locator("#explorer-speedup").textContent(), "1.78", "a plain link changes nothing");
  // Nonsense is as if it were not there, or comes back within the limits.
  await page.evaluate(() => { location.hash = "#explorer?s=two&p=-5&lanes=&cost=9&x=evil&__proto__=1&k=1e99"; });
  await page.locator("#explorer-speedup", { hasText: /^1\.00$/ }).waitFor();
  assert.equal(await page.getByLabel("s was measured on K workers, exactly").inputValue(), "1048576");
  assert.deepEqual(page.faults, []);
}

export async function a_guess_comes_before_the_answer(open) {
  const page = await open("alone.html", { fragment: "#explorer?s=0.1&p=64&guess=true" });
  assert.equal(await numbers(page), "? | ? | ? | ? | ?");
  assert.equal(await page.locator("#explorer-tools .law").count(), 0, "no curve is drawn");
  assert.equal(await page.locator("#explorer-table").count(), 0);
  assert.match(await page.locator(".guess").innerText(), /How many times faster is the same job on 64 workers\?/);
  const guess = page.getByLabel("my guess: times faster", { exact: true });
  await guess.focus();
  for (let press = 0; press < 9; press += 1) await guess.press("ArrowRight");
  await page.getByRole("button", { name: "That is my guess" }).click();
  assert.equal(await page.locator("#explorer-tools .finding").innerText(), "You guessed 32.0 times. It is 8.77 times.");
  assert.ok(await page.locator("#explorer-tools .law").count() >= 2);
  await type(page, "workers p", "4");
  assert.equal(await page.locator("#explorer-speedup").textContent(), "?", "a new question");
  await page.getByLabel("guess first").uncheck();
  assert.equal(await page.locator("#explorer-speedup").textContent(), "3.08");
}
