/* How much is sent, and how soon does something show? */
import { check, flow, open, signIn, settled } from "./tools.mjs";

const LIMIT_BYTES = 150e3;

async function countBytes(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const sum = { bytes: 0, requests: 0 };
  session.on("Network.loadingFinished", (event) => {
    sum.bytes += event.encodedDataLength;
    sum.requests++;
  });
  return sum;
}

const paint = (page) =>
  page.evaluate(() => {
    const entry = performance.getEntriesByName("first-contentful-paint")[0];
    return entry ? Math.round(entry.startTime) : -1;
  });

export async function firstView(browser, world) {
  await flow("the first view is small and soon there", async () => {
    const page = await open(browser, world.plain);
    const sum = await countBytes(page);
    await page.goto(page.home + "/");
    await page.waitForSelector("#secret");
    await page.waitForLoadState("networkidle");
    const drawn = await paint(page);
    check(sum.bytes < LIMIT_BYTES, `expected the first view under ${LIMIT_BYTES} bytes`, sum.bytes);
    check(drawn >= 0 && drawn < 3000, "expected something drawn within 3 s on a busy machine", drawn);
    console.log(`first view: ${sum.bytes} bytes over the wire in ${sum.requests} requests, first paint after ${drawn} ms`);
    await signIn(page, world.anna);
    await settled(page);
    console.log(`with the queue of 50: ${sum.bytes} bytes`);
    check(sum.bytes < LIMIT_BYTES, `expected the queue, too, under ${LIMIT_BYTES} bytes`, sum.bytes);
    await page.context().close();
  });
  await flow("no page has a script or style within it", async () => {
    const text = await (await fetch(world.plain + "/")).text();
    check(!/<style|style=|\son[a-z]+=|<script(?![^>]*src=)/i.test(text), "expected no inline script or style");
  });
}
