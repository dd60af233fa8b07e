/* Is the queue being worked off, and did what was stated come true? */
import { html, useEffect, useRef } from "./lib.js";
import { get } from "./api.js";
import { useLoad } from "./state.js";
import { t, word } from "./words.js";
import { Filters, filtersOf } from "./list.js";
import { Heading, Pairs, Table, Waiting, between, money, percent, when, wilson } from "./parts.js";

const Card = ({ title, id, children, wide }) =>
  html`<section class=${wide ? "card wide" : "card"} aria-labelledby=${id}>
    <h2 id=${id}>${title}</h2>
    ${children}
  </section>`;

function FalseDiscoveries({ found }) {
  if (!found.n) return html`<p class="muted">${t("dash.fdr_none")}</p>`;
  const range = wilson(found.realised, found.n);
  const x = (share) => (200 * Math.min(1, share / scale)).toFixed(1);
  const scale = Math.max(0.1, 1.1 * range[1], 1.1 * (found.stated || 0));
  return html`<p class="muted">${t("dash.fdr_lead")}</p>
    <svg class="fdr" viewBox="-6 0 212 34" aria-hidden="true">
      <path class="axis" d="M0 17H200M0 12V22" />
      <rect class="interval" x=${x(range[0])} y="12" width=${(x(range[1]) - x(range[0])).toFixed(1)} height="10" />
      <circle class="seen" cx=${x(found.realised)} cy="17" r="4.5" />
      ${found.stated != null && html`<path class="stated" d=${`M${x(found.stated)} 3V31`} />`}
    </svg>
    <${Pairs}
      label=${t("dash.fdr")}
      pairs=${[
        ["┃ " + t("dash.stated"), found.stated == null ? "—" : percent(found.stated)],
        ["● " + t("dash.realised"), `${percent(found.realised)} (${between(range)})`],
        [t("dash.n"), found.n],
      ]}
    />
    ${found.n < 30 && html`<p class="caution">${t("dash.few")}</p>`}`;
}

function ReliabilityPicture({ bins }) {
  const x = (share) => (10 + 180 * share).toFixed(1);
  const y = (share) => (190 - 180 * share).toFixed(1);
  return html`<svg class="reliability" viewBox="0 0 200 200" role="img" aria-label=${t("dash.reliability")}>
    <path class="axis" d="M10 10V190H190" />
    <path class="diagonal" d="M10 190L190 10" />
    ${bins.map((bin) => {
      const [low, high] = wilson(bin.realised, bin.n);
      return html`<path class="whisker" d=${`M${x(bin.stated)} ${y(low)}V${y(high)}`} />
        <circle class="seen" cx=${x(bin.stated)} cy=${y(bin.realised)} r=${Math.min(7, 2 + Math.sqrt(bin.n) / 2).toFixed(1)} />`;
    })}
    <text x="100" y="199" text-anchor="middle">${t("dash.stated")}</text>
    <text x="4" y="100" text-anchor="middle" transform="rotate(-90 6 100)">${t("dash.realised")}</text>
  </svg>`;
}

function Reliability({ bins }) {
  if (bins.length === 0) return html`<p class="muted">${t("dash.fdr_none")}</p>`;
  return html`<p class="muted">${t("dash.reliability_lead")}</p>
    <div class="beside">
    <${ReliabilityPicture} bins=${bins} />
    <${Table}
      caption=${t("dash.reliability")}
      rows=${bins}
      columns=${[
        [t("dash.bin"), (bin) => `${10 * bin.bin}–${10 * bin.bin + 10}%`],
        [t("dash.stated"), (bin) => percent(bin.stated), "number"],
        [t("dash.realised"), (bin) => `${percent(bin.realised)} (${between(wilson(bin.realised, bin.n))})`, "number"],
        [t("dash.n"), (bin) => bin.n, "number"],
      ]}
    />
    </div>`;
}

/* Cohen's kappa; none where chance alone would agree always. */
const kappa = (share, chance) => (chance == null || chance >= 1 ? null : ((share - chance) / (1 - chance)).toFixed(2));

function Agreement({ found }) {
  if (!found.pairs) return html`<p class="muted">${t("dash.no_pairs")}</p>`;
  const share = found.agree / found.pairs;
  return html`<${Pairs}
    label=${t("dash.agreement")}
    pairs=${[
      [t("dash.agree"), `${percent(share)} (${between(wilson(share, found.pairs))})`],
      [t("dash.kappa"), kappa(share, found.by_chance)],
      [t("dash.n"), t("dash.pairs", found.agree, found.pairs)],
    ]}
  />`;
}

