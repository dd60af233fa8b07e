/* One merchant's own months and record; and what a buyer's record is. */
import { html } from "./lib.js";
import { get } from "./api.js";
import { state, useLoad } from "./state.js";
import { t, word } from "./words.js";
import { RecordCard } from "./case_more.js";
import { Answer, Heading, MerchantLink, Pairs, Probability, Table, Waiting, Words, between, caseHref, money, percent, when } from "./parts.js";

const kinds = ["likely_legitimate", "undetermined", "likely_abuse"];

/* A column a month, the answers one upon another; the table beside has the numbers. */
function Months({ months }) {
  const shown = [...months].sort((a, b) => (a.month < b.month ? -1 : 1)).slice(-12);
  const most = Math.max(1, ...shown.map((month) => month.requests));
  const wide = 300 / Math.max(6, shown.length);
  return html`<svg class="months" viewBox="-4 0 308 128" role="img" aria-label=${t("merchant.picture")}>
    <path class="axis" d="M0 110H300" />
    ${shown.map((month, i) => {
      let foot = 110;
      const x = i * wide + wide * 0.18;
      return html`<g>
        ${kinds.map((kind) => {
          const high = (100 * month[kind]) / most;
          foot -= high;
          return html`<rect class=${kind} x=${x.toFixed(1)} y=${foot.toFixed(1)} width=${(wide * 0.64).toFixed(1)} height=${high.toFixed(1)} />`;
        })}
        <text x=${(x + wide * 0.32).toFixed(1)} y="123" text-anchor="middle">${month.month.slice(2)}</text>
      </g>`;
    })}
  </svg>
  <p class="legend">${kinds.map((kind) => html`<span><span class="swatch ${kind}"></span> <${Answer} answer=${kind} /></span> `)}</p>`;
}

const Report = ({ data }) =>
  html`${data.record && html`<${RecordCard} record=${data.record} of="merchant" />`}
    <section class="card" aria-labelledby="months-title">
      <h2 id="months-title">${t("merchant.months")}</h2>
      <p class="muted">${t("merchant.lead")}</p>
      ${data.months.length > 0 && html`<${Months} months=${data.months} />`}
      <${Table}
        caption=${t("merchant.months")}
        rows=${data.months}
        columns=${[
          [t("merchant.month"), (m) => m.month, "head"],
          [t("merchant.requests"), (m) => m.requests, "number"],
          [t("col.amount"), (m) => money(m.amount), "number"],
          [t("merchant.expected_abuse"), (m) => m.expected_abuse.toFixed(1), "number"],
          [t("case.recovery"), (m) => money(m.expected_recovery), "number"],
          [t("answer.likely_abuse"), (m) => m.likely_abuse, "number"],
          [t("answer.undetermined"), (m) => m.undetermined, "number"],
          [t("answer.likely_legitimate"), (m) => m.likely_legitimate, "number"],
        ]}
      />
    </section>`;

export function Merchant({ route }) {
  const id = route.id || state.session.merchant_ids[0];
  const own = state.session.role === "merchant";
  const report = useLoad(() => get("/v1/merchants/" + encodeURIComponent(id) + "/report"), [id]);
  const others = own ? state.session.merchant_ids : [];
  return html`<${Heading}>${t(own ? "nav.report" : "nav.merchant")} <${Words} text=${id} /><//>
    ${others.length > 1 && html`<p>${t("merchant.which")}: ${others.map((other) => html`<${MerchantLink} id=${other} /> `)}</p>`}
    <p class="links"><a href=${own ? "#/requests" : "#/requests?merchant=" + encodeURIComponent(id)}>${t("merchant.cases")}</a></p>
    <${Waiting} of=${report}>${(data) => html`<${Report} data=${data} />`}<//>`;
}

const buyerColumns = () => [
  [t("col.request"), (r) => html`<a class="id" data-row href=${caseHref(r.request_id)}><${Words} text=${r.request_id} /></a>`, "head"],
  [t("col.requested"), (r) => when(r.requested_at), "time"],
  [t("buyer.kind"), (r) => word("kind", r.kind)],
  [t("buyer.reason"), (r) => word("reason", r.reason)],
  [t("col.amount"), (r) => money(r.amount), "number"],
  [t("case.answer"), (r) => (r.answer ? html`<${Answer} answer=${r.answer} /> ${r.interval && html`<${Probability} p=${r.probability} interval=${r.interval} />`}` : "—")],
  [t("col.merchant"), (r) => html`<${MerchantLink} id=${r.merchant_id} />`],
];

function Ratio({ ratio, usual }) {
  const range = usual && usual.usual;
  const figure = (x) => String(Number(Number(x).toFixed(2)));
  return html`<section class="card" aria-labelledby="buyer-ratio">
    <h2 id="buyer-ratio">${t("buyer.ratio")}</h2>
    <${Pairs}
      label=${t("buyer.ratio")}
      pairs=${[
        [t("buyer.share"), ratio.interval && `${percent(Math.min(1, ratio.share))} (${between(ratio.interval)})`],
        [t("record.refund_only"), t("buyer.of", ratio.requests, ratio.orders)],
        [t("buyer.usual"), usual && usual.expected != null ? `${figure(usual.observed)} / ${figure(usual.expected)}` : null],
        [t("buyer.usual_range"), range ? `${figure(range.low)}–${figure(range.high)}` : null],
      ]}
    />
  </section>`;
}

export function Buyer({ route }) {
  const found = useLoad(() => get("/v1/buyers/" + encodeURIComponent(route.id)), [route.id]);
  return html`<${Heading} lead=${t("buyer.lead")}>${t("nav.buyer")} <${Words} text=${route.id} /><//>
    <${Waiting} of=${found}>
      ${(data) => html`${data.record && html`<${RecordCard} record=${data.record} of="buyer" rate=${false} />`}
        ${data.ratio && html`<${Ratio} ratio=${data.ratio} usual=${data.usual} />`}
        <section class="card" aria-labelledby="buyer-requests">
          <h2 id="buyer-requests">${t("buyer.requests")}</h2>
          <${Table} caption=${t("buyer.requests")} rows=${data.requests} columns=${buyerColumns()} />
        </section>`}
    <//>`;
}
