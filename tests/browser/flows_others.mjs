/* What a merchant and an auditor see, and what they do not. */
import { axe, check, equal, fits, flow, open, settled, signIn, translated, verdictless, visit } from "./tools.mjs";

async function examine(page, where, language) {
  await axe(page, where);
  await translated(page, where, language);
  await verdictless(page, where);
  await fits(page, where);
}

export async function merchantFlows(browser, world, language) {
  await flow(`${language}: a merchant sees its own requests and report, no buyer and nothing to decide`, async () => {
    const page = await open(browser, world.plain, { language, allowed: [403, 404] });
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
