/* What a merchant and an auditor see, and what they do not. */
import { check, equal, examine, flow, open, push, settled, signIn, visit } from "./tools.mjs";

/* The routes of appeals and forms as the console expects them, played here where this
 * server does not have them yet. */
async function playAppeals(page) {
  const items = [];
  const json = (body) => ({ status: 200, contentType: "application/json", body: JSON.stringify(body) });
  await page.route("**/v1/openapi.json", async (route) => {
    const answer = await route.fetch();
    const document = await answer.json();
    document.paths["/v1/appeals"] ??= { get: {}, post: {} };
    document.paths["/v1/requests/{id}/form"] ??= { get: {} };
    await route.fulfill(json(document));
  });
  await page.route("**/v1/appeals*", async (route) => {
    if (route.request().method() === "GET") return route.fulfill(json({ items, next: null }));
    const { request_id } = route.request().postDataJSON();
    const asked_at = new Date().toISOString();
    const answer_by = new Date(Date.now() + 3 * 86400e3).toISOString();
    items.push({ request_id, merchant_id: "m", state: "waiting", asked_at, answer_by, amount: 100 });
    await route.fulfill(json({ request_id, asked_at, answer_by, again: false }));
  });
  await page.route("**/v1/requests/*", async (route) => {
    const answer = await route.fetch();
    if (!answer.ok()) return route.fulfill({ response: answer });
    const data = await answer.json();
    const { state, ...appeal } = items.find((item) => item.request_id === data.request_id) || {};
    await route.fulfill({ response: answer, json: { ...data, appeal: state ? appeal : null } });
  });
  await page.route("**/form?*", (route) => route.fulfill(json({ text: "form of " + new URL(route.request().url()).searchParams.get("platform"), points: 9, limit: 500, reason: null, doubts: [] })));
}

const waits = { zh: "已提交，等人答复", en: "asked, waits for a person" };

async function appealByKeys(page, language) {
  await page.waitForSelector("#appeal-reason");
  await page.focus("#appeal-reason");
  await page.keyboard.type("the parcel was whole");
  await page.keyboard.press("Enter");
  await page.waitForFunction((words) => document.querySelector("section[aria-labelledby=appeal-title]").innerText.includes(words), waits[language]);
  check((await page.$("#appeal-reason")) === null, "expected no second appeal to be offered");
  await examine(page, "case with an appeal", language);
  await push(page, "details:has(#form-platform) summary");
  await page.selectOption("#form-platform", "jd");
  await push(page, "details:has(#form-platform) p button");
  await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((area) => area.value === "form of jd"));
  await visit(page, "#/appeals");
  await examine(page, "appeals", language);
  check((await page.$$("a[data-row]")).length === 1, "expected the appeal in the list");
}

export async function merchantFlows(browser, world, language) {
  await flow(`${language}: a merchant sees its own requests and report, no buyer and nothing to decide`, async () => {
    const page = await open(browser, world.plain, { language, allowed: [403, 404] });
    await playAppeals(page);
    await signIn(page, world.merchant);
    await settled(page);
    await examine(page, "own requests", language);
    check((await page.$$("a[data-row]")).length > 0, "expected own requests");
    equal((await page.$$("nav a")).length, 2, "two places to go");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".answer-card");
    await settled(page);
    await examine(page, "own case", language);
    check((await page.$(".decide")) === null && !/\bb\d{10}\b/.test(await page.innerText("main")), "expected no buyer and nothing to decide");
    await appealByKeys(page, language);
    await visit(page, "#/report");
    await page.waitForSelector("svg.months");
    await examine(page, "own report", language);
    await visit(page, "#/requests?answer=likely_legitimate");
    await examine(page, "own requests, filtered", language);
    await visit(page, "#/case/" + world.ring);
    check((await page.$(".answer-card")) === null || (await page.innerText("main")).includes(world.shop), "expected no case of another merchant");
    await page.context().close();
  });
}

export async function adminFlows(browser, world) {
  await flow("an administrator has the queue and the audit trail", async () => {
    const page = await open(browser, world.plain);
    await signIn(page, world.admin);
    await settled(page);
    equal((await page.$$("nav a")).length, 6, "six places to go");
    await examine(page, "queue for an administrator", "zh");
    await visit(page, "#/audit");
    await examine(page, "audit trail for an administrator", "zh");
    await page.context().close();
  });
}

export async function auditorFlows(browser, world, language) {
  await flow(`${language}: an auditor sees who did what, cases without words, and the dashboard`, async () => {
    const page = await open(browser, world.plain, { language, allowed: [403] });
    await signIn(page, world.auditor);
    await settled(page);
    await examine(page, "audit trail", language);
    await page.selectOption("#filter-action", "decide");
    await page.waitForFunction(() => location.hash.includes("action=decide"));
    await settled(page);
    check((await page.$$("tbody tr")).length > 0, "expected decisions in the trail");
    await examine(page, "audit trail, filtered", language);
    await visit(page, "#/requests?decided=true");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".answer-card");
    await settled(page);
    await examine(page, "case for an auditor", language);
    check((await page.$(".timeline")) === null && (await page.$(".decide")) === null, "expected no words and nothing to decide");
    await visit(page, "#/dashboard");
    await page.waitForSelector(".plot canvas");
    await examine(page, "dashboard for an auditor", language);
    await page.context().close();
  });
}
