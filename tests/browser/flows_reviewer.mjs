/* What a reviewer does all day, by the keyboard alone. */
import { axe, check, equal, examine, fits, flow, idHere, open, push, rows, says, settled, signIn, toPage, visit } from "./tools.mjs";
import { escalation } from "./flows_escalate.mjs";

const texts = {
  zh: { claimed: "已领取", abuse: "滥用", decided: "已裁定", undone: "已撤销", other: "有变化", decidedBy: "已裁定此案", held: "正持有此案", second: "二审", empty: "没有符合", saved: "已存视图", refused: "令牌或链接无效", missing: "没有这样的请求", done: "已裁定 2 起" },
  en: { claimed: "Claimed", abuse: "abuse", decided: "is decided", undone: "Undone", other: "has changed", decidedBy: "has decided this case", held: "has this case in hand", second: "Second review", empty: "Nothing matches", saved: "was saved", refused: "not valid", missing: "no such thing", done: "decided: 2" },
};

const tokenOf = (world, name, language) => world[language === "en" ? name + "_en" : name];

async function login(browser, world, language, t) {
  await flow(`${language}: a wrong token is refused in words, a right one opens the queue, and signing out closes it`, async () => {
    const page = await open(browser, world.plain, { language, allowed: [400, 401, 422] });
    await page.goto(page.home + "/");
    await page.waitForSelector("#secret");
    await examine(page, "login", language);
    await page.keyboard.type("rebut_aaaaaaaaaaaa_" + "b".repeat(32));
    await page.keyboard.press("Enter");
    await says(page, t.refused);
    await signIn(page, tokenOf(world, "anna", language));
    await settled(page);
    check((await rows(page)).length > 10, "expected a queue");
    equal(await page.evaluate(() => document.documentElement.lang), language === "en" ? "en" : "zh-CN", "the page's language");
    check(await page.evaluate(() => !Object.values(localStorage).some((v) => /rebut_[a-z0-9]/.test(v)) && document.cookie === ""), "expected no secret where scripts can read it");
    await page.reload();
    await settled(page);
    check((await rows(page)).length > 10, "expected the session to go on after a reload");
    await push(page, ".right > button:last-child");
    await page.waitForSelector("#secret");
    await page.context().close();
  });
}

async function oneTimeLink(browser, world) {
  await flow("a one-time link opens one session, once, and leaves the address", async () => {
    const page = await open(browser, world.plain, { allowed: [400, 401, 422] });
    await page.goto(page.home + "/#code=" + world.link);
    await page.waitForSelector("nav a");
    check(!page.url().includes("code="), "expected the code to be gone from the address", page.url());
    await page.context().close();
    const again = await open(browser, world.plain, { allowed: [400, 401, 422] });
    await again.goto(again.home + "/#code=" + world.link);
    await says(again, texts.zh.refused);
    await again.context().close();
  });
}

async function queueAndFilters(page, language, t) {
  await flow(`${language}: the queue is ordered, filtered, saved as a view and searched`, async () => {
    await visit(page, "#/queue");
    await examine(page, "queue", language);
    const amounts = await page.$$eval("td:nth-child(3)", (cells) => cells.map((c) => Number(c.innerText.replace(/[^\d.]/g, ""))));
    check(amounts.every((a, i) => i === 0 || amounts[i - 1] >= a), "expected the highest recovery first", amounts.slice(0, 5));
    check(await page.$$eval(".probability", (all) => all.every((p) => /\(.+–.+\)/.test(p.innerText))), "expected no probability without its interval");
    await page.selectOption("#filter-answer", "undetermined");
    await page.waitForFunction(() => location.hash.includes("answer=undetermined"));
    await settled(page);
    check(await page.$$eval("td .answer", (all) => all.length > 0 && all.every((a) => a.classList.contains("undetermined"))), "expected undetermined cases only");
    await page.fill(".views input", "<b>我的</b>");
    await page.keyboard.press("Enter");
    await says(page, t.saved);
    await page.fill("#filter-merchant", "nobody");
    await page.keyboard.press("Tab");
    await page.waitForFunction((words) => document.querySelector("main").innerText.includes(words), t.empty);
    await push(page, ".view button");
    await page.waitForFunction(() => !location.hash.includes("merchant"));
    await settled(page);
    equal(await page.inputValue("#filter-answer"), "undetermined", "the saved view's filter");
    await push(page, ".view button:last-child");
    await visit(page, "#/queue");
    await toPage(page);
    await page.keyboard.press("/");
    await page.keyboard.type("no-such-request");
    await page.keyboard.press("Enter");
    await page.waitForFunction((words) => document.querySelector("main").innerText.includes(words), t.missing);
  });
}

