/* Pictures of each page for a person to look at, when REBUT_SHOTS names a folder. */
import { flow, open, settled, shot, signIn, visit } from "./tools.mjs";

async function reviewerPages(page, world, name) {
  await visit(page, "#/queue");
  await shot(page, name + "-queue", { fullPage: false });
  await page.click(".toolbar button.main");
  await page.waitForSelector(".moment");
  await settled(page);
  await shot(page, name + "-case");
  for (const [what, where] of [["ring", "#/case/" + world.ring], ["mine", "#/mine"], ["dashboard", "#/dashboard"], ["merchant", "#/merchant/" + world.shop]]) {
    await visit(page, where);
    await page.waitForTimeout(300);
    await shot(page, `${name}-${what}`);
  }
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
      });
}
