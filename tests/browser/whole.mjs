// The page as a whole: nothing is loaded, nothing is lost without the script, nothing is wider than the screen.

import assert from "node:assert/strict";

const PAGES = ["report.html", "alone.html", "evil.html"];

const QUESTIONS = ["laws", "stops", "batch", "wins"];

export async function opens_from_disk_without_errors_or_requests(open) {
  for (const file of PAGES) {
    const page = await open(file);
    for (const button of await page.locator("button:visible").all()) await button.click();
    for (const box of await page.locator("input[type=checkbox]").all()) await box.check();
    for (const summary of await page.locator("summary:visible").all()) await summary.click();
    assert.deepEqual(page.faults, [], file);
    assert.ok(await page.locator(".tools").count() > 0, `${file}: no tools`);
  }
}

export async function every_number_is_there_without_the_script(open) {
  const [still, moving] = [await open("report.html", { javaScriptEnabled: false }), await open("report.html")];
  for (const id of QUESTIONS) {
    const text = await still.locator(`#${id}`).innerText();
    const numbers = text.match(/\d[\d.,]*/g) ?? [];
    assert.ok(numbers.length >= 8, `#${id} has too few numbers: ${text}`);
  }
  assert.match(await still.locator("#stops").innerText(), /14\.3/);
  assert.ok(await still.locator("#laws svg.plot .mark").count() > 10);
  assert.ok(await still.locator("#explorer svg.plot .mark").count() > 2);
  assert.equal(await still.locator("#explorer table tbody tr").count(), 8);
  assert.equal(await still.locator(".tools *").count(), 0);
  // What is static stays in the page, and only what the tools replace is hidden.
  for (const id of QUESTIONS) {
    const texts = (page) => page.locator(`#${id} > :not([id$=-tools])`).allTextContents();
    assert.deepEqual(await texts(still), await texts(moving), id);
  }
}

export async function no_page_is_wider_than_the_screen(open) {
  for (const file of PAGES) {
    for (const width of [1280, 400]) {
      const page = await open(file, { viewport: { width, height: 800 } });
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(await wide(), width, `${file} at ${width} px`);
      for (const details of await page.locator("details").all()) await details.evaluate((it) => { it.open = true; });
      for (const choice of await page.locator(".tools input[type=radio]").all()) await choice.check();
      for (const button of await page.locator(".presets button").all()) {
        await button.click();
        assert.equal(await wide(), width, `${file} at ${width} px, ${await button.innerText()}`);
      }
      const cut = await page.locator(".tools svg.plot text").evaluateAll((texts) => texts.filter((text) => {
        const [inner, outer] = [text.getBoundingClientRect(), text.closest("svg.plot").getBoundingClientRect()];
        return inner.width > 0 && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
      }).map((text) => text.textContent));
      assert.deepEqual(cut, [], `${file} at ${width} px: texts that are cut off`);
    }
  }
}

export async function an_evil_name_stays_text(open) {
  const page = await open("evil.html");
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  assert.equal(await page.locator("script").count(), 2);
  assert.equal(await page.locator("img, b.evil").count(), 0);
  const title = await page.locator("h1").innerText();
  assert.ok(title.includes(`=1+1 <script>globalThis.hacked=1</script> "quoted' <b class=evil>`), title);
  const named = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent).device);
  assert.ok(named.startsWith("=1+1 <script>"));
  assert.deepEqual(page.faults, []);
}
