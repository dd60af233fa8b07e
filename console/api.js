/* Asking the server; every refusal becomes a Problem with the kind it states. */
import { state, set, remember } from "./state.js";

export class Problem extends Error {
  constructor(status, kind, detail) {
    super(detail || kind);
    this.status = status;
    this.kind = kind;
  }
}

function fresh() {
  const dice = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(dice, (n) => n.toString(16).padStart(2, "0")).join("");
}

function query(parameters) {
  const given = Object.entries(parameters || {}).filter(([, v]) => v !== "" && v != null);
  return given.length === 0 ? "" : "?" + new URLSearchParams(given);
}

async function refusal(answer) {
  let body = {};
  try {
    body = await answer.json();
  } catch {
    /* not one of ours: a proxy's page */
  }
  const kind = String(body.type || "").replace("urn:rebut:problem:", "");
  return new Problem(answer.status, kind || "unknown", body.detail);
}

async function send(method, path, headers, body) {
  try {
    return await fetch(path, {
      method,
      headers,
      body,
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Problem(0, "no-network", "");
  }
}

/* {data, etag} of a request.  `more`: query, body, match (If-Match). */
export async function ask(method, path, more = {}) {
  const headers = { Accept: "application/json" };
  let body;
  if (method !== "GET") {
    headers["Content-Type"] = "application/json";
    if (state.session && state.session.csrf) headers["X-CSRF-Token"] = state.session.csrf;
    if (method === "POST" && path !== "/v1/session") headers["Idempotency-Key"] = fresh();
    body = method === "DELETE" ? undefined : JSON.stringify(more.body || {});
    if (method === "DELETE") delete headers["Content-Type"];
  }
  if (more.match) headers["If-Match"] = more.match;
  const answer = await send(method, path + query(more.query), headers, body);
  if (!answer.ok) {
    const problem = await refusal(answer);
    if (problem.status === 401 && path !== "/v1/session") {
      remember("seen", false);
      set({ session: null });
    }
    throw problem;
  }
  const data = answer.status === 204 ? null : await answer.json();
  return { data, etag: answer.headers.get("ETag") };
}

export const get = async (path, parameters) =>
  (await ask("GET", path, { query: parameters })).data;
export const post = async (path, body, match) => (await ask("POST", path, { body, match })).data;

const of = (id) => "/v1/requests/" + encodeURIComponent(id);
export const readCase = (id) => ask("GET", of(id));
export const claim = (id) => post(of(id) + "/claim", { minutes: 30 });
export const release = (id) => post(of(id) + "/release");
export const undo = (id) => post(of(id) + "/undo");
export const decide = (id, verdict, note, version) =>
  post(of(id) + "/decide", note ? { verdict, note } : { verdict }, version);

export const escalate = (id, reason, version) => post(of(id) + "/escalate", { reason }, version);

/* Begin a session by a token or a link's code, or go on with the cookie's. */
export async function enter(secret) {
  const given = secret.trim();
  const body = given.startsWith("rebutlink_") ? { code: given } : { token: given };
  const { csrf } = await post("/v1/session", body);
  await resume();
  set({ session: { ...state.session, csrf } });
}

export async function resume() {
  const session = await get("/v1/session");
  set({ session });
  remember("seen", true);
}

export async function leave() {
  try {
    await ask("DELETE", "/v1/session");
  } finally {
    remember("seen", false);
    set({ session: null, last: null, order: [], message: null });
    location.hash = "#/";
  }
}

/* Refused when there is nothing to read at this address; what is there is not read. */
export async function exists(href) {
  const answer = await send("HEAD", href, {});
  if (!answer.ok)
    throw new Problem(answer.status, answer.status === 404 ? "no-evidence" : "unknown", "");
}

/* A text or JSON by its address, as it comes. */
export async function read(href) {
  const answer = await send("GET", href, {});
  if (!answer.ok) throw await refusal(answer);
  return answer.text();
}