async function decideByKeys(page, language, t) {
  await flow(`${language}: a case is found, claimed, decided, undone and decided again by keys alone`, async () => {
    await visit(page, "#/queue");
    await toPage(page);
    const ids = await rows(page);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    equal(await page.evaluate(() => document.activeElement.textContent), ids[0], "j j k on the first row");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".decide");
    await settled(page);
    equal(await page.evaluate(() => document.activeElement.tagName), "H1", "the focus on the heading");
    check((await page.$(".timeline")) === null, "expected no words of the buyer before the claim");
    await page.keyboard.press("Enter");
    await says(page, t.claimed);
    await page.waitForSelector(".timeline .moment.this");
    await settled(page);
    await examine(page, "case", language);
    await toPage(page);
    await page.keyboard.press("n");
    await page.keyboard.type("seen 1 2 3 u");
    await page.keyboard.press("Escape");
    await page.keyboard.press("1");
    await says(page, t.decided);
    await page.waitForFunction((was) => !location.hash.endsWith(was), ids[0]);
    await page.waitForSelector(".verdicts");
    await settled(page);
    equal(await idHere(page), ids[1], "the next case, claimed");
    await toPage(page);
    await page.keyboard.press("u");
    await says(page, t.undone);
    await page.waitForFunction((id) => location.hash.endsWith(id), ids[0]);
    await page.waitForSelector(".verdicts");
    await settled(page);
    await toPage(page);
    await page.keyboard.press("3");
    await says(page, t.decided);
    await page.waitForFunction((was) => !location.hash.endsWith(was), ids[0]);
    await page.waitForSelector(".verdicts");
    await settled(page);
    await toPage(page);
    await page.keyboard.press("r");
    await page.waitForSelector(".decide button.main");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    await axe(page, "help");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("dialog[open]"));
  });
}

/* Two reviewers at one case: the second is told in words, whatever was first. */
async function conflicts(page, other, language, t) {
  await flow(`${language}: who comes second is told that the case is held, changed or decided`, async () => {
    await visit(page, "#/queue");
    const id = (await rows(page))[5];
    await visit(page, "#/case/" + id);
    await visit(other, "#/case/" + id);
    await push(other, ".decide button.main");
    await other.waitForSelector(".verdicts");
    await push(page, ".decide button.main");
    await says(page, t.held);
    await page.waitForFunction((words) => document.querySelector(".standing").innerText.includes(words), t.held);
    await settled(other);
    await other.evaluate(async (of) => {
      const { csrf } = await (await fetch("/v1/session")).json();
      const post = (act, more) => fetch(`/v1/requests/${of}/${act}`, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, ...more }, body: "{}" });
      await post("release");
      await post("claim");
    }, id);
    await toPage(other);
    await other.keyboard.press("2");
    await says(other, t.other);
    await settled(other);
    await toPage(other);
    await other.keyboard.press("2");
    await says(other, t.decided);
    await other.waitForFunction((was) => !location.hash.endsWith(was), id);
    await page.evaluate(() => dispatchEvent(new CustomEvent("rebut-key", { detail: "Enter" })));
    await says(page, t.decidedBy);
  });
}

async function secondReview(page, language, t) {
  await flow(`${language}: a second review hides the first verdict`, async () => {
    await visit(page, "#/queue");
    await push(page, ".toolbar button:nth-child(2)");
    await page.waitForSelector(".banner");
    await settled(page);
    check((await page.innerText(".banner")).includes(t.second), "expected the banner of a second review");
    await examine(page, "second review", language);
    await toPage(page);
    await page.keyboard.press("2");
    await says(page, t.decided);
    await visit(page, "#/dashboard");
    await page.waitForTimeout(400);
    check((await page.evaluate(() => location.hash)) === "#/dashboard", "expected nobody to be called back from where they went");
  });
}

