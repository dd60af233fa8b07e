/* One case: may a person decide it in half a minute?  The answer, what speaks for the
 * buyer, what against, what happened, and a bar to decide with. */
import { html, useEffect, useRef, useState } from "./lib.js";
import * as api from "./api.js";
import { isSenior, say, set, state, remember, useLoad, useShared } from "./state.js";
import { problemWords, t } from "./words.js";
import { claimOne } from "./queue.js";
import { Facts, Flip } from "./case_facts.js";
import { Appeal } from "./appeals.js";
import { Decisions, Evidence, Records, Unknown, Versions } from "./case_more.js";
import { undoLast } from "./undo.js";
import { Elsewhere } from "./case_elsewhere.js";
import { Ring } from "./case_ring.js";
import { CopyText, FormText } from "./case_text.js";
import { EscalateWindow, HandedOn } from "./escalate.js";
import { Timeline } from "./case_timeline.js";
import {
  Answer, BuyerLink, Heading, IntervalStrip, MerchantLink, Pairs, Waiting, Words,
  caseHref, end, left, money, percent, when,
} from "./parts.js";

function AnswerCard({ data }) {
  const { score } = data;
  const [low, high] = score.interval;
  const wide = high - low > 0.4 ? "case.wide" : high - low > 0.1 ? "case.middling" : "case.narrow";
  return html`<section class="card answer-card" aria-labelledby="answer-title">
    <h2 id="answer-title">${t("case.answer")}</h2>
    <p class="big"><${Answer} answer=${score.answer} /></p>
    <p class="odds">${t("case.probability", percent(score.probability), end(low), end(high))}</p>
    <${IntervalStrip} p=${score.probability} interval=${score.interval} />
    <p class="scale" aria-hidden="true"><span>0%</span><span>50%</span><span>100%</span></p>
    <p>${t("case.in_words", Math.floor(100 * low), Math.ceil(100 * high))} ${t(wide)}</p>
    <p class="caution"><strong>${t("case.not_verdict")}</strong> · <${Flip} terms=${data.terms} sum=${score.log_odds} /></p>
    <${Pairs}
      label=${t("case.answer")}
      pairs=${[
        [t("case.recovery"), money(score.expected_recovery)],
        [t("case.rank"), score.rank],
        [t("case.q"), score.q_value == null ? null : score.q_value < 0.0005 ? "<0.001" : score.q_value.toFixed(3)],
        [t("case.as_of"), when(score.as_of)],
      ]}
    />
  </section>`;
}

/* Who has it, in one sentence. */
function standing(data) {
  const now = data.state;
  if (!now) return "";
  if (now.decided && !now.mine) return t("case.is_decided");
  if (now.mine) return t("case.held_mine", left(now.until));
  if (now.holder) return t("case.held_by", now.holder, when(now.until));
  if (now.escalated) return t("case.is_escalated");
  if (now.suppressed_until) return t("case.suppressed", when(now.suppressed_until));
  return t("case.free");
}

/* Conflicts are told in words and the case is read again. */
async function attempt(work, reload) {
  try {
    await work();
    return true;
  } catch (problem) {
    say(problemWords(problem), true);
    if (problem.status === 409 || problem.status === 412) reload();
    return false;
  }
}

const isHere = (id) => location.hash === caseHref(id);

/* The next case: the one after this in the list last seen, else one of the queue.  Who has
 * gone elsewhere meanwhile is not called back, and gets no case. */
async function advance(id) {
  const at = state.order.indexOf(id);
  for (const next of at < 0 ? [] : state.order.slice(at + 1, at + 6)) {
    if (!isHere(id)) return;
    try {
      await api.claim(next);
      if (isHere(id)) location.hash = caseHref(next);
      else await api.release(next);
      return;
    } catch (problem) {
      if (problem.status !== 409 && problem.status !== 404) break;
    }
  }
  if (isHere(id)) await claimOne("next", () => isHere(id));
}

function useActions(id, loaded, note, clear) {
  const version = useRef(null);
  if (loaded.data) version.current = loaded.data.etag;
  const claim = () =>
    attempt(async () => {
      await api.claim(id);
      say(t("case.claimed"));
      loaded.reload();
    }, loaded.reload);
  const release = () =>
    attempt(async () => {
      await api.release(id);
      say(t("case.released"));
      loaded.reload();
    }, loaded.reload);
  const decide = (verdict) =>
    attempt(async () => {
      const done = await api.decide(id, verdict, note.current, version.current);
      set({ last: { id, verdict, until: done.undo_until } });
      say(t("case.decided_message", id, t("verdict." + verdict), when(done.undo_until)));
      clear();
      if (state.advance) await advance(id);
      if (isHere(id)) loaded.reload();
    }, loaded.reload);
  const withdraw = () =>
    attempt(async () => {
      await api.release(id);
      say(t("case.withdrawn"));
      loaded.reload();
    }, loaded.reload);
  const escalate = (reason) =>
    attempt(async () => {
      await api.escalate(id, reason, version.current);
      say(t("case.escalate_done", id));
      if (state.advance) await advance(id);
      if (isHere(id)) loaded.reload();
    }, loaded.reload);
  return { claim, release, decide, withdraw, escalate };
}

const verdicts = ["abuse", "legitimate", "unclear"];

