/* What the browser tests share: a browser that may talk to one server only, a page that
 * collects what must not happen, axe, screenshots, and a count of checks. */
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";

const require = createRequire(process.env.REBUT_NODE_MODULES + "/");
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const sums = { passed: 0, failed: 0 };
const shots = process.env.REBUT_SHOTS;

export function check(held, what, came) {
  if (held) sums.passed++;
  else {
    sums.failed++;
    console.log("FAIL: " + what + (came === undefined ? "" : ", came: " + JSON.stringify(came)));
  }
  return held;
}
export const equal = (came, wanted, what) => check(came === wanted, `expected ${what}: ${JSON.stringify(wanted)}`, came);

/* A flow is a name that is a sentence, and steps; one that throws has failed. */
export async function flow(name, steps) {
  const begin = Date.now();
  const before = sums.failed;
  try {
    await steps();
    sums.passed++;
  } catch (error) {
    check(false, name + ": " + String(error.stack || error).split("\n").slice(0, 6).join("\n    "));
  }
  console.log(`${sums.failed === before ? "ok  " : "FAIL"} ${name} (${Date.now() - begin} ms)`);
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });

/* A page that knows what it may not do.  `allowed`: statuses of refusals that the flow
 * provokes, of which the browser tells in its console. */
export async function open(browser, url, { language = "zh", dark = false, phone = false, allowed = [], scale = 1 } = {}) {
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    colorScheme: dark ? "dark" : "light",
    deviceScaleFactor: scale,
    locale: language === "en" ? "en-GB" : "zh-CN",
  });
  await context.addInitScript((chosen) => {
    if (localStorage.getItem("rebut.language") === null) localStorage.setItem("rebut.language", JSON.stringify(chosen));
  }, language);
  const page = await context.newPage();
  const host = new URL(url).host;
  page.dialogs = 0;
  page.on("request", (request) => {
    const other = new URL(request.url());
    if (!["data:", "blob:"].includes(other.protocol)) check(other.host === host, "expected requests to " + host + " only", request.url());
    else check(false, "expected no " + other.protocol + " request", request.url().slice(0, 80));
  });
  page.on("dialog", (dialog) => (page.dialogs++, dialog.dismiss()));
  page.on("pageerror", (error) => check(false, "expected no error in the page", String(error)));
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    const provoked = allowed.some((status) => message.text().includes(`status of ${status}`));
    if (!provoked) check(false, "expected an empty console", message.text());
  });
  page.setDefaultTimeout(10000);
  page.home = url;
  return page;
}

export async function signIn(page, token) {
  await page.goto(page.home + "/");
  await page.fill("#secret", token);
  await page.keyboard.press("Enter");
  await page.waitForSelector("nav a");
}

export async function visit(page, hash) {
  await page.evaluate((to) => (location.hash = to), hash);
  await settled(page);
}
/* As somebody at the keyboard: to the control, and a key. */
export async function push(page, selector, key = "Enter") {
  await page.focus(selector);
  await page.keyboard.press(key);
}
export async function settled(page) {
  await page.waitForTimeout(60);
  await page.waitForFunction(() => !document.querySelector(".loading") && document.querySelector("main h1"));
  await page.waitForLoadState("networkidle");
}

export async function axe(page, where) {
  await page.evaluate(axeSource + ";0").catch(() => page.addScriptTag({ content: axeSource }));
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of found.violations)
    check(false, `axe on ${where}: ${violation.id} (${violation.help})`, violation.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0] ? n.any[0].message : "")));
  if (found.violations.length === 0) sums.passed++;
}

/* In English nothing but what is said to be Chinese is Chinese; keys without a word would
 * show as "page.word". */
export async function translated(page, where, language) {
  const left = await page.evaluate((chosen) => {
    const found = [];
    /* sentences of the run are said in the language chosen */
    if (chosen === "en") for (const s of document.querySelectorAll("main span[lang=zh]")) found.push(s.innerText);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode.data.trim();
      const own = walk.currentNode.parentElement.closest("[lang], bdi, textarea, script, noscript, option[value]");
      if (own && own.tagName !== "HTML" && own.tagName !== "OPTION") continue;
      if (chosen === "en" && /[\u3400-\u9fff]/.test(text)) found.push(text);
      if (/^[a-z]+\.[a-z_]+$/.test(text)) found.push(text);
    }
    return found;
  }, language);
  equal(left.join(" | "), "", `no untranslated word on ${where}`);
}

export const verdictless = async (page, where) =>
  check(
    /评分不是裁决|score is not a verdict/.test(await page.innerText("body")),
    `expected 'a score is not a verdict' on ${where}`,
  );

/* No page is wider than its window. */
export const fits = async (page, where) =>
  equal(await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth)), 0, `no sideways scrolling on ${where}`);

export async function shot(page, name, more = {}) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true, ...more });
}

/* ---- what flows share */

export const says = (page, words) =>
  page.waitForFunction((wanted) => document.querySelector(".messages").innerText.includes(wanted), words);
export const rows = (page) => page.$$eval("a[data-row]", (all) => all.map((a) => a.textContent));
export const idHere = (page) => page.evaluate(() => decodeURIComponent(location.hash.split("/")[2]));
/* Leave what is focused, as somebody who has read the page: keys go to the page. */
export const toPage = (page) => page.evaluate(() => document.querySelector("main").focus());

export async function examine(page, where, language) {
  await axe(page, where);
  await translated(page, where, language);
  await verdictless(page, where);
  await fits(page, where);
}
