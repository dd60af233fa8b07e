/* The rest of a case: what is elsewhere, records, accounts connected, scores so far, and
 * what is not known. */
import { html, useRef } from "./lib.js";
import { exists, has } from "./api.js";
import { say, state, useLoad } from "./state.js";
import { retell } from "./sentences.js";
import { problemWords, t, word } from "./words.js";
import { Answer, BuyerLink, Pairs, Probability, Sentence, Table, Words, end, money, percent, signed, when } from "./parts.js";

export const Unknown = ({ notes }) =>
  html`<section class="card" aria-labelledby="unknown-title">
    <h2 id="unknown-title">${t("case.unknown")}</h2>
    <ul>
      ${notes.map((note) => html`<li>${word("note", note)}</li>`)}
      <li>${t("case.unseen")}</li>
    </ul>
  </section>`;

/* As the terms tell it: no other buyer's photo or text is shown. */
export function Elsewhere({ data }) {
  const terms = data.terms.filter((term) => ["photo_reuse", "text_copy"].includes(term.name));
  return html`<section class="card" aria-labelledby="elsewhere-title">
    <h2 id="elsewhere-title">${t("case.elsewhere")}</h2>
    ${terms.length === 0
      ? html`<p class="muted">${t("case.no_elsewhere")}</p>`
      : html`<ul>
          ${terms.map((term) => html`<li><strong>${word("term", term.name)}</strong> <${Sentence} text=${term.sentence} /> <span class="muted">${signed(term.log_odds)}</span></li>`)}
        </ul>`}
  </section>`;
}

export const recordPairs = (record, of) => [
  [t("record.orders"), record.orders],
  of === "buyer" ? [t("record.merchants"), record.merchants] : [t("record.buyers"), record.buyers],
  [t(of === "buyer" ? "record.paid" : "record.sold"), money(record.paid)],
  [t("record.refund_only"), record.refund_only],
  [t("record.return_refund"), record.return_refund],
  [t("record.refund_only_amount"), money(record.refund_only_amount)],
  [t("record.legitimate"), record.legitimate],
  [t("record.abuse"), record.abuse],
  [t("record.account"), record.account_created_at && when(record.account_created_at, 10)],
  [t("record.first"), record.first_order_at && when(record.first_order_at, 10)],
  [t("record.last_request"), record.last_request_at && when(record.last_request_at, 10)],
];

export const RecordCard = ({ record, of }) =>
  html`<section class="card" aria-labelledby=${of + "-record"}>
    <h2 id=${of + "-record"}>${t("case." + of)}</h2>
    <${Pairs} label=${t("case." + of)} pairs=${recordPairs(record, of)} />
  </section>`;

export const Records = ({ data }) =>
  html`<div class="pair">
    ${data.buyer && html`<${RecordCard} record=${data.buyer} of="buyer" />`}
    ${data.merchant && html`<${RecordCard} record=${data.merchant} of="merchant" />`}
  </div>`;

/* Accounts around the key that they share; a node's name is its pseudonym. */
const SHOWN = 12;
function RingPicture({ group, buyer }) {
  const members = group.members.slice(0, SHOWN);
  const label = t("case.ring_picture", group.members.length, word("group", group.kind), buyer);
  const at = members.map((_, i) => {
    const turn = (2 * Math.PI * i) / members.length - Math.PI / 2;
    return [180 + 105 * Math.cos(turn), 92 + 66 * Math.sin(turn)];
  });
  return html`<svg class="ring" viewBox="0 0 360 184" role="img" aria-label=${label}>
    <title>${label}</title>
    ${at.map(([x, y]) => html`<path class="axis" d=${`M180 92L${x.toFixed(1)} ${y.toFixed(1)}`} />`)}
    <circle class="key" cx="180" cy="92" r="6" />
    ${members.map((member, i) => {
      const [x, y] = at[i];
      const here = member === buyer;
      const side = x > 190 ? "start" : x < 170 ? "end" : "middle";
      const beside = side === "start" ? 11 : side === "end" ? -11 : 0;
      const above = side === "middle" ? (y < 92 ? -12 : 19) : 4;
      return html`<g class=${here ? "node this" : "node"}>
        <circle cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${here ? 8 : 6} />
        <text x=${(x + beside).toFixed(1)} y=${(y + above).toFixed(1)} text-anchor=${side}>${member.slice(0, 16)}</text>
      </g>`;
    })}
  </svg>`;
}

export function Ring({ data }) {
  const groups = data.groups || [];
  if (groups.length === 0) return null;
  return html`<section class="card" aria-labelledby="ring-title">
    <h2 id="ring-title">${t("case.ring")}</h2>
    <p class="muted">${t("case.ring_lead")}</p>
    ${groups.map(
      (group) => html`<h3>${word("group", group.kind)} · ${group.members.length}</h3>
        <${RingPicture} group=${group} buyer=${data.buyer_id} />
        <p class="members">
          ${group.members.map((member) => html`<span>${member === data.buyer_id ? html`<strong><${Words} text=${member} /></strong> (${t("case.ring_this")})` : html`<${BuyerLink} id=${member} />`}</span> `)}
        </p>`,
    )}
  </section>`;
}

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
        [t("case.rank"), (v) => v.rank, "number"],
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

/* Links to packs, when this server has them; one that is not made yet is said in words. */
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
  const there = useLoad(() => has("/v1/requests/{id}/evidence.pdf"), []);
  if (!there.data || !["reviewer", "admin", "merchant"].includes(state.session.role)) return null;
  const language = (form) => (form === "json" ? "" : "?lang=" + state.language);
  const base = "/v1/requests/" + encodeURIComponent(data.request_id) + "/evidence.";
  return html`<section class="card" aria-labelledby="evidence-title">
    <h2 id="evidence-title">${t("case.evidence")}</h2>
    <p class="links">
      ${forms.map((form) => html`<a href=${base + form + language(form)} target="_blank" rel="noopener" onClick=${openPack}>${t("case.evidence_" + form)}</a> `)}
    </p>
  </section>`;
}

function caseText(data) {
  const { score } = data;
  const lines = [
    `${t("case.title")} ${data.request_id} · ${t("case.order")} ${data.order_id}`,
    `${t("case.amount")} ${money(data.amount)} · ${t("case.requested")} ${when(data.requested_at)}`,
    `${t("case.answer")}: ${word("answer", score.answer)} (${t("case.probability", percent(score.probability), end(score.interval[0]), end(score.interval[1]))})`,
  ];
  const side = (title, wanted) => {
    const terms = data.terms.filter((term) => term.name !== "calibration" && wanted(term.log_odds));
    if (terms.length > 0) lines.push("", title);
    for (const term of terms) lines.push(`${signed(term.log_odds)}  ${retell(term.sentence)}`);
  };
  side(t("case.for"), (x) => x <= -0.05);
  side(t("case.against"), (x) => x >= 0.05);
  lines.push("", `${t("case.as_of")} ${when(score.as_of)} · ${t("case.model")} ${score.model}`, t("app.notice"));
  return lines.join("\n");
}

export function CopyText({ data }) {
  const area = useRef(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(area.current.value);
      say(t("case.copied"));
    } catch {
      area.current.focus();
      area.current.select();
      say(t("case.copy_failed"), true);
    }
  };
  return html`<details class="card screen-only">
    <summary>${t("case.copy_title")}</summary>
    <textarea ref=${area} readonly rows="12" aria-label=${t("case.copy_title")} value=${caseText(data)}></textarea>
    <p><button type="button" onClick=${copy}>${t("case.copy")}</button> <button type="button" onClick=${() => print()}>${t("case.print")}</button></p>
  </details>`;
}