async function bulk(page, language, t) {
  await flow(`${language}: several cases in hand are decided after a preview that marks those against the score`, async () => {
    await page.evaluate(async () => {
      const { csrf } = await (await fetch("/v1/session")).json();
      await fetch("/v1/queue/claim", { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: '{"count":3}' });
    });
    await visit(page, "#/queue");
    await visit(page, "#/mine");
    await examine(page, "mine", language);
    const boxes = await page.$$("td input[type=checkbox]");
    check(boxes.length >= 3, "expected three cases in hand", boxes.length);
    for (const box of boxes.slice(0, 2)) {
      await box.focus();
      await page.keyboard.press("Space");
    }
    await page.selectOption("#bulk-verdict", "legitimate");
    await push(page, ".filters button");
    await page.waitForSelector("dialog[open] table");
    await axe(page, "bulk preview");
    check((await page.$$("dialog[open] tbody tr")).length === 2, "expected a row a case");
    await push(page, "dialog[open] button.main");
    await says(page, t.done);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("dialog[open]"));
  });
}

async function otherPages(page, world, language) {
  await flow(`${language}: dashboard, all requests, ring, buyer and merchant are there for a reviewer`, async () => {
    await visit(page, "#/dashboard");
    await page.waitForSelector(".plot canvas");
    await examine(page, "dashboard", language);
    for (const card of ["dash-drift", "dash-recovered", "dash-agreement"])
      check((await page.innerText(`section[aria-labelledby=${card}]`)).length > 30, "expected figures in " + card);
    check((await page.innerText("section[aria-labelledby=dash-agreement]")).includes("κ"), "expected the agreement beyond chance");
    check(/n|裁定数/.test(await page.innerText("#dash-fdr + *, section[aria-labelledby=dash-fdr]")), "expected n beside wrong accusations");
    await visit(page, "#/requests?decided=false");
    await examine(page, "requests", language);
    const before = (await rows(page)).length;
    await push(page, ".more button");
    await page.waitForFunction((n) => document.querySelectorAll("a[data-row]").length > n, before);
    const ids = await rows(page);
    equal(new Set(ids).size, ids.length, "no request twice");
    await visit(page, "#/case/" + world.ring);
    await page.waitForSelector("svg.ring .key");
    check((await page.$$(".usual-words")).length >= 4, "expected usual ranges beside the lines", (await page.$$(".usual-words")).length);
    await examine(page, "ring", language);
    await visit(page, "#/case/" + world.packed);
    const [pack] = await Promise.all([page.context().waitForEvent("page"), push(page, ".links a:nth-of-type(2)")]);
    await pack.waitForLoadState();
    check((await pack.innerText("body")).includes(world.packed), "expected the pack's page", pack.url());
    await pack.close();
    await push(page, "section[aria-labelledby=elsewhere-title] button");
    await page.waitForFunction(() => !document.querySelector("section[aria-labelledby=elsewhere-title] button"));
    await examine(page, "the same elsewhere", language);
    await visit(page, "#/case/" + world.ring);
    await push(page, ".members a");
    await page.waitForSelector("#buyer-record");
    check(/%.*\(.+–.+\)/.test(await page.innerText("section[aria-labelledby=buyer-ratio]")), "expected the buyer's ratio with its interval");
    await settled(page);
    await examine(page, "buyer", language);
    await visit(page, "#/merchant/" + world.shop);
    await examine(page, "merchant", language);
    await visit(page, "#/nowhere");
    await examine(page, "missing page", language);
  });
  await flow(`${language}: a phone, and a desktop at 200 %, need no sideways scrolling`, async () => {
    for (const [width, height] of [[390, 844], [720, 450]]) {
      await page.setViewportSize({ width, height });
      for (const where of ["#/queue", "#/mine", "#/requests", "#/dashboard", "#/case/" + world.ring, "#/merchant/" + world.shop]) {
        await visit(page, where);
        await fits(page, `${where} at ${width}`);
        await axe(page, `${where} at ${width}`);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });
}

export async function reviewerFlows(browser, world, language) {
  const t = texts[language];
  if (language === "zh") await oneTimeLink(browser, world);
  await login(browser, world, language, t);
  const page = await open(browser, world.plain, { language, allowed: [404, 409, 412] });
  const other = await open(browser, world.plain, { language, allowed: [409, 412] });
  await signIn(page, tokenOf(world, "anna", language));
  await signIn(other, tokenOf(world, "bo", language));
  await settled(page);
  await settled(other);
  await queueAndFilters(page, language, t);
  await decideByKeys(page, language, t);
  await conflicts(page, other, language, t);
  await secondReview(other, language, t);
  await escalation(browser, page, world, language);
  await bulk(page, language, t);
  await otherPages(page, world, language);
  await page.context().close();
  await other.context().close();
}