function useCaseKeys(data, actions) {
  const now = useRef({});
  now.current = { data, actions };
  useEffect(() => {
    const act = (event) => {
      const mine = now.current.data && now.current.data.state && now.current.data.state.mine;
      const key = event.detail;
      if (key === "Enter" && !mine) now.current.actions.claim();
      if (key === "e") now.current.actions.ask();
      if (key === "r" && mine) now.current.actions.release();
      if ("123".includes(key) && mine) now.current.actions.decide(verdicts[key - 1]);
      else if ("123".includes(key)) say(t("problem.not-in-hand"), true);
    };
    addEventListener("rebut-key", act);
    return () => removeEventListener("rebut-key", act);
  }, []);
}

function DecisionBar({ data, note, put, actions }) {
  const shared = useShared();
  const { mine, decided, holder, second, escalated } = data.state;
  return html`<section class="decide" aria-label=${t("case.actions")}>
    <p class="standing">${standing(data)}</p>
    ${mine
      ? html`<div class="verdicts" role="group" aria-label=${t("case.verdict")}>
            ${verdicts.map(
              (verdict, i) => html`<button type="button" class="verdict ${verdict}" onClick=${() => actions.decide(verdict)}>
                <kbd aria-hidden="true">${i + 1}</kbd> ${t("verdict." + verdict)}
              </button>`,
            )}
          </div>
          <input id="note" class="note" aria-label=${t("case.note")} placeholder=${t("case.note")} maxlength="1000" value=${note} onInput=${(e) => put(e.target.value)} />
          <button type="button" onClick=${actions.release}>${t("case.release")}</button>
          ${!second && !escalated && html`<button type="button" onClick=${actions.ask}>${t("case.escalate")} <kbd aria-hidden="true">e</kbd></button>`}`
      : !decided && !holder && (!escalated || isSenior())
        ? html`<button type="button" class="main" onClick=${actions.claim}>${t("case.claim")} <kbd aria-hidden="true">Enter</kbd></button>`
        : null}
    ${!mine && !holder && data.escalation && html`<button type="button" onClick=${actions.withdraw}>${t("case.withdraw")}</button>`}
    ${shared.last && html`<button type="button" onClick=${undoLast}>${t("case.undo")} <kbd aria-hidden="true">u</kbd></button>`}
    <label class="check">
      <input type="checkbox" checked=${shared.advance} onChange=${(e) => remember("advance", e.target.checked)} />
      ${t("case.advance")}
    </label>
  </section>`;
}

function CaseHead({ data }) {
  return html`<${Heading}>${t("case.title")} <${Words} text=${data.request_id} /><//>
    <${Pairs}
      label=${t("case.title")}
      pairs=${[
        [t("case.amount"), html`<strong>${money(data.amount)}</strong>`],
        [t("case.requested"), when(data.requested_at)],
        [t("case.order"), html`<${Words} text=${data.order_id} />`],
        [t("col.merchant"), html`<${MerchantLink} id=${data.merchant_id} />`],
        data.buyer_id ? [t("nav.buyer"), html`<${BuyerLink} id=${data.buyer_id} />`] : ["", ""],
      ]}
    />
    ${data.state && data.state.second && html`<p class="banner">${t("case.second_banner")}</p>`}
    ${data.escalation && html`<${HandedOn} escalation=${data.escalation} />`}`;
}

export function Case({ route }) {
  const id = route.id;
  const loaded = useLoad(async () => {
    const { data, etag } = await api.readCase(id);
    return { ...data, etag };
  }, [id]);
  const [note, put] = useState("");
  const noted = useRef("");
  noted.current = note.trim();
  const [asking, ask] = useState(false);
  const data = loaded.data && loaded.data.request_id === id ? loaded.data : null;
  const actions = useActions(id, loaded, noted, () => put(""));
  actions.ask = () => {
    const now = data && data.state;
    if (now && now.mine && !now.second && !now.escalated) ask(true);
    else say(t("case.escalate_none"), true);
  };
  useCaseKeys(data, actions);
  useEffect(() => (put(""), ask(false)), [id]);
  useEffect(() => {
    addEventListener("rebut-reload", loaded.reload);
    return () => removeEventListener("rebut-reload", loaded.reload);
  });
  if (loaded.error)
    return html`<${Heading}>${t("case.title")} <${Words} text=${id} /><//><${Waiting} of=${loaded} />`;
  return html`<${Waiting} of=${{ ...loaded, data }}>
    ${() => html`<article class="case">
      <${CaseHead} data=${data} />
      ${data.state && html`<${DecisionBar} data=${data} note=${note} put=${put} actions=${actions} />`}
      ${asking && html`<${EscalateWindow} close=${() => ask(false)} done=${actions.escalate} />`}
      <div class="columns">
        <div>
          <${AnswerCard} data=${data} />
          <${Facts} terms=${data.terms} sum=${data.score.log_odds} />
        </div>
        <div>
          <${Appeal} data=${data} reload=${loaded.reload} />
          <${Timeline} data=${data} />
          <${Elsewhere} data=${data} />
          <${Unknown} notes=${data.score.notes} />
          <${Records} data=${data} />
          <${Ring} data=${data} />
          <${Versions} data=${data} />
          <${Decisions} data=${data} />
          <${Evidence} data=${data} />
          <${FormText} key=${data.request_id} data=${data} />
          <${CopyText} data=${data} />
        </div>
      </div>
    </article>`}
  <//>`;
}
