/* Texts that try to be markup or to turn their line round are shown as text. */
import { axe, check, equal, fits, flow, open, settled, signIn, visit } from "./tools.mjs";

async function harmless(page, where) {
  equal(await page.evaluate(() => window.hit), undefined, `no script of a text run on ${where}`);
  equal(page.dialogs, 0, `no dialog on ${where}`);
  const made = await page.evaluate(
    () => document.querySelectorAll("#app script, #app b, #app i, #app u, #app s, #app img, #app [onerror], #app [onmouseover], #app [onload]").length,
  );
  equal(made, 0, `no element made of a text on ${where}`);
  const bare = await page.evaluate(() => /[\u202a-\u202e\u2066-\u2069\u200b]/.test(document.querySelector("main").innerText));
  equal(bare, false, `no character that turns text round on ${where}`);
  await fits(page, where);
}

export async function hostileTexts(browser, world) {
  await flow("stored script in every text is shown as text, in every list and on every page", async () => {
    const page = await open(browser, world.hostile, { allowed: [404] });
    await signIn(page, world.eve);
    await settled(page);
    await harmless(page, "queue");
    let seen = "";
    for (let i = 0; i < 8; i++) {
      await visit(page, "#/queue");
      await page.click(".toolbar button.main");
      await page.waitForSelector(".moment");
      await settled(page);
      await harmless(page, "case " + i);
      seen += await page.innerText("main");
      seen += await page.inputValue("textarea").catch(() => "");
    }
    for (const wanted of ["<script>window.hit=1</script>", '"><img src=x', "[U+202E]", "</textarea><svg", '"><i onmouseover'])
      check(seen.includes(wanted), `expected '${wanted}' to be shown as it is`);
    await axe(page, "a hostile case");
    const [pack] = await Promise.all([page.context().waitForEvent("page"), page.click(".links a:nth-of-type(2)")]);
    await pack.waitForLoadState();
    equal(await pack.evaluate(() => window.hit === undefined && document.querySelectorAll("script, img[onerror], [onmouseover]").length), 0, "no script in a hostile pack");
    await pack.close();
    await page.click(".pairs a[href^='#/buyer']");
    await page.waitForSelector("#buyer-record");
    await settled(page);
    await harmless(page, "buyer");
    await page.click("a[href^='#/merchant']");
    await page.waitForSelector("#months-title");
    await settled(page);
    await harmless(page, "merchant");
    for (const where of ["#/mine", "#/requests", "#/dashboard"]) {
      await visit(page, where);
      await harmless(page, where);
    }
    await visit(page, "#/queue?merchant=" + encodeURIComponent('"><script>window.hit=1</script>'));
    await harmless(page, "a hostile address");
    await visit(page, "#/case/" + encodeURIComponent("<img src=x onerror=window.hit=1>"));
    await harmless(page, "a hostile id");
    await page.context().close();
  });
  await flow("the audit trail of hostile ids is text", async () => {
    const page = await open(browser, world.hostile);
    await signIn(page, world.eva);
    await settled(page);
    await harmless(page, "audit trail");
    await page.context().close();
  });
}