const Recovered = ({ found }) =>
  html`<p class="muted">${t("dash.recovered_lead")}</p>
    <${Pairs}
      label=${t("dash.recovered")}
      pairs=${[
        [t("dash.abuse_amount"), html`<strong class="figure-big">${money(found.decided_abuse)}</strong>`],
        [t("dash.by_appeals"), html`<strong class="figure-big">${money(found.by_appeals)}</strong>`],
        [t("dash.appeals_won"), `${found.appeals_won} / ${found.appeals_lost}`],
      ]}
    />`;

/* The largest PSI of a night on a line with the limit; the nights before in a table. */
function Drift({ found, runs }) {
  if (!found || found.psi == null) return html`<p class="muted">${t("dash.drift_none")}</p>`;
  const most = 1.15 * Math.max(found.psi, found.limit);
  const x = (value) => ((200 * value) / most).toFixed(1);
  const nights = runs.filter((run) => run.kind === "nightly" && run.counts && run.counts.psi_most != null);
  return html`<p class="muted">${t("dash.drift_lead", found.limit)}</p>
    <svg class="fdr" viewBox="-6 0 212 34" aria-hidden="true">
      <path class="axis" d="M0 17H200M0 12V22" />
      <circle class="seen" cx=${x(found.psi)} cy="17" r="4.5" />
      <path class="stated" d=${`M${x(found.limit)} 3V31`} />
    </svg>
    <p class=${found.psi > found.limit ? "caution" : ""}><strong>${t(found.psi > found.limit ? "dash.drift_alarm" : "dash.drift_ok")}</strong></p>
    <${Pairs}
      label=${t("dash.drift")}
      pairs=${[
        ["● " + t("dash.drift_psi"), found.psi.toFixed(3)],
        [t("dash.drift_term"), word("term", found.term)],
        [t("dash.drift_queue"), found.queue == null ? null : `${found.queue} (${found.queue_usual ?? "—"})`],
        [t("dash.run_asof"), when(found.as_of)],
      ]}
    />
    ${nights.length > 1 &&
    html`<details>
      <summary>${t("dash.drift_nights")}</summary>
      <${Table}
        caption=${t("dash.drift_nights")}
        rows=${nights}
        columns=${[
          [t("dash.run_asof"), (run) => when(run.as_of), "head"],
          [t("dash.drift_psi"), (run) => Number(run.counts.psi_most).toFixed(3), "number"],
          [t("dash.drift_term"), (run) => word("term", run.counts.psi_term)],
        ]}
      />
    </details>`}`;
}

/* The days of a period without a gap, the last one today or the last decided. */
function everyDay(days) {
  const amount = new Map(days.map((day) => [day.day, day.abuse_amount]));
  const first = Date.parse(days[0].day + "T00:00:00Z");
  const last = Date.parse(days[days.length - 1].day + "T00:00:00Z");
  const from = Math.min(first, last - 6 * 86400e3);
  const times = [];
  for (let at = from; at <= last; at += 86400e3) times.push(at / 1000);
  return [times, times.map((at) => (amount.get(new Date(1000 * at).toISOString().slice(0, 10)) || 0) / 100)];
}

async function drawMoney(place, days) {
  const { default: Plot } = await import("./vendor/uplot.js");
  if (!place.isConnected) return null;
  const colour = (name) => getComputedStyle(place).getPropertyValue(name).trim();
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: "12px sans-serif" };
  return new Plot(
    {
      width: place.clientWidth,
      height: 200,
      tzDate: (at) => Plot.tzDate(new Date(at * 1e3), "Etc/UTC"),
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: true, range: (_, low, high) => [low - 43200, high + 43200] }, y: { range: (_, __, most) => [0, most > 0 ? 1.1 * most : 1] } },
      axes: [
        { ...axis, values: (_, at) => at.map((x) => new Date(1e3 * x).toISOString().slice(5, 10)), space: 60, incrs: [86400, 2 * 86400, 7 * 86400, 30 * 86400] },
        { ...axis, size: 70, values: (_, at) => at.map((y) => y.toLocaleString("en-US")) },
      ],
      series: [{}, { fill: colour("--accent"), stroke: colour("--accent"), width: 0, points: { show: false }, paths: Plot.paths.bars({ size: [0.6, 40] }) }],
    },
    everyDay(days),
    place,
  );
}

function Money({ days }) {
  const place = useRef(null);
  useEffect(() => {
    let plot = null;
    let gone = false;
    const draw = async () => {
      if (plot) plot.destroy();
      plot = await drawMoney(place.current, days);
      if (gone && plot) plot.destroy();
    };
    const resize = () => plot && plot.setSize({ width: place.current.clientWidth, height: 200 });
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    draw();
    addEventListener("resize", resize);
    scheme.addEventListener("change", draw);
    return () => {
      gone = true;
      removeEventListener("resize", resize);
      scheme.removeEventListener("change", draw);
      if (plot) plot.destroy();
    };
  }, [days]);
  return html`<div ref=${place} class="plot" role="img" aria-label=${t("dash.money")}></div>
    <details>
      <summary>${t("dash.table")}</summary>
      <${Table}
        caption=${t("dash.money")}
        rows=${days}
        columns=${[
          [t("dash.day"), (day) => day.day],
          [t("dash.decisions"), (day) => day.decisions, "number"],
          [t("verdict.abuse"), (day) => day.abuse, "number"],
          [t("dash.abuse_amount"), (day) => money(day.abuse_amount), "number"],
        ]}
      />
    </details>`;
}

