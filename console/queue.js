/* The queue, and all requests: which case should a person look at next? */
import { html } from "./lib.js";
import { post, release } from "./api.js";
import { say, state } from "./state.js";
import { problemWords, t } from "./words.js";
import { Filters, More, answerOptions, filtersOf, sortOptions, useOrder, usePages } from "./list.js";
import {
  Answer, Heading, IntervalStrip, MerchantLink, Probability, Sentence, Table, Waiting, Words,
  caseHref, left, money, when,
} from "./parts.js";

export const CaseLink = ({ id }) =>
  html`<a class="id" data-row href=${caseHref(id)}><${Words} text=${id} /></a>`;

export const AnswerCell = ({ item }) =>
  html`<${Answer} answer=${item.answer} />
    <${Probability} p=${item.probability} interval=${item.interval} />
    <${IntervalStrip} p=${item.probability} interval=${item.interval} small />`;

/* `wanted`: is the case still wanted when it comes?  Else it is given back. */
export async function claimOne(kind, wanted = () => true) {
  try {
    const { items } = await post("/v1/queue/claim", { count: 1, kind });
    if (!wanted()) for (const item of items) await release(item.request_id);
    else if (items.length === 0) say(t(kind === "second" ? "queue.no_second" : "queue.empty"));
    else location.hash = caseHref(items[0].request_id);
    return items.length > 0;
  } catch (problem) {
    say(problemWords(problem), true);
    return false;
  }
}

const queueColumns = () => [
  [t("col.request"), (item) => html`<${CaseLink} id=${item.request_id} />`, "head"],
  [t("col.answer"), (item) => html`<${AnswerCell} item=${item} />`, "answers"],
  [t("col.recovery"), (item) => html`<strong>${money(item.expected_recovery)}</strong>`, "number"],
  [t("col.amount"), (item) => money(item.amount), "number"],
  [t("col.reason"), (item) => (item.reason ? html`<${Sentence} text=${item.reason} />` : "—"), "wide"],
  [t("col.merchant"), (item) => html`<${MerchantLink} id=${item.merchant_id} />`],
  [t("col.requested"), (item) => when(item.requested_at), "time"],
  [
    t("col.left"),
    (item) => (item.mine_until ? html`<span class="held">${left(item.mine_until)}</span>` : "—"),
    "time",
  ],
];

export function Queue({ route }) {
  const filters = filtersOf(route);
  const pages = usePages("/v1/queue", { sort: "recovery", ...filters });
  useOrder(pages.items);
  const fields = [
    { name: "sort", label: t("list.sort"), otherwise: "recovery", options: sortOptions(["recovery", "amount", "probability", "oldest", "slot"]) },
    { name: "answer", label: t("list.answer"), options: answerOptions() },
    { name: "merchant", label: t("list.merchant") },
  ];
  return html`<${Heading} lead=${t("queue.lead")}>${t("nav.queue")}<//>
    <div class="toolbar">
      <button type="button" class="main" onClick=${() => claimOne("next")}>${t("queue.next")}</button>
      <button type="button" onClick=${() => claimOne("second")}>${t("queue.second")}</button>
    </div>
    <${Filters} path="/queue" fields=${fields} filters=${filters} />
    <${Waiting} of=${pages}>
      ${() => html`<${Table} caption=${t("nav.queue")} columns=${queueColumns()} rows=${pages.items} />
        <${More} pages=${pages} />`}
    <//>`;
}

function stateOf(item) {
  if (item.decided) return t("state.decided");
  if (item.holder === state.session.login) return t("state.mine");
  return item.holder ? t("state.held", item.holder) : "—";
}

function requestColumns() {
  const merchant = state.session.role === "merchant";
  const columns = [
    [t("col.request"), (item) => html`<${CaseLink} id=${item.request_id} />`, "head"],
    [t("col.answer"), (item) => html`<${AnswerCell} item=${item} />`, "answers"],
    [t("col.recovery"), (item) => money(item.expected_recovery), "number"],
    [t("col.amount"), (item) => money(item.amount), "number"],
    [t("case.order"), (item) => html`<${Words} text=${item.order_id} />`],
    [t("col.requested"), (item) => when(item.requested_at), "time"],
  ];
  if (merchant) return columns;
  return [
    ...columns,
    [t("col.merchant"), (item) => html`<${MerchantLink} id=${item.merchant_id} />`],
    [t("col.rank"), (item) => item.rank, "number"],
    [t("col.state"), stateOf],
  ];
}

/* A day of a date field, in Beijing, as the moment the API takes. */
const dayStart = (day) => (day ? day + "T00:00:00+08:00" : "");
const dayEnd = (day) => (day ? day + "T23:59:59+08:00" : "");

export function Requests({ route }) {
  const filters = filtersOf(route);
  const merchant = state.session.role === "merchant";
  const pages = usePages("/v1/requests", {
    ...filters,
    sort: filters.sort || (merchant ? "recovery" : "rank"),
    since: dayStart(filters.since),
    until: dayEnd(filters.until),
  });
  useOrder(pages.items);
  const fields = [
    { name: "sort", label: t("list.sort"), otherwise: merchant ? "recovery" : "rank", options: sortOptions(merchant ? ["recovery", "amount", "newest"] : ["rank", "recovery", "amount", "newest"]) },
    { name: "answer", label: t("list.answer"), options: answerOptions() },
    { name: "since", label: t("list.since"), type: "date" },
    { name: "until", label: t("list.until"), type: "date" },
  ];
  if (!merchant)
    fields.push(
      { name: "merchant", label: t("list.merchant") },
      { name: "buyer", label: t("list.buyer") },
      { name: "decided", label: t("list.decided"), options: [["", t("app.all")], ["false", t("list.decided_no")], ["true", t("list.decided_yes")]] },
    );
  const title = t(merchant ? "nav.own" : "nav.requests");
  return html`<${Heading}>${title}<//>
    <${Filters} path="/requests" fields=${fields} filters=${filters} />
    <${Waiting} of=${pages}>
      ${() => html`<${Table} caption=${title} columns=${requestColumns()} rows=${pages.items} />
        <${More} pages=${pages} />`}
    <//>`;
}
