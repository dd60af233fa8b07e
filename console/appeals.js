/* A merchant asks for a person to look at a request, and what became of it. */
import { html, useState } from "./lib.js";
import { get, has, post } from "./api.js";
import { say, state, useLoad } from "./state.js";
import { problemWords, t, word } from "./words.js";
import { usePages, More } from "./list.js";
import { Heading, MerchantLink, Pairs, Table, Waiting, Words, caseHref, money, when } from "./parts.js";

const since = (appeal) => appeal.at || appeal.submitted_at || appeal.asked_at;
const stateOf = (appeal) => appeal.status || appeal.state || "submitted";

/* The newest entry of a request; a list may have one a request or one an entry. */
function newest(items, id) {
  const own = items.filter((item) => item.request_id === id);
  return own.sort((a, b) => Date.parse(since(b)) - Date.parse(since(a)))[0] || null;
}

const Standing = ({ appeal }) =>
  html`<${Pairs}
    label=${t("appeal.title")}
    pairs=${[
      [t("appeal.state"), html`<strong>${word("appeal", stateOf(appeal))}</strong>`],
      [t("appeal.at"), when(since(appeal))],
      [t("appeal.answer_by"), appeal.answer_by && when(appeal.answer_by)],
      [t("appeal.recovered"), appeal.recovered == null ? null : money(appeal.recovered)],
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

/* On a merchant's case, where the server has appeals. */
export function Appeal({ id }) {
  const merchant = state.session.role === "merchant";
  const found = useLoad(async () => {
    if (!merchant || !(await has("/v1/appeals"))) return { there: false };
    const { items } = await get("/v1/appeals");
    return { there: true, appeal: newest(items, id) };
  }, [id]);
  if (!merchant || !found.data || !found.data.there) return null;
  const { appeal } = found.data;
  const open = !appeal || stateOf(appeal) === "opened";
  return html`<section class="card" aria-labelledby="appeal-title">
    <h2 id="appeal-title">${t("appeal.title")}</h2>
    ${open && html`<p class="muted">${t("appeal.lead")}</p>`}
    ${appeal && html`<${Standing} appeal=${appeal} />`}
    ${open && html`<${AskForm} id=${id} reload=${found.reload} />`}
  </section>`;
}

const columns = () => [
  [t("col.request"), (item) => html`<a class="id" data-row href=${caseHref(item.request_id)}><${Words} text=${item.request_id} /></a>`, "head"],
  [t("appeal.state"), (item) => word("appeal", stateOf(item))],
  [t("appeal.at"), (item) => (since(item) ? when(since(item)) : "—"), "time"],
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
