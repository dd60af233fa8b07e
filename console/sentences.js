/* The run stores its sentences in one language; here they are said in the other.  The
 * pairs are those of engine/score/sentence.c, `{0}` for what differs (a number, or a
 * mark of sentences_marks.js); tests/browser/words.mjs holds the two together. */
import { marks } from "./sentences_marks.js";
import { state } from "./state.js";

export const templates = [
  ["{0}（全部仅退款请求中占 {1}%）", "{0} ({1}% of all refund-only requests)"],
  [
    "商家的问题率是同类的 {0} 倍（可信买家的问题请求 {1} 起，按同类应有 {2} 起；常见范围 {3}–{4} 倍）",
    "the merchant goes wrong {0} times as often as comparable ones ({1} requests for a fault by trusted buyers, {2} expected; usual range {3} to {4})",
  ],
  [
    "该商品在店内的问题率是同类的 {0} 倍（可信买家的问题请求 {1} 起，按同类应有 {2} 起；常见范围 {3}–{4} 倍）",
    "this item, within the shop, goes wrong {0} times as often as comparable ones ({1} requests for a fault by trusted buyers, {2} expected; usual range {3} to {4})",
  ],
  [
    "下单前后两周内，该店及该商品的问题率是平时的 {0} 倍（{1} 起，应有 {2} 起）",
    "in the two weeks around the order the shop and the item went wrong {0} times as often as otherwise ({1} requests, {2} expected)",
  ],
  ["买家只有这一个订单，没有其他记录可比", "this is the buyer's only order: there is no record to compare"],
  [
    "买家 {0} 个订单中另有 {1} 起仅退款；普通买家在这些商家的这些订单上约有 {2} 起（常见范围 {3}–{4}）",
    "of the buyer's {0} orders {1} others were refund-only requests; an ordinary buyer would have {2} on these orders at these merchants (usual range {3} to {4})",
  ],
  [
    "遇到问题时，该买家申请退款的倾向是一般人的 {0} 倍（常见范围 {1}–{2}）",
    "when something goes wrong this buyer asks {0} times as readily as others (usual range {1} to {2})",
  ],
  [
    "与另外 {0} 个账号共用设备、地址或支付账户；依他们的记录，先验滥用概率由 {1}% 变为 {2}%",
    "shares a device, address or payment account with {0} others; their records move the prior probability of abuse from {1}% to {2}%",
  ],
  [
    "此类订单（类目、渠道、价格、物流等）在普通商家因问题仅退款的比率为 {0}%，全部订单平均 {1}%",
    "orders like this (category, channel, price, logistics …) at an average merchant lead to a refund-only request for a fault in {0}% of cases; all orders in {1}%",
  ],
  [
    "尚无裁定：滥用的基础比率是假设，因此向五五开收缩",
    "no verdicts yet: the base rate of abuse is an assumption, so the odds are drawn towards even",
  ],
  [
    "按 {0} 起已裁定的请求校准，其中随机抽取 {1} 起；未知的部分向五五开收缩",
    "calibrated on {0} requests that were judged, {1} of them drawn at random; what is not known draws towards even odds",
  ],
  [
    "{0} 名审核员已裁定，其中 {1} 名认为是滥用（计入审核误差）",
    "reviewers who judged it: {0}, of whom {1} said abuse (with reviewer error)",
  ],
];

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = (template) =>
  new RegExp("^" + template.split(/\{\d\}/).map(escape).join("(.+?)") + "$", "u");

/* For each language the patterns to read it by, made when first asked for. */
const made = {};
function patterns(side) {
  made[side] = made[side] || templates.map((pair) => [pattern(pair[side]), pair[1 - side]]);
  return made[side];
}

/* The sentence in the language chosen, or as it was stored when it is none of these. */
export function retell(text) {
  const wanted = state.language === "en" ? 1 : 0;
  const stored = /[\u3400-\u9fff]/.test(text) ? 0 : 1;
  if (stored === wanted) return text;
  for (const [reads, says] of patterns(stored)) {
    const found = reads.exec(text);
    if (!found) continue;
    const values = found.slice(1).map((value) => {
      const mark = marks.find((pair) => pair[stored] === value);
      return mark ? mark[wanted] : value;
    });
    const told = says.replace(/\{(\d)\}/g, (_, i) => values[i]);
    if (wanted === 0 || !/[\u3400-\u9fff]/.test(told)) return told;
  }
  return text;
}
