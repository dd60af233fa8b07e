/* Handing a case to a senior: the window that asks why, and the list of what waits. */
import { html, useEffect, useRef, useState } from "./lib.js";
import { get } from "./api.js";
import { isSenior, state, useLoad } from "./state.js";
import { t } from "./words.js";
import { AnswerCell, CaseLink } from "./queue.js";
import { useOrder } from "./list.js";
import { Heading, MerchantLink, Table, Waiting, Words, left, money, when } from "./parts.js";

/* `done` gets the reason; nothing is done without one. */
export function EscalateWindow({ close, done }) {
  const box = useRef(null);
  const [reason, put] = useState("");
  useEffect(() => {
    if (!box.current.open) box.current.showModal();
  }, []);
  const submit = (event) => {
    event.preventDefault();
    if (reason.trim() === "") return;
    box.current.close();
    done(reason.trim());
  };
  return html`<dialog ref=${box} class="narrow" aria-labelledby="escalate-title" onClose=${close}>
    <h2 id="escalate-title">${t("case.escalate_title")}</h2>
    <p>${t("case.escalate_lead")}</p>
    <form onSubmit=${submit}>
      <label for="escalate-reason">${t("case.escalate_reason")}</label>
      <textarea id="escalate-reason" rows="4" required maxlength="1000" value=${reason} onInput=${(e) => put(e.target.value)}></textarea>
      <p class="toolbar">
        <button type="submit" class="main" disabled=${reason.trim() === ""}>${t("case.escalate_go")}</button>
        <button type="button" onClick=${() => box.current.close()}>${t("bulk.cancel")}</button>
      </p>
    </form>
  </dialog>`;
}

/* Who handed it on and why, for a senior and for who did. */
export const HandedOn = ({ escalation }) =>
  html`<div class="banner">
    <strong>${t("case.escalated_note", escalation.by, when(escalation.at))}</strong>
    <blockquote><${Words} text=${escalation.reason} /></blockquote>
  </div>`;

const held = (item) =>
  item.mine_until
    ? html`<span class="held">${t("state.mine")} · ${left(item.mine_until)}</span>`
    : item.holder
      ? t("state.held", item.holder)
      : t("state.free");

const columns = () => [
  [t("col.request"), (item) => html`<${CaseLink} id=${item.request_id} />`, "head"],
  [t("escalated.why"), (item) => html`<${Words} text=${item.escalated_for} />`, "wide"],
  [t("escalated.by"), (item) => html`<${Words} text=${item.escalated_by} />`],
  [t("escalated.at"), (item) => when(item.escalated_at), "time"],
  [t("col.answer"), (item) => (item.answer ? html`<${AnswerCell} item=${item} />` : "—"), "answers"],
  [t("col.amount"), (item) => (item.amount == null ? "—" : money(item.amount)), "number"],
  [t("col.merchant"), (item) => (item.merchant_id ? html`<${MerchantLink} id=${item.merchant_id} />` : "—")],
  [t("col.state"), held],
];

export function Escalated() {
  const found = useLoad(() => get("/v1/queue", { view: "escalated" }), [state.session.login]);
  const items = found.data ? found.data.items : [];
  useOrder(items);
  return html`<${Heading} lead=${t(isSenior() ? "escalated.lead" : "escalated.lead_own")}>${t("nav.escalated")}<//>
    <${Waiting} of=${found}>
      ${() => (items.length === 0 ? html`<p class="empty">${t("escalated.empty")}</p>` : html`<${Table} caption=${t("nav.escalated")} columns=${columns()} rows=${items} />`)}
    <//>`;
}
