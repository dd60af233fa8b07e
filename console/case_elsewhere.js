/* The same photo or text on other orders: what the terms say, and the counts, dates and
 * distances of the evidence pack, in which no other shop and no other buyer is named. */
import { html, useEffect, useState } from "./lib.js";
import { read } from "./api.js";
import { isReviewer, say, state } from "./state.js";
import { problemWords, t, word } from "./words.js";
import { Sentence, Table, Words, signed, when } from "./parts.js";

const columns = (far) => [
  [t("case.elsewhere_day"), (match) => when(match.at, 10), "time"],
  [t("case.elsewhere_who"), (match) => word("where", match.where)],
  [t("col.merchant"), (match) => html`${t(match.same_shop ? "case.elsewhere_shop_same" : "case.elsewhere_shop_other")}${match.order_id ? html` · <${Words} text=${match.order_id} />` : ""}`],
  [t("case.elsewhere_far"), (match) => t(far, match.distance), "number"],
];

function Found({ kind, found, far }) {
  if (!found[kind + "_matches"]) return null;
  const title = t("case.elsewhere_" + kind, found[kind + "_matches"], found[kind + "_shops"], found[kind + "_buyers"]);
  return html`<p><strong>${title}</strong></p>
    <${Table} caption=${title} rows=${found[kind]} columns=${columns(far)} />`;
}

const Details = ({ found }) =>
  found.photo_matches || found.text_matches
    ? html`<${Found} kind="photo" found=${found} far="case.elsewhere_bits" />
        <${Found} kind="text" found=${found} far="case.elsewhere_parts" />`
    : html`<p class="muted">${t("case.elsewhere_none")}</p>`;

export function Elsewhere({ data }) {
  const [found, put] = useState(null);
  useEffect(() => put(null), [data.request_id]);
  const terms = data.terms.filter((term) => ["photo_reuse", "text_copy"].includes(term.name));
  const may = (isReviewer() && !(data.state && data.state.second)) || state.session.role === "merchant";
  const show = async () => {
    try {
      const pack = JSON.parse(await read("/v1/requests/" + encodeURIComponent(data.request_id) + "/evidence.json"));
      put(pack.elsewhere);
    } catch (problem) {
      say(problemWords(problem), true);
    }
  };
  return html`<section class="card" aria-labelledby="elsewhere-title">
    <h2 id="elsewhere-title">${t("case.elsewhere")}</h2>
    ${terms.length === 0
      ? html`<p class="muted">${t("case.no_elsewhere")}</p>`
      : html`<ul>
          ${terms.map((term) => html`<li><strong>${word("term", term.name)}</strong> <${Sentence} text=${term.sentence} /> <span class="muted">${signed(term.log_odds)}</span></li>`)}
        </ul>`}
    ${found && html`<${Details} found=${found} />`}
    ${may && !found && html`<p class="screen-only"><button type="button" onClick=${show}>${t("case.elsewhere_show")}</button></p>`}
  </section>`;
}
