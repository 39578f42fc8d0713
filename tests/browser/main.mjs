// One check of the pages in a browser: node main.mjs NAME FOLDER BROWSER. Started by tests/page, which makes the pages.
//
// The folder holds report.html of a run, alone.html without one, and evil.html of a run on a device with an evil name.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import * as explorer from "./explorer.mjs";
import * as measured from "./measured.mjs";
import * as whole from "./whole.mjs";

const [name, folder, executablePath] = process.argv.slice(2);
const check = { ...whole, ...explorer, ...measured }[name];
if (!check) throw new Error(`there is no check ${name}`);

// A browser's sandbox does not start for the superuser, who owns most containers.
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath, args });

// Opens a page; what it complains about and what it asks for are faults.
async function open(file, { fragment = "", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(join(folder, file)).href;
  page.faults = [];
  page.on("console", (message) => page.faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.faults.push(`error: ${error.stack}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address) page.faults.push(`request: ${request.url()}`);
  });
  await page.goto(address + fragment);
  return page;
}

try {
  await check(open);
} finally {
  await browser.close();
}
