/* The frame of every page: who is here, where one can go, what is to be told. */
import { html, render, useEffect, useRef, useState } from "./lib.js";
import { has, leave, resume } from "./api.js";
import { hush, remember, set, state, useShared } from "./state.js";
import { t } from "./words.js";
import { Heading, Words, caseHref } from "./parts.js";
import { Audit } from "./audit.js";
import { Case } from "./case.js";
import { Dashboard } from "./dashboard.js";
import { Help, useKeys } from "./keys.js";
import { Login, tryToEnter } from "./login.js";
import { Buyer, Merchant } from "./merchant.js";
import { Appeals } from "./appeals.js";
import { Escalated } from "./escalate.js";
import { Mine } from "./mine.js";
import { Queue, Requests } from "./queue.js";

const pages = {
  queue: Queue, mine: Mine, requests: Requests, case: Case, dashboard: Dashboard,
  merchant: Merchant, buyer: Buyer, audit: Audit, report: Merchant, escalated: Escalated, appeals: Appeals,
};
const menus = {
  reviewer: ["queue", "mine", "escalated", "requests", "dashboard"],
  senior: ["escalated", "queue", "mine", "requests", "dashboard"],
  admin: ["queue", "mine", "escalated", "requests", "dashboard", "audit"],
  auditor: ["audit", "requests", "dashboard"],
  merchant: ["requests", "report"],
};

/* "#/case/r01?x=1": the page, the id in it, the query. */
function routeOf(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page, ...rest] = path.split("/");
  let id = "";
  try {
    id = decodeURIComponent(rest.join("/"));
  } catch {
    /* no id, then */
  }
  return { page: page || menus[state.session ? state.session.role : "reviewer"][0], id, query };
}

function useRoute() {
  const [hash, put] = useState(location.hash);
  useEffect(() => {
    const moved = () => put(location.hash);
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return routeOf(hash);
}

function LanguageSwitch() {
  return html`<div class="languages" role="group" aria-label=${t("app.language")}>
    ${[["zh", "中文"], ["en", "English"]].map(
      ([code, name]) => html`<button type="button" lang=${code} class="link" aria-pressed=${String(state.language === code)} onClick=${() => remember("language", code)}>${name}</button>`,
    )}
  </div>`;
}

function Search() {
  const [id, put] = useState("");
  const open = (event) => {
    event.preventDefault();
    if (id.trim() !== "") location.hash = caseHref(id.trim());
    put("");
  };
  return html`<form class="search" role="search" onSubmit=${open}>
    <input id="search" aria-label=${t("app.search")} placeholder=${t("app.search")} value=${id} maxlength="64" autocomplete="off" spellcheck=${false} onInput=${(e) => put(e.target.value)} />
    <button type="submit">${t("app.search_go")}</button>
  </form>`;
}

/* Appeals have a place in the menu where the server has them. */
function useAppeals(session) {
  useEffect(() => {
    if (session && session.role !== "auditor") has("/v1/appeals").then((there) => set({ appeals: there }));
  }, [session && session.login]);
}

function Top({ route }) {
  const { session } = state;
  useAppeals(session);
  const named = (page) => t("nav." + (page === "requests" && session.role === "merchant" ? "own" : page));
  return html`<header class="top">
    <span class="brand">${t("app.name")}</span>
    ${session &&
    html`<nav aria-label=${t("app.menu")}>
        ${menus[session.role].concat(state.appeals ? ["appeals"] : []).map(
          (page) => html`<a href=${"#/" + page} aria-current=${route.page === page ? "page" : null}>${named(page)}</a>`,
        )}
      </nav>
      <${Search} />`}
    <div class="right">
      <${LanguageSwitch} />
      ${session &&
      html`<button type="button" class="link" onClick=${() => set({ help: true })}>${t("app.help")} <kbd aria-hidden="true">?</kbd></button>
        <span class="who"><${Words} text=${session.login} /> · ${t("role." + session.role)}</span>
        <button type="button" class="link" onClick=${leave}>${t("app.sign_out")}</button>`}
    </div>
  </header>`;
}

/* Both regions are always there, so that a screen reader hears what comes into them. */
const Messages = ({ message }) =>
  html`<div class="messages">
    <div role="status" aria-live="polite">${message && !message.alert && html`<p class="message">${message.text}</p>`}</div>
    <div role="alert">${message && message.alert && html`<p class="message alert"><span aria-hidden="true">⚠ </span>${message.text} <button type="button" class="link" onClick=${() => set({ message: null })}>${t("app.close")}</button></p>`}</div>
  </div>`;

const Missing = () => html`<${Heading}>${t("app.missing")}<//>`;

/* A new page begins at its heading, for eyes and ears. */
function useBeginning(place) {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo(0, 0);
    hush();
    const main = document.getElementById("main");
    const begin = () => main.querySelector("h1");
    let tries = 0;
    const look = () => {
      if (begin()) begin().focus({ preventScroll: true });
      else if (tries++ < 40) setTimeout(look, 25);
    };
    look();
  }, [place]);
}

function App({ arriving }) {
  const shared = useShared();
  const route = useRoute();
  useKeys();
  useEffect(() => {
    const clock = setInterval(() => set({}), 30000); // "29 minutes left" goes on
    return () => clearInterval(clock);
  }, []);
  useBeginning(shared.session ? route.page + " " + route.id : "login");
  const page = shared.session ? t("nav." + (pages[route.page] ? route.page : "case")) : t("login.title");
  useEffect(() => {
    document.documentElement.lang = shared.language === "en" ? "en" : "zh-CN";
    document.title = page + (route.page === "case" ? " " + route.id : "") + " · " + t("app.name");
  });
  const Page = pages[route.page] || Missing;
  return html`<a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); document.getElementById("main").focus(); }}>${t("app.skip")}</a>
    <${Top} route=${route} />
    <${Messages} message=${shared.message} />
    <main id="main" tabindex="-1">
      ${shared.session ? html`<${Page} key=${route.page} route=${route} />` : html`<${Login} arriving=${arriving.now} />`}
    </main>
    <footer>${t("app.notice")}</footer>
    <${Help} />`;
}

async function begin() {
  const code = /^#code=(.+)$/.exec(location.hash);
  const arriving = { now: Boolean(code) };
  if (code) history.replaceState(null, "", "/#/"); // the code is not to stay in sight
  else if (state.seen) await resume().catch(() => remember("seen", false));
  render(html`<${App} arriving=${arriving} />`, document.getElementById("app"));
  if (code) {
    await tryToEnter(decodeURIComponent(code[1]));
    arriving.now = false;
    set({});
  }
}

begin();
