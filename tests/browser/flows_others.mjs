/* What a merchant and an auditor see, and what they do not. */
import { check, equal, examine, fits, flow, open, push, rows, says, settled, shot, signIn, toPage, visit } from "./tools.mjs";

const texts = {
  zh: { waits: "已提交，等人答复", claimed: "已领取", decided: "已裁定" },
  en: { waits: "asked, waits for a person", claimed: "Claimed", decided: "is decided" },
};

async function appealByKeys(page, id, language) {
  await visit(page, "#/case/" + id);
  await page.waitForSelector("#appeal-reason");
  await page.focus("#appeal-reason");
  await page.keyboard.type("the parcel was whole");
  await page.keyboard.press("Enter");
  await page.waitForFunction((words) => document.querySelector("section[aria-labelledby=appeal-title]").innerText.includes(words), texts[language].waits);
  check((await page.$("#appeal-reason")) === null, "expected no second appeal to be offered");
  await examine(page, "case with an appeal", language);
  await visit(page, "#/appeals");
  await examine(page, "own appeals", language);
  check((await rows(page)).includes(id), "expected the appeal in the list");
}

/* A reviewer finds it among what waits, reads the reason and decides. */
async function decideAppealed(browser, world, id, language) {
  const page = await open(browser, world.plain, { language });
  await signIn(page, language === "en" ? world.bo_en : world.bo);
  await visit(page, "#/appeals");
  await examine(page, "appeals", language);
  await toPage(page);
  while ((await page.evaluate(() => document.activeElement.textContent)) !== id) await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".decide");
  await settled(page);
  const card = await page.innerText("section[aria-labelledby=appeal-title]");
  check(card.includes(texts[language].waits) && card.includes("the parcel was whole"), "expected what the merchant asks", card);
  await page.keyboard.press("Enter");
  await says(page, texts[language].claimed);
  await page.waitForSelector(".verdicts");
  await settled(page);
  await examine(page, "case of an appeal", language);
  await toPage(page);
  await page.keyboard.press("1");
  await says(page, texts[language].decided);
  await page.context().close();
}

/* The pack as page and as what it is made of, and the words for a platform's form. */
async function packAndForm(page, world, id, language) {
  await visit(page, "#/case/" + id);
  const [pack] = await Promise.all([page.context().waitForEvent("page"), push(page, ".links a:nth-of-type(2)")]);
  await pack.waitForLoadState();
  const text = await pack.innerText("body");
  check(text.includes(id) && text.includes(language === "en" ? "Exact edition" : "精确版"), "expected the shop's edition", text.slice(0, 200));
  check(!text.includes(world.buyers[id]), "expected no account in a pack");
  await fits(pack, "a pack");
  await shot(pack, language + "-pack");
  await pack.close();
  const { header } = await page.evaluate(async (of) => (await fetch(`/v1/requests/${of}/evidence.json`)).json(), id);
  equal(header.edition, "shop", "the edition");
  await push(page, "details:has(#form-platform) summary");
  await page.selectOption("#form-platform", "jd");
  await push(page, "details:has(#form-platform) p button");
  await page.waitForFunction(() => document.querySelector("details:has(#form-platform) textarea"));
  const words = await page.inputValue("details:has(#form-platform) textarea");
  check(words.length > 40 && /[\u3400-\u9fff]/.test(words) === (language === "zh"), "expected words for the form", words);
  await examine(page, "a form's text", language);
}

export async function merchantFlows(browser, world, language) {
  await flow(`${language}: a merchant sees its own requests and report, and appeals; a reviewer decides; the pack is the shop's`, async () => {
    const page = await open(browser, world.plain, { language, allowed: [403, 404] });
    await signIn(page, world.merchant);
    await settled(page);
    await examine(page, "own requests", language);
    check((await page.$$("a[data-row]")).length > 0, "expected own requests");
    equal((await page.$$("nav a")).length, 3, "three places to go");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".answer-card");
    await settled(page);
    await examine(page, "own case", language);
    check((await page.$(".decide")) === null && !/\bb\d{10}\b/.test(await page.innerText("main")), "expected no buyer and nothing to decide");
    const id = world.appealed[language];
    await appealByKeys(page, id, language);
    await decideAppealed(browser, world, id, language);
    await packAndForm(page, world, id, language);
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
  await flow("a server without a night says that there is no pack", async () => {
    const page = await open(browser, world.bare, { allowed: [404] });
    await signIn(page, world.senior);
    await visit(page, "#/case/" + world.ring);
    await push(page, ".links a");
    await says(page, "还没有证据材料");
    await page.context().close();
  });
  await flow("an administrator has the queue and the audit trail", async () => {
    const page = await open(browser, world.plain);
    await signIn(page, world.admin);
    await settled(page);
    equal((await page.$$("nav a")).length, 7, "seven places to go");
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
