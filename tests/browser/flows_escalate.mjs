/* A reviewer hands a case to a senior, who decides it; another is taken back. */
import { axe, check, equal, examine, flow, idHere, open, rows, says, settled, signIn, toPage, visit } from "./tools.mjs";

const texts = {
  zh: { escalated: "已转交资深审核员", withdrawn: "已收回到队列", noneToHand: "才能转交", decided: "已裁定" },
  en: { escalated: "is with the seniors now", withdrawn: "Put back into the queue", noneToHand: "can be handed on", decided: "is decided" },
};

/* Hands the case on show to a senior, by keys alone. */
async function handOn(page, language, t, reason) {
  await toPage(page);
  await page.keyboard.press("e");
  await page.waitForSelector("dialog[open] textarea:focus");
  await axe(page, "handing on");
  await page.keyboard.press("Enter"); // a line, and nothing is done without a reason
  await page.keyboard.type(reason);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await says(page, t.escalated);
}

export async function escalation(browser, page, world, language) {
  const t = texts[language];
  await flow(`${language}: a case is handed to a senior with a reason, seen there, decided, and another taken back`, async () => {
    const reason = "two photos differ 1 2 3 " + language;
    await visit(page, "#/queue");
    await toPage(page);
    await page.keyboard.press("j");
    const id = (await rows(page))[0];
    await page.keyboard.press("Enter");
    await page.waitForSelector(".decide");
    await settled(page);
    await toPage(page);
    await page.keyboard.press("e");
    await says(page, t.noneToHand);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".verdicts");
    await settled(page);
    await handOn(page, language, t, reason);
    await page.waitForFunction((was) => !location.hash.endsWith(was), id);
    await page.waitForSelector(".verdicts");
    await settled(page);
    const other = await idHere(page);
    await visit(page, "#/escalated");
    check((await rows(page)).includes(id), "expected what was handed on in the own list");
    await examine(page, "own handed on", language);
    await visit(page, "#/queue");
    check(!(await rows(page)).includes(id), "expected it out of the queue");

    const senior = await open(browser, world.plain, { language });
    await signIn(senior, world.senior);
    await settled(senior);
    equal(await senior.evaluate(() => document.querySelector("nav a").hash), "#/escalated", "a senior's first page");
    check((await rows(senior)).includes(id), "expected it in the seniors' list");
    await examine(senior, "handed on", language);
    await toPage(senior);
    while ((await senior.evaluate(() => document.activeElement.textContent)) !== id) await senior.keyboard.press("j");
    await senior.keyboard.press("Enter");
    await senior.waitForSelector(".decide");
    await settled(senior);
    check((await senior.innerText(".banner")).includes(reason), "expected the reason");
    await toPage(senior);
    await senior.keyboard.press("Enter");
    await senior.waitForSelector(".verdicts");
    await settled(senior);
    await examine(senior, "case of a senior", language);
    await toPage(senior);
    await senior.keyboard.press("2");
    await says(senior, t.decided);
    await senior.context().close();

    await visit(page, "#/case/" + other);
    await handOn(page, language, t, "another");
    await page.waitForFunction((was) => !location.hash.endsWith(was), other);
    await page.waitForSelector(".verdicts");
    await visit(page, "#/case/" + other);
    await page.focus(".decide > button");
    await page.keyboard.press("Enter");
    await says(page, t.withdrawn);
    await page.waitForSelector(".decide button.main");
  });
}
