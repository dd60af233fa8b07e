/* Without a browser: does the console have all the words that the program writes?
 *
 *     node tests/browser/words.mjs TOP            says what is missing
 *     node tests/browser/words.mjs TOP --write    takes console/sentences_marks.js from marks.c
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

globalThis.localStorage = { getItem: () => null, setItem: () => {} };
const top = process.argv[2];
const read = (path) => readFileSync(`${top}/${path}`, "utf8");
const failures = [];
const fail = (words) => failures.push(words);

/* C strings side by side are one. */
const strings = (text) =>
  [...text.matchAll(/(?:"(?:[^"\\]|\\.)*"\s*)+/g)].map((m) => [...m[0].matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((s) => s[1]).join(""));

const inMarks = strings(read("engine/score/marks.c").replace(/\/\*[^]*?\*\//g, ""));
/* A Chinese string is followed by the same in English. */
function writeMarks() {
  const pairs = new Map();
  inMarks.forEach((text, i) => /[\u3400-\u9fff]/.test(text) && pairs.set(text, inMarks[i + 1]));
  const rows = [...pairs].map(([zh, en]) => `  [\n    ${JSON.stringify(zh)},\n    ${JSON.stringify(en)},\n  ],\n`);
  const head = read("console/sentences_marks.js").split("export const marks")[0];
  writeFileSync(`${top}/console/sentences_marks.js`, head + "export const marks = [\n" + rows.join("") + "];\n");
}
if (process.argv[3] === "--write") writeMarks();
const { marks } = await import(`${top}/console/sentences_marks.js`);
for (const words of inMarks.filter((text) => /[\u3400-\u9fff]/.test(text)))
  if (!marks.some(([zh]) => zh === words)) fail(`sentences_marks.js lacks '${words}'`);
for (const [zh, en] of marks)
  if (!inMarks.includes(zh) || !inMarks.includes(en)) fail(`engine/score/marks.c has no '${zh}' with '${en}'`);

const { templates } = await import(`${top}/console/sentences.js`);
const { dataWords } = await import(`${top}/console/words_data.js`);
const known = new Set([...templates, ...Object.values(dataWords)].flat().map((text) => text.replace(/\{\d\}|\s/g, "")));
const plain = (text) => text.replace(/%%/g, "\u0001").replace(/%(?:\.\d)?(?:f|s|llu)/g, "").replace(/\u0001/g, "%").replace(/\s/g, "");
for (const words of strings(read("engine/score/sentence.c")).filter((text) => /[\u3400-\u9fff]/.test(text))) {
  const wanted = plain(words);
  const there = [...known].some((have) => have === wanted || have.endsWith(wanted));
  if (!there && !["商家", "该商品在店内"].includes(words)) fail(`sentences.js or words_data.js lacks '${words}'`);
}

/* Every word in both languages, and every key that the pages ask for. */
const { t } = await import(`${top}/console/words.js`);
const errors = [];
console.error = (...words) => errors.push(words.join(" "));
for (const file of readdirSync(`${top}/console`).filter((name) => name.endsWith(".js"))) {
  const text = read("console/" + file);
  for (const [, key] of text.matchAll(/\bt\("([a-z_.-]+)"/g)) if (!/[._]$/.test(key)) t(key);
  if (/innerHTML|dangerouslySetInnerHTML|\beval\(|new Function|document\.write|style="/.test(text)) fail(`${file} makes markup or code of a text`);
}
for (const words of errors) fail(words);
const table = read("console/words.js") + read("console/words_data.js");
for (const [entry, zh] of table.matchAll(/^ {2}"[^"]+": \[\s*"([^"]*)",\s*"[^"]*"/gm)) if (zh === "") fail(`no Chinese in ${entry}`);

for (const words of failures) console.log("FAIL: " + words);
console.log(`${marks.length} marks, ${templates.length} sentences, ${failures.length} missing`);
process.exit(failures.length > 0 ? 1 : 0);
