/* The small parts that pages are made of. */
import { html } from "./lib.js";
import { isReviewer, state } from "./state.js";
import { retell } from "./sentences.js";
import { t, word, problemWords } from "./words.js";

/* ---- figures */

export const money = (fen) =>
  (fen < 0 ? "−" : "") +
  "¥" +
  (Math.abs(fen) / 100).toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });

export function percent(share, digits = 1) {
  const least = 10 ** -digits;
  const value = 100 * share;
  if (value > 0 && value < least / 2) return "<" + least.toFixed(digits) + "%";
  if (value < 100 && value > 100 - least / 2) return ">" + (100 - least).toFixed(digits) + "%";
  return value.toFixed(digits) + "%";
}

/* The ends of intervals, as the pages of packs have them. */
export const end = (share) => (100 * share).toFixed(1) + "%";
export const between = ([low, high]) => end(low) + "–" + end(high);

export const signed = (x) => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(2);

/* Beijing time, as all pages of rebut have it. */
export function when(text, size = 16) {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return "";
  return new Date(at + 8 * 3600e3).toISOString().slice(0, size).replace("T", " ");
}

export function span(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60e3);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return t("time.days", Math.floor(hours / 24), hours % 24);
  if (hours >= 1) return t("time.hours", hours, minutes % 60);
  return t("time.minutes", minutes);
}

export function left(until) {
  const ms = Date.parse(until) - Date.now();
  return ms > 0 ? t("time.left", span(ms)) : t("time.over");
}

/* The 95 % interval of Wilson of a share k of n. */
export function wilson(share, n) {
  const z = 1.96;
  const centre = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const size = 1 + (z * z) / n;
  return [Math.max(0, (centre - half) / size), Math.min(1, (centre + half) / size)];
}

/* ---- words of others */

const hidden =
  /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff])/;

/* What others wrote: as text, kept from turning its surroundings round, with characters
 * that cannot be seen made visible. */
export function Words({ text }) {
  const parts = String(text ?? "").split(hidden);
  return html`<bdi class="words"
    >${parts.map((part, i) =>
      i % 2 === 0
        ? part
        : html`<span class="hidden-mark"
            >[U+${part.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]</span
          >`,
    )}</bdi
  >`;
}

export const languageOf = (text) => (/[\u3400-\u9fff]/.test(text) ? "zh" : "en");
export const Sentence = ({ text }) =>
  html`<span lang=${languageOf(retell(text))}><${Words} text=${retell(text)} /></span>`;

/* ---- answers */

const marks = { likely_abuse: "▲", undetermined: "◆", likely_legitimate: "▼" };

export const Answer = ({ answer }) =>
  html`<span class="answer ${answer}"
    ><span aria-hidden="true">${marks[answer] || "•"}</span> ${word("answer", answer)}</span
  >`;

/* A probability is never shown without its interval. */
export const Probability = ({ p, interval }) =>
  html`<span class="probability" title=${t("case.probability", percent(p), end(interval[0]), end(interval[1]))}
    >${percent(p)} <span class="between">(${between(interval)})</span></span
  >`;

export function IntervalStrip({ p, interval, small }) {
  const x = (share) => (share * 100).toFixed(2);
  return html`<svg
    class=${small ? "strip small" : "strip"}
    viewBox="-1 0 102 12"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <path class="axis" d="M0 6H100M0 2V10M50 3V9M100 2V10" />
    <rect
      class="interval"
      x=${x(interval[0])}
      y="3.5"
      width=${Math.max(0.6, 100 * (interval[1] - interval[0])).toFixed(2)}
      height="5"
    />
    <rect class="point" x=${(100 * p - 0.6).toFixed(2)} y="1" width="1.2" height="10" />
  </svg>`;
}

/* ---- links */

export const caseHref = (id) => "#/case/" + encodeURIComponent(id);
export const MerchantLink = ({ id }) =>
  state.session.role === "auditor"
    ? html`<${Words} text=${id} />`
    : html`<a href=${"#/merchant/" + encodeURIComponent(id)}><${Words} text=${id} /></a>`;
export const BuyerLink = ({ id }) =>
  isReviewer()
    ? html`<a href=${"#/buyer/" + encodeURIComponent(id)}><${Words} text=${id} /></a>`
    : html`<${Words} text=${id} />`;

/* ---- states of a page */

export function Waiting({ of, children }) {
  if (of.error)
    return html`<div class="failure" role="alert">
      <p>${problemWords(of.error)}</p>
      <button type="button" onClick=${of.reload}>${t("app.retry")}</button>
    </div>`;
  if (!of.data) return html`<p class="loading">${t("app.loading")}</p>`;
  return children(of.data);
}

export const Heading = ({ children, lead }) =>
  html`<div class="heading">
    <h1 tabindex="-1">${children}</h1>
    ${lead && html`<p class="lead">${lead}</p>`}
  </div>`;

/* pairs: [word, what stands beside it], the empty ones left out. */
export const Pairs = ({ pairs, label }) =>
  html`<dl class="pairs" aria-label=${label}>
    ${pairs
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;

/* columns: [heading, (row) => cell, class]; a cell knows its heading for narrow screens. */
export function Table({ columns, rows, caption, rowClass }) {
  if (rows.length === 0) return html`<p class="empty">${t("app.empty")}</p>`;
  return html`<div class="table" tabindex="0" role="group" aria-label=${caption}>
    <table>
      <caption class="quiet">${caption}</caption>
      <thead>
        <tr>${columns.map(([name, , kind]) => html`<th scope="col" class=${kind}>${name}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr class=${rowClass && rowClass(row)}>
            ${columns.map(
              ([name, cell, kind]) => html`<td class=${kind} data-name=${name}>${cell(row)}</td>`,
            )}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
