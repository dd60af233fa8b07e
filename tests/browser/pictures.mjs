/* Pictures of each page for a person to look at, when REBUT_SHOTS names a folder. */
import { flow, open, settled, shot, signIn, visit } from "./tools.mjs";

async function reviewerPages(page, world, name) {
  await visit(page, "#/queue");
  await shot(page, name + "-queue", { fullPage: false });
  await page.click(".toolbar button.main");
  await page.waitForSelector(".moment");
  await settled(page);
  await shot(page, name + "-case");
  for (const [what, where] of [["appeals", "#/appeals"], ["ring", "#/case/" + world.ring], ["mine", "#/mine"], ["dashboard", "#/dashboard"], ["merchant", "#/merchant/" + world.shop], ["requests", "#/requests"], ["buyer", "#/buyer/" + world.ring_buyer]]) {
    await visit(page, where);
    await page.waitForTimeout(300);
    await shot(page, `${name}-${what}`);
  }
}

/* The pages of the other roles, after what the flows have left. */
async function otherRoles(browser, world, language, form, options) {
  for (const [role, token, places] of [
    ["senior", world.senior, ["#/escalated"]],
    ["merchant", world.merchant, ["#/requests", "#/appeals", "#/report"]],
    ["auditor", world.auditor, ["#/audit", "#/requests?decided=true"]],
    ["admin", world.admin, ["#/audit"]],
  ]) {
    const page = await open(browser, world.plain, { language, ...options });
    await signIn(page, token);
    await settled(page);
    for (const place of places) {
      await visit(page, place);
      await shot(page, `${language}-${form}-${role}-${place.replace(/[^a-z]/g, "")}`, { fullPage: false });
    }
    if (role === "senior" || role === "merchant") {
      await visit(page, places[0]);
      await page.click("a[data-row]");
      await page.waitForSelector(".answer-card");
      await settled(page);
      await shot(page, `${language}-${form}-${role}-case`);
    }
    await page.context().close();
  }
}

/* Those of docs/, before anybody has decided anything. */
export async function readme(browser, world) {
  if (!process.env.REBUT_SHOTS) return;
  await flow("pictures: docs", async () => {
    const page = await open(browser, world.plain);
    await page.setViewportSize({ width: 1180, height: 1000 });
    await signIn(page, world.anna);
    await visit(page, "#/case/" + world.shown);
    await page.click(".decide button.main");
    await page.waitForSelector(".moment");
    await page.waitForFunction(() => !document.querySelector(".message"), null, { timeout: 15000 });
    await shot(page, "docs-console-case-zh", { fullPage: false });
    await page.keyboard.press("r");
    await page.waitForSelector(".decide button.main");
    await visit(page, "#/dashboard");
    await page.waitForSelector(".plot canvas");
    await page.waitForFunction(() => !document.querySelector(".message"), null, { timeout: 15000 });
    await shot(page, "docs-console-dashboard-zh", { fullPage: false });
    await page.context().close();
  });
}

export async function pictures(browser, world) {
  if (!process.env.REBUT_SHOTS) return;
  for (const language of ["zh", "en"])
    for (const [form, options] of [["desktop", {}], ["dark", { dark: true }], ["phone", { phone: true }]])
      await flow(`pictures: ${language} ${form}`, async () => {
        const page = await open(browser, world.plain, { language, ...options });
        await page.goto(page.home + "/");
        await page.waitForSelector("#secret");
        await shot(page, `${language}-${form}-login`);
        await signIn(page, language === "en" ? world.anna_en : world.anna);
        await settled(page);
        await reviewerPages(page, world, `${language}-${form}`);
        if (form === "desktop") {
          await visit(page, "#/mine");
          await page.click("a[data-row]");
          await page.waitForSelector(".verdicts");
          await settled(page);
          await page.evaluate(() => document.querySelector("main").focus());
          await page.keyboard.press("e");
          await page.waitForSelector("dialog[open] textarea:focus");
          await page.keyboard.type(language === "en" ? "The two photos do not show the same goods" : "两张照片不像同一件商品");
          await shot(page, `${language}-escalate`, { fullPage: false });
          await page.keyboard.press("Tab");
          await page.keyboard.press("Enter");
          await page.waitForSelector(".message");
          await settled(page);
          await visit(page, "#/escalated");
          await shot(page, `${language}-own-escalated`, { fullPage: false });
          await visit(page, "#/mine");
          await page.click("label.check input");
          await page.selectOption("#bulk-verdict", "legitimate");
          await page.click(".filters button");
          await page.waitForSelector("dialog[open] table");
          await shot(page, `${language}-bulk`, { fullPage: false });
          await page.keyboard.press("Escape");
          await visit(page, "#/queue");
          await page.keyboard.press("u");
          await page.waitForSelector(".message");
          await shot(page, `${language}-message`, { fullPage: false });
          await page.keyboard.press("?");
          await page.waitForSelector("dialog[open]");
          await shot(page, `${language}-help`, { fullPage: false });
          await page.keyboard.press("Escape");
          await visit(page, "#/mine");
          await page.click("a[data-row]");
          await page.waitForSelector(".moment");
          await settled(page);
          await page.emulateMedia({ media: "print" });
          await page.setViewportSize({ width: 760, height: 1070 });
          await shot(page, `${language}-print-case`);
        }
        await page.context().close();
        await otherRoles(browser, world, language, form, options);
      });
}
