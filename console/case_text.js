/* Texts to copy: the case in words, and the platform's form. */
import { html, useRef, useState } from "./lib.js";
import { get } from "./api.js";
import { isReviewer, say, state } from "./state.js";
import { retell } from "./sentences.js";
import { problemWords, t, word } from "./words.js";
import { end, money, percent, signed, when } from "./parts.js";

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

function ToCopy({ text, label, children }) {
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
  return html`<textarea ref=${area} readonly rows="12" aria-label=${label} value=${text}></textarea>
    <p><button type="button" onClick=${copy}>${t("case.copy")}</button> ${children}</p>`;
}

export const CopyText = ({ data }) =>
  html`<details class="card screen-only">
    <summary>${t("case.copy_title")}</summary>
    <${ToCopy} text=${caseText(data)} label=${t("case.copy_title")}><button type="button" onClick=${() => print()}>${t("case.print")}</button><//>
  </details>`;

/* As 'rebut forms' lists them. */
const platforms = ["douyin-evidence", "jd", "kuaishou-refund", "pinduoduo-after-sale", "taobao-tmall", "wechat-pay-refusal", "wechat-shop-dispute"];

export function FormText({ data }) {
  const [platform, choose] = useState(platforms[0]);
  const [form, put] = useState(null);
  if ((data.state && data.state.second) || !(isReviewer() || state.session.role === "merchant")) return null;
  const write = async () => {
    const path = `/v1/requests/${encodeURIComponent(data.request_id)}/form`;
    try {
      put(await get(path, { platform, lang: state.language }));
    } catch (problem) {
      say(problemWords(problem), true);
    }
  };
  return html`<details class="card screen-only">
    <summary>${t("case.form")}</summary>
    <p class="toolbar">
      <label for="form-platform">${t("case.form_platform")}</label>
      <select id="form-platform" value=${platform} onChange=${(e) => choose(e.target.value)}>
        ${platforms.map((name) => html`<option value=${name} selected=${name === platform}>${word("platform", name)}</option>`)}
      </select>
      <button type="button" onClick=${write}>${t("case.form_show")}</button>
    </p>
    ${form && html`<${ToCopy} text=${form.text} label=${t("case.form")} />
      <p class="muted">${form.limit ? t("case.form_room", form.points, form.limit) : ""}</p>
      ${form.doubts.length > 0 && html`<ul>${form.doubts.map((doubt) => html`<li>${word("doubt", doubt)}</li>`)}</ul>`}`}
  </details>`;
}
