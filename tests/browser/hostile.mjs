/* Events on standard input to standard output, with every text, title and id of a shop
 * trying to be markup, an attribute, or to turn its line round. */
import { createInterface } from "node:readline";

const attacks = [
  "<script>window.hit=1</script>",
  '"><img src=x onerror=window.hit=1>',
  "\u202Edesrever\u202C <b>bold</b>",
  "javascript:window.hit=1//'\"`${window.hit=1}",
  "</textarea><svg onload=window.hit=1>",
  "\u2066\u200B{{window.hit=1}}\u2069&lt;i&gt;",
];
let turn = 0;
const attack = () => attacks[turn++ % attacks.length];
const shops = new Map();

/* Ids have 64 bytes at most, and stay the same for the same shop. */
function shop(id) {
  if (!shops.has(id)) shops.set(id, '"><i onmouseover=hit=1>' + id.slice(-4) + "<\u202E&");
  return shops.get(id);
}

for await (const line of createInterface({ input: process.stdin })) {
  const event = JSON.parse(line);
  if (event.merchant_id) event.merchant_id = shop(event.merchant_id);
  if (event.buyer_id) event.buyer_id = "<b>" + event.buyer_id + "'\"";
  if (event.request_id) event.request_id = event.request_id + '"<s>/?#%';
  for (const field of ["title", "text"]) if (event[field]) event[field] = attack() + " " + event[field];
  for (const field of ["category", "carrier", "campaign", "region"])
    if (event[field]) event[field] = "<u>" + event[field];
  console.log(JSON.stringify(event));
}
