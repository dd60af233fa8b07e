/* A merchant asks for a person to look at a request, and what became of it. */
import { html, useState } from "./lib.js";
import { post } from "./api.js";
import { say, state } from "./state.js";
import { problemWords, t, word } from "./words.js";
import { usePages, More } from "./list.js";
import { Heading, MerchantLink, Pairs, Table, Waiting, Words, caseHref, money, when } from "./parts.js";

/* A case says how it ended; without that it waits once it was asked. */
const stateOf = (appeal) => appeal.state || appeal.ended || (appeal.asked_at ? "waiting" : "opened");

const Standing = ({ appeal }) =>
  html`<${Pairs}
    label=${t("appeal.title")}
    pairs=${[
      [t("appeal.state"), html`<strong>${word("appeal", stateOf(appeal))}</strong>`],
      [t("appeal.at"), appeal.asked_at && when(appeal.asked_at)],
      [t("appeal.answer_by"), appeal.answer_by && when(appeal.answer_by)],
      [t("appeal.until"), !appeal.asked_at && appeal.expires_at ? when(appeal.expires_at) : null],
      [t("appeal.ended"), appeal.ended_at && when(appeal.ended_at)],
      [t("appeal.recovered"), appeal.recovered == null ? null : money(appeal.recovered)],
      [t("appeal.reason_given"), appeal.reason && html`<${Words} text=${appeal.reason} />`],
    ]}
  />`;

function AskForm({ id, reload }) {
  const [reason, put] = useState("");
  const ask = async (event) => {
    event.preventDefault();
    try {
      await post("/v1/appeals", reason.trim() === "" ? { request_id: id } : { request_id: id, reason: reason.trim() });
      say(t("appeal.done"));
    } catch (problem) {
      say(problemWords(problem), true);
    }
    reload();
  };
  return html`<form class="appeal" onSubmit=${ask}>
    <label for="appeal-reason">${t("appeal.reason")}</label>
    <input id="appeal-reason" maxlength="80" value=${reason} autocomplete="off" onInput=${(e) => put(e.target.value)} />
    <button type="submit" class="main">${t("appeal.ask")}</button>
  </form>`;
}

/* On a case: a merchant asks, a reviewer sees that it has. */
export function Appeal({ data, reload }) {
  const { appeal } = data;
  const merchant = state.session.role === "merchant";
  if (!merchant && !appeal) return null;
  const open = merchant && (!appeal || stateOf(appeal) === "opened");
  return html`<section class="card" aria-labelledby="appeal-title">
    <h2 id="appeal-title">${t("appeal.title")}</h2>
    ${open && html`<p class="muted">${t("appeal.lead")}</p>`}
    ${appeal && html`<${Standing} appeal=${appeal} />`}
    ${open && html`<${AskForm} id=${data.request_id} reload=${reload} />`}
  </section>`;
}

const columns = () => [
  [t("col.request"), (item) => html`<a class="id" data-row href=${caseHref(item.request_id)}><${Words} text=${item.request_id} /></a>`, "head"],
  [t("appeal.state"), (item) => word("appeal", stateOf(item))],
  [t("appeal.at"), (item) => (item.asked_at ? when(item.asked_at) : "—"), "time"],
  [t("appeal.answer_by"), (item) => (item.answer_by ? when(item.answer_by) : "—"), "time"],
  [t("col.amount"), (item) => (item.amount == null ? "—" : money(item.amount)), "number"],
  [t("col.merchant"), (item) => (item.merchant_id ? html`<${MerchantLink} id=${item.merchant_id} />` : "—")],
];

export function Appeals() {
  const pages = usePages("/v1/appeals", {});
  return html`<${Heading} lead=${t("appeal.list_lead")}>${t("nav.appeals")}<//>
    <${Waiting} of=${pages}>
      ${() => html`<${Table} caption=${t("nav.appeals")} rows=${pages.items} columns=${columns()} />
        <${More} pages=${pages} />`}
    <//>`;
}
