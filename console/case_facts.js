/* The terms that add up to a score: bars to both sides of zero with the sentences of the
 * run, those for the buyer first, and the usual range where the sentence states one. */
import { html } from "./lib.js";
import { t, word } from "./words.js";
import { Sentence, percent, signed } from "./parts.js";

const HARDLY = 0.05; // log-odds, as every page of rebut has it

/* Scores from before terms had it: the usual range is in the sentence only: "常见范围 0.19–2.33", "usual range 0.19 to
 * 2.33"; what was seen is the ratio of a shop or item, or the term's own figure. */
function usualRange(term) {
  if (term.usual) return term.usual;
  const found = /(?:常见范围|usual range)\s*([\d.]+)\s*(?:–|to)\s*([\d.]+)/.exec(term.sentence);
  if (!found) return null;
  let seen = term.observed;
  if (term.name === "merchant" || term.name === "item") {
    const ratio = /(?:同类的|wrong)\s*([\d.]+)/.exec(term.sentence);
    if (!ratio) return null;
    seen = Number(ratio[1]);
  }
  return { seen, low: Number(found[1]), high: Number(found[2]) };
}

/* A rate of orders is a percentage; the others are times or numbers. */
const figureOf = (term) => (term.name === "circumstances" ? (x) => percent(x) : (x) => String(Number(x.toFixed(2))));

function RangePicture({ term, range }) {
  const { seen, low, high } = range;
  const most = 1.15 * Math.max(seen, high, 1e-9);
  const x = (value) => ((100 * value) / most).toFixed(2);
  const figure = figureOf(term);
  const label = t("case.range", figure(seen), figure(low), figure(high));
  return html`<svg class="range" viewBox="-2 0 104 10" role="img" aria-label=${label}>
      <title>${label}</title>
      <path class="axis" d="M0 5H100" />
      <rect class="usual" x=${x(low)} y="2" width=${((100 * (high - low)) / most).toFixed(2)} height="6" />
      <circle class="seen" cx=${x(seen)} cy="5" r="2.6" />
    </svg>
    <span class="usual-words" aria-hidden="true">${t("case.usual", figure(low), figure(high))}</span>`;
}

function Common({ share }) {
  const label = t("case.common", percent(share));
  return html`<svg class="range" viewBox="-2 0 104 10" role="img" aria-label=${label}>
    <title>${label}</title>
    <rect class="frame" x="0" y="3" width="100" height="4" />
    <rect class="usual" x="0" y="3" width=${(100 * share).toFixed(2)} height="4" />
  </svg>`;
}

/* A mark's figure is the share of all requests that have it. */
function Normal({ term }) {
  const range = usualRange(term);
  if (range) return html`<${RangePicture} term=${term} range=${range} />`;
  if (/占 [\d.]+%|% of all refund-only/.test(term.sentence)) return html`<${Common} share=${term.expected} />`;
  return null;
}

function Bar({ value, most }) {
  const wide = (48 * Math.abs(value)) / most;
  return html`<svg class="bar" viewBox="-50 0 100 12" preserveAspectRatio="none" aria-hidden="true">
    <rect class=${value < 0 ? "for" : "against"} x=${(value < 0 ? -wide : 0).toFixed(2)} y="1" width=${wide.toFixed(2)} height="10" />
    <path class="axis" d="M0 0V12" />
  </svg>`;
}

/* What the log-odds do to the odds: "×8.8", "÷2.1". */
const factor = (x) => {
  const size = Math.exp(Math.abs(x));
  return (x < 0 ? "÷" : "×") + (size < 10 ? size.toFixed(1) : Math.round(size));
};

const Line = ({ term, most }) =>
  html`<li class="line">
    <span class="figure">${signed(term.log_odds)} <span class="muted">(${factor(term.log_odds)})</span></span>
    <${Bar} value=${term.log_odds} most=${most} />
    <span class="said"><strong>${word("term", term.name)}</strong> <${Sentence} text=${term.sentence} /></span>
    <span class="normal"><${Normal} term=${term} /></span>
  </li>`;

const Lines = ({ terms, most }) =>
  terms.length === 0
    ? html`<p class="muted">${t("app.none")}</p>`
    : html`<ol class="lines">${terms.map((term) => html`<${Line} term=${term} most=${most} />`)}</ol>`;

export function Facts({ terms, sum }) {
  const ordered = [...terms].sort((a, b) => Math.abs(b.log_odds) - Math.abs(a.log_odds));
  const most = Math.max(0.1, ...terms.map((term) => Math.abs(term.log_odds)));
  const facts = ordered.filter((term) => term.name !== "calibration");
  const heavy = facts.filter((term) => Math.abs(term.log_odds) >= HARDLY);
  const minor = facts.filter((term) => Math.abs(term.log_odds) < HARDLY);
  return html`<section class="card facts" aria-labelledby="facts-title">
    <h2 id="facts-title">${t("case.facts")}</h2>
    <p class="muted">${t("case.facts_lead")} ${t("case.range_legend")}</p>
    <h3 class="for"><span aria-hidden="true">←</span> ${t("case.for")}</h3>
    <${Lines} terms=${heavy.filter((term) => term.log_odds < 0)} most=${most} />
    <h3 class="against"><span aria-hidden="true">→</span> ${t("case.against")}</h3>
    <${Lines} terms=${heavy.filter((term) => term.log_odds > 0)} most=${most} />
    <h3>${t("case.calibration")}</h3>
    <${Lines} terms=${ordered.filter((term) => term.name === "calibration")} most=${most} />
    ${minor.length > 0 &&
    html`<details>
      <summary>${t("case.minor", minor.length)}</summary>
      <${Lines} terms=${minor} most=${most} />
    </details>`}
    <p class="sum"><span>${t("case.sum")}</span> <strong>${signed(sum)}</strong></p>
  </section>`;
}

/* Would the sum change its sign without one of the lines?  Then that line had better be
 * looked at first. */
export function Flip({ terms, sum }) {
  const facts = terms.filter((term) => term.name !== "calibration");
  const one = facts
    .filter((term) => Math.sign(sum - term.log_odds) !== Math.sign(sum))
    .sort((a, b) => Math.abs(b.log_odds) - Math.abs(a.log_odds))[0];
  return html`<span>${one ? t("case.flip", word("term", one.name)) : t("case.no_flip")}</span>`;
}
