/* What happened, in the order of time, with what was said. */
import { html } from "./lib.js";
import { isReviewer } from "./state.js";
import { t, word } from "./words.js";
import { Words, languageOf, money, span, when } from "./parts.js";

const Said = ({ text }) =>
  text ? html`<blockquote lang=${languageOf(text)}><${Words} text=${text} /></blockquote>` : null;

/* [what happened, the rest of the line, somebody's words] */
const tellings = {
  order: (d) => [t("event.order"), html`<${Words} text=${d.category} /> · ${word("channel", d.channel)} · ${money(d.amount)}${d.quantity > 1 ? " · ×" + d.quantity : ""}`, d.title],
  promised: () => [t("event.promised"), "", null],
  shipment: (d) => [t("event.shipment"), html`<${Words} text=${d.carrier || ""} />${d.weight_g ? " · " + d.weight_g + " g" : ""}`, null],
  delivery: (d) => [t("event.delivery"), word("signed", d.signed_by || ""), null],
  contact: (d) => [word("by", d.by), word("contact", d.kind), d.text],
  request: (d) => [word("kind", d.kind), word("reason", d.reason) + " · " + money(d.amount), d.text],
  outcome: (d) => [t("event.outcome"), word("outcome", d.outcome) + (d.by ? " · " + word("by", d.by) : ""), null],
};

function withPromise(timeline) {
  const order = timeline.find((event) => event.type === "order");
  const at = order && order.detail.promised_ship_at;
  const all = at ? [...timeline, { at, type: "promised", detail: {} }] : timeline;
  return [...all].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function Moment({ event, ordered, id }) {
  const telling = tellings[event.type];
  const [what, more, said] = telling ? telling(event.detail) : [event.type, "", null];
  const this_ = event.type === "request" && event.detail.request_id === id;
  const after = Date.parse(event.at) - ordered;
  return html`<li class=${"moment " + event.type + (this_ ? " this" : "")}>
    <time datetime=${event.at}>${when(event.at)}</time>
    <div>
      <strong>${what}</strong> ${more}
      ${after !== 0 && html`<span class="muted after">${after > 0 ? "+" : "−"}${span(after)}</span>`}
      <${Said} text=${said} />
      ${event.detail.photos && event.detail.photos.length > 0 && html`<p class="muted">${t("case.photos", event.detail.photos.length)}</p>`}
    </div>
  </li>`;
}

export function Timeline({ data }) {
  const events = withPromise(data.timeline || []);
  const ordered = events.length > 0 ? Date.parse(events[0].at) : 0;
  const none = isReviewer() ? "case.claim_first" : "case.no_timeline";
  return html`<section class="card" aria-labelledby="timeline-title">
    <h2 id="timeline-title">${t("case.timeline")}</h2>
    ${events.length === 0
      ? html`<p class="muted">${t(none)}</p>`
      : html`<ol class="timeline">
          ${events.map((event) => html`<${Moment} event=${event} ordered=${ordered} id=${data.request_id} />`)}
        </ol>`}
  </section>`;
}
