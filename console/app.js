/* The frame of every page: who is here, where one can go, what is to be told. */
import { html, render, useEffect, useRef, useState } from "./lib.js";
import { leave, resume } from "./api.js";
import { hush, remember, say, set, state, useShared } from "./state.js";
import { t } from "./words.js";
import { Heading, Words, caseHref } from "./parts.js";
import { Help, useKeys } from "./keys.js";
import { Login, tryToEnter } from "./login.js";

/* Each page comes when it is first gone to. */
const pages = {
  queue: async () => (await import("./queue.js")).Queue,
  requests: async () => (await import("./queue.js")).Requests,
  mine: async () => (await import("./mine.js")).Mine,
  escalated: async () => (await import("./escalate.js")).Escalated,
  case: async () => (await import("./case.js")).Case,
  dashboard: async () => (await import("./dashboard.js")).Dashboard,
  merchant: async () => (await import("./merchant.js")).Merchant,
  report: async () => (await import("./merchant.js")).Merchant,
  buyer: async () => (await import("./merchant.js")).Buyer,
  appeals: async () => (await import("./appeals.js")).Appeals,
  audit: async () => (await import("./audit.js")).Audit,
};
const come = new Map();

function Page({ route }) {
  const [, turn] = useState(0);
  const { page } = route;
  useEffect(() => {
    if (!pages[page] || come.has(page)) return;
    pages[page]().then(
      (Component) => (come.set(page, Component), turn((n) => n + 1)),
      () => say(t("problem.no-network"), true),
    );
  }, [page]);
  const Component = come.get(page);
  if (!pages[page]) return html`<${Heading}>${t("app.missing")}<//>`;
  return Component ? html`<${Component} route=${route} />` : html`<p class="loading">${t("app.loading")}</p>`;
}

const menus = {
  reviewer: ["queue", "mine", "escalated", "appeals", "requests", "dashboard"],
  senior: ["escalated", "queue", "mine", "appeals", "requests", "dashboard"],
  admin: ["queue", "mine", "escalated", "appeals", "requests", "dashboard", "audit"],
  auditor: ["audit", "requests", "appeals", "dashboard"],
  merchant: ["requests", "appeals", "report"],
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

function Top({ route }) {
  const { session } = state;
  const named = (page) => t("nav." + (page === "requests" && session.role === "merchant" ? "own" : page));
  return html`<header class="top">
    <span class="brand">${t("app.name")}</span>
    ${session &&
    html`<nav aria-label=${t("app.menu")}>
        ${menus[session.role].map(
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
