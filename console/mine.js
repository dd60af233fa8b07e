/* The cases in one's own hands, and one verdict for several of them after a preview. */
import { html, useEffect, useRef, useState } from "./lib.js";
import * as api from "./api.js";
import { say, set, useLoad } from "./state.js";
import { problemWords, t, word } from "./words.js";
import { AnswerCell, CaseLink } from "./queue.js";
import { useOrder } from "./list.js";
import { Answer, Heading, MerchantLink, Probability, Table, Waiting, Words, left, money, when } from "./parts.js";

const opposite = { abuse: "likely_legitimate", legitimate: "likely_abuse" };

/* The versions are read when the preview opens, so that what was seen is what is
 * decided. */
async function readVersions(items) {
  const versions = new Map();
  for (const item of items) versions.set(item.request_id, (await api.readCase(item.request_id)).etag);
  return versions;
}

async function decideAll(items, verdict, note, versions, tell) {
  const results = {};
  for (const item of items) {
    try {
      const done = await api.decide(item.request_id, verdict, note, versions.get(item.request_id));
      results[item.request_id] = t("bulk.row_done");
      set({ last: { id: item.request_id, verdict, until: done.undo_until } });
    } catch (problem) {
      results[item.request_id] = problemWords(problem);
    }
    tell({ ...results });
  }
  return Object.values(results).filter((words) => words === t("bulk.row_done")).length;
}

function previewColumns(verdict, results) {
  return [
    [t("col.request"), (item) => html`<${Words} text=${item.request_id} />`, "head"],
    [t("col.amount"), (item) => money(item.amount), "number"],
    [
      t("col.answer"),
      (item) => html`<${Answer} answer=${item.answer} /> <${Probability} p=${item.probability} interval=${item.interval} />
        ${item.answer === opposite[verdict] && html`<strong class="against-score">⚠ ${t("bulk.against")}</strong>`}`,
    ],
    [t("bulk.result"), (item) => (results && results[item.request_id]) || "—"],
  ];
}

function Preview({ items, verdict, note, close }) {
  const box = useRef(null);
  const versions = useLoad(() => readVersions(items), []);
  const [results, tell] = useState(null);
  useEffect(() => {
    if (!box.current.open) box.current.showModal();
  }, []);
  const decide = async () => {
    tell({});
    const done = await decideAll(items, verdict, note, versions.data, tell);
    say(t("bulk.done", done, items.length - done), done < items.length);
  };
  const sum = items.reduce((all, item) => all + item.amount, 0);
  return html`<dialog ref=${box} aria-labelledby="bulk-title" onClose=${close}>
    <h2 id="bulk-title">${t("bulk.title")}: ${t("verdict." + verdict)}</h2>
    <p>${t("bulk.lead")}</p>
    <p><strong>${t("bulk.sum", items.length, money(sum))}</strong> · ${t("case.not_verdict")}</p>
    <${Waiting} of=${versions}>
      ${() => html`<${Table} caption=${t("bulk.title")} rows=${items} columns=${previewColumns(verdict, results)} />`}
    <//>
    <p class="toolbar">
      ${!results &&
      html`<button type="button" class="main" disabled=${!versions.data} onClick=${decide}>
        ${t("bulk.confirm", items.length, t("verdict." + verdict))}
      </button>`}
      <button type="button" onClick=${() => box.current.close()}>${t(results ? "app.close" : "bulk.cancel")}</button>
    </p>
  </dialog>`;
}

function BulkForm({ chosen, done }) {
  const [verdict, choose] = useState("unclear");
  const [note, put] = useState("");
  const [open, show] = useState(false);
  return html`<section class="filters" aria-label=${t("bulk.title")}>
    <div class="fields">
      <div class="field">
        <label for="bulk-verdict">${t("bulk.title")}</label>
        <select id="bulk-verdict" value=${verdict} onChange=${(e) => choose(e.target.value)}>
          ${["abuse", "legitimate", "unclear"].map((v) => html`<option value=${v} selected=${v === verdict}>${word("verdict", v)}</option>`)}
        </select>
      </div>
      <div class="field grow">
        <label for="bulk-note">${t("case.note")}</label>
        <input id="bulk-note" value=${note} maxlength="1000" onInput=${(e) => put(e.target.value)} />
      </div>
      <button type="button" disabled=${chosen.length === 0} onClick=${() => show(true)}>${t("bulk.preview", chosen.length)}</button>
    </div>
    ${open &&
    html`<${Preview}
      items=${chosen}
      verdict=${verdict}
      note=${note.trim()}
      close=${() => {
        show(false);
        done();
      }}
    />`}
  </section>`;
}

export function Mine() {
  const held = useLoad(() => api.get("/v1/queue", { view: "mine" }), []);
  const [chosen, choose] = useState([]);
  const items = held.data ? held.data.items : [];
  useOrder(items);
  const all = items.length > 0 && chosen.length === items.length;
  const turn = (id) => choose((was) => (was.includes(id) ? was.filter((other) => other !== id) : [...was, id]));
  const columns = [
    [t("col.choose"), (item) => html`<input type="checkbox" aria-label=${t("mine.choose", item.request_id)} checked=${chosen.includes(item.request_id)} onChange=${() => turn(item.request_id)} />`, "choose"],
    [t("col.request"), (item) => html`<${CaseLink} id=${item.request_id} />`, "head"],
    [t("col.answer"), (item) => html`<${AnswerCell} item=${item} />`, "answers"],
    [t("col.recovery"), (item) => money(item.expected_recovery), "number"],
    [t("col.amount"), (item) => money(item.amount), "number"],
    [t("col.merchant"), (item) => html`<${MerchantLink} id=${item.merchant_id} />`],
    [t("col.requested"), (item) => when(item.requested_at), "time"],
    [t("col.left"), (item) => html`<span class="held">${left(item.mine_until)}</span>`, "time"],
    [t("col.state"), (item) => (item.second ? t("state.second") : t("state.mine"))],
  ];
  return html`<${Heading} lead=${t("mine.lead")}>${t("nav.mine")}<//>
    <${Waiting} of=${held}>
      ${() =>
        items.length === 0
          ? html`<p class="empty">${t("mine.empty")}</p>`
          : html`<label class="check">
                <input type="checkbox" checked=${all} onChange=${() => choose(all ? [] : items.map((item) => item.request_id))} />
                ${t("mine.choose_all")}
              </label>
              <${Table} caption=${t("nav.mine")} columns=${columns} rows=${items} />
              <${BulkForm}
                chosen=${items.filter((item) => chosen.includes(item.request_id))}
                done=${() => {
                  choose([]);
                  held.reload();
                }}
              />`}
    <//>`;
}
