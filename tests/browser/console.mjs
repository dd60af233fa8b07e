/* The console in a browser, role by role and in both languages; see console.sh. */
import { readFileSync } from "node:fs";
import { launch, sums } from "./tools.mjs";
import { firstView } from "./first_view.mjs";
import { hostileTexts } from "./flows_hostile.mjs";
import { adminFlows, auditorFlows, merchantFlows } from "./flows_others.mjs";
import { reviewerFlows } from "./flows_reviewer.mjs";
import { pictures, readme } from "./pictures.mjs";

const world = JSON.parse(readFileSync(process.env.WORLD, "utf8"));
const browser = await launch();
try {
  await firstView(browser, world);
  await readme(browser, world);
  for (const language of ["zh", "en"]) {
    await reviewerFlows(browser, world, language);
    await merchantFlows(browser, world, language);
    await auditorFlows(browser, world, language);
  }
  await adminFlows(browser, world);
  await hostileTexts(browser, world);
  await pictures(browser, world);
} finally {
  await browser.close();
}
console.log(`${sums.passed} checks held, ${sums.failed} did not`);
process.exit(sums.failed > 0 ? 1 : 0);