const took = (run) => (run.ended_at ? t("dash.seconds", ((Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000).toFixed(1)) : "—");

const Runs = ({ runs }) =>
  html`<${Table}
    caption=${t("dash.runs")}
    rows=${runs}
    columns=${[
      [t("dash.run_started"), (run) => when(run.started_at), "head"],
      [t("dash.run_kind"), (run) => word("run", run.kind)],
      [t("col.state"), (run) => word("run", run.state)],
      [t("dash.run_took"), took, "number"],
      [t("dash.run_asof"), (run) => (run.as_of ? when(run.as_of) : "—")],
      [t("dash.run_scored"), (run) => (run.counts && run.counts.scored) ?? "—", "number"],
      [t("case.model"), (run) => (run.model_id ? run.model_id.slice(0, 8) : "—")],
    ]}
  />`;

function Models() {
  const models = useLoad(() => get("/v1/models"), []);
  return html`<${Waiting} of=${models}>
    ${(data) => html`<${Table}
      caption=${t("dash.models")}
      rows=${data.items}
      columns=${[
        [t("case.model"), (model) => html`<code>${model.model_id.slice(0, 8)}</code>`, "head"],
        [t("col.state"), (model) => word("model", model.role)],
        [t("case.as_of"), (model) => when(model.as_of)],
        [t("dash.created"), (model) => when(model.created_at)],
      ]}
    />`}
  <//>`;
}

function Everything({ data }) {
  const { queue, decisions } = data;
  return html`<div class="cards">
    <${Card} id="dash-queue" title=${t("dash.queue")}>
      <${Pairs} label=${t("dash.queue")} pairs=${[[t("dash.open"), html`<strong class="figure-big">${queue.open}</strong>`], [t("dash.held"), html`<strong class="figure-big">${queue.held}</strong>`], [t("dash.escalated"), html`<strong class="figure-big">${queue.escalated ?? 0}</strong>`], [t("dash.queue_recovery"), money(queue.expected_recovery)], [t("dash.queue_amount"), money(queue.amount)]]} />
    <//>
    <${Card} id="dash-decisions" title=${t("dash.decisions")}>
      <${Pairs} label=${t("dash.decisions")} pairs=${[[t("app.all"), html`<strong class="figure-big">${decisions.all}</strong>`], [t("verdict.abuse"), decisions.abuse], [t("verdict.legitimate"), decisions.legitimate], [t("verdict.unclear"), decisions.unclear], [t("dash.abuse_amount"), money(decisions.abuse_amount)]]} />
    <//>
    <${Card} id="dash-agreement" title=${t("dash.agreement")}><${Agreement} found=${data.agreement} /><//>
    <${Card} id="dash-fdr" title=${t("dash.fdr")}><${FalseDiscoveries} found=${data.false_discovery} /><//>
    <${Card} id="dash-drift" title=${t("dash.drift")}><${Drift} found=${data.drift} runs=${data.runs} /><//>
    ${data.recovered && html`<${Card} id="dash-recovered" title=${t("dash.recovered")}><${Recovered} found=${data.recovered} /><//>`}
    <${Card} id="dash-reliability" title=${t("dash.reliability")} wide><${Reliability} bins=${data.reliability} /><//>
    <${Card} id="dash-money" title=${t("dash.money")} wide>
      ${data.by_day.length === 0 ? html`<p class="muted">${t("dash.money_none")}</p>` : html`<${Money} days=${data.by_day} />`}
    <//>
    <${Card} id="dash-runs" title=${t("dash.runs")} wide><${Runs} runs=${data.runs} /><//>
    <${Card} id="dash-models" title=${t("dash.models")} wide><${Models} /><//>
  </div>`;
}

export function Dashboard({ route }) {
  const filters = filtersOf(route);
  const days = filters.days || "30";
  const summary = useLoad(() => get("/v1/metrics/summary", { days }), [days]);
  const options = ["7", "30", "90", "365"].map((n) => [n, t("dash.last_days", n)]);
  return html`<${Heading}>${t("nav.dashboard")}<//>
    <${Filters} path="/dashboard" fields=${[{ name: "days", label: t("dash.days"), otherwise: "30", options }]} filters=${filters} views=${false} />
    <${Waiting} of=${summary}>${(data) => html`<${Everything} data=${data} />`}<//>`;
}
