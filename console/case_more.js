/* The rest of a case: records, scores so far, decisions, evidence, and what is not known. */
import { html } from "./lib.js";
import { exists } from "./api.js";
import { isReviewer, say, state } from "./state.js";
import { problemWords, t, word } from "./words.js";
import { Answer, Pairs, Probability, Table, Words, between, money, percent, when, wilson } from "./parts.js";

export const Unknown = ({ notes }) =>
  html`<section class="card" aria-labelledby="unknown-title">
    <h2 id="unknown-title">${t("case.unknown")}</h2>
    <ul>
      ${notes.map((note) => html`<li>${word("note", note)}</li>`)}
      <li>${t("case.unseen")}</li>
    </ul>
  </section>`;

/* Requests may be more than orders; a rate is not more than one. */
function rateOf({ orders, refund_only }) {
  if (!orders) return null;
  const share = Math.min(1, refund_only / orders);
  return `${percent(share)} (${between(wilson(share, orders))})`;
}

export const recordPairs = (record, of, rate) => [
  [t("record.orders"), record.orders],
  of === "buyer" ? [t("record.merchants"), record.merchants] : [t("record.buyers"), record.buyers],
  [t(of === "buyer" ? "record.paid" : "record.sold"), money(record.paid)],
  [t("record.refund_only"), record.refund_only],
  [t("record.rate"), rate ? rateOf(record) : null],
  [t("record.return_refund"), record.return_refund],
  [t("record.refund_only_amount"), money(record.refund_only_amount)],
  [t("record.legitimate"), record.legitimate],
  [t("record.abuse"), record.abuse],
  [t("record.account"), record.account_created_at && when(record.account_created_at, 10)],
  [t("record.first"), record.first_order_at && when(record.first_order_at, 10)],
  [t("record.last_request"), record.last_request_at && when(record.last_request_at, 10)],
];

export const RecordCard = ({ record, of, rate = true }) =>
  html`<section class="card" aria-labelledby=${of + "-record"}>
    <h2 id=${of + "-record"}>${t("case." + of)}</h2>
    <${Pairs} label=${t("case." + of)} pairs=${recordPairs(record, of, rate)} />
  </section>`;

export const Records = ({ data }) =>
  html`<div class="pair">
    ${data.buyer && html`<${RecordCard} record=${data.buyer} of="buyer" />`}
    ${data.merchant && html`<${RecordCard} record=${data.merchant} of="merchant" />`}
  </div>`;

export function Versions({ data }) {
  if (!data.versions || data.versions.length < 2) return null;
  return html`<section class="card" aria-labelledby="versions-title">
    <h2 id="versions-title">${t("case.versions")}</h2>
    <${Table}
      caption=${t("case.versions")}
      rows=${data.versions}
      columns=${[
        [t("case.as_of"), (v) => when(v.as_of)],
        [t("col.answer"), (v) => html`<${Answer} answer=${v.answer} /> <${Probability} p=${v.probability} interval=${v.interval} />`],
        [t("case.rank"), (v) => v.rank ?? "—", "number"],
        [t("case.model"), (v) => String(v.model).slice(0, 8)],
      ]}
    />
  </section>`;
}

export function Decisions({ data }) {
  if (!data.decisions || data.decisions.length === 0) return null;
  const auditor = state.session.role === "auditor";
  return html`<section class="card" aria-labelledby="decisions-title">
    <h2 id="decisions-title">${t(auditor ? "case.decisions" : "case.own_decisions")}</h2>
    <ul>
      ${data.decisions.map(
        (d) => html`<li>
          ${when(d.at)} <strong>${word("verdict", d.verdict)}</strong>
          ${d.second && html` · ${t("state.second")}`}
          ${d.reviewer && html` · ${t("audit.reviewer")} <${Words} text=${d.reviewer} />`}
          ${d.undone_at && html` · ${t("audit.undone")} ${when(d.undone_at)}`}
          ${d.note && html`<blockquote><${Words} text=${d.note} /></blockquote>`}
        </li>`,
      )}
    </ul>
  </section>`;
}

/* Links to packs; that there is none is said in words. */
async function openPack(event) {
  event.preventDefault();
  const { href } = event.currentTarget;
  try {
    await exists(href);
    window.open(href, "_blank", "noopener");
  } catch (problem) {
    say(problemWords(problem), true);
  }
}

const forms = ["pdf", "html", "json"];
export function Evidence({ data }) {
  if (data.state && data.state.second) return null; // it tells how the case ended
  if (!(isReviewer() || state.session.role === "merchant")) return null;
  const language = (form) => (form === "json" ? "" : "?lang=" + state.language);
  const base = "/v1/requests/" + encodeURIComponent(data.request_id) + "/evidence.";
  return html`<section class="card" aria-labelledby="evidence-title">
    <h2 id="evidence-title">${t("case.evidence")}</h2>
    <p class="links">
      ${forms.map((form) => html`<a href=${base + form + language(form)} target="_blank" rel="noopener" onClick=${openPack}>${t("case.evidence_" + form)}</a> `)}
    </p>
  </section>`;
}
