/* What the pages share: who is here, what this browser remembers, what is to be told.
 * Nothing of a case is kept in the browser's storage: only choices, and the names and
 * filters of saved views. */
import { useEffect, useState } from "./lib.js";

function remembered(name, otherwise) {
  try {
    const text = localStorage.getItem("rebut." + name);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export const state = {
  session: null,
  language: remembered("language", "zh") === "en" ? "en" : "zh",
  keys: remembered("keys", true) === true,
  advance: remembered("advance", true) === true,
  views: Array.isArray(remembered("views", [])) ? remembered("views", []) : [],
  seen: remembered("seen", false) === true, // has somebody signed in from here?
  message: null, // {text, alert}
  last: null, // the last decision: {id, verdict, until}
  order: [], // request ids as last listed, to go on with
  help: false,
};

/* Who works on the queue; and who takes what others hand on (sql/migrations/0013). */
export const isReviewer = () => ["reviewer", "senior", "admin"].includes(state.session.role);
export const isSenior = () => ["senior", "admin"].includes(state.session.role);

const watchers = new Set();

export function set(changes) {
  Object.assign(state, changes);
  for (const watcher of watchers) watcher();
}

export function remember(name, value) {
  try {
    localStorage.setItem("rebut." + name, JSON.stringify(value));
  } catch {
    /* a browser that keeps nothing is no reason to stop */
  }
  set({ [name]: value });
}

export function useShared() {
  const [, turn] = useState(0);
  useEffect(() => {
    const watcher = () => turn((n) => n + 1);
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, []);
  return state;
}

/* On a new page what was said before is old; what has just been said is not. */
export function hush() {
  if (state.message && Date.now() - state.message.at > 1500) set({ message: null });
}

let fading = 0;
/* Say something in the live region; an alert stays until the next. */
export function say(text, alert = false) {
  clearTimeout(fading);
  set({ message: { text, alert, at: Date.now() } });
  if (!alert) fading = setTimeout(() => set({ message: null }), 12000);
}

/* Load when `deps` change; the answer of an older question is dropped. */
export function useLoad(load, deps) {
  const [result, put] = useState({ loading: true, data: null, error: null });
  const [turn, again] = useState(0);
  useEffect(() => {
    let here = true;
    put((before) => ({ ...before, loading: true }));
    load().then(
      (data) => here && put({ loading: false, data, error: null }),
      (error) => here && put({ loading: false, data: null, error }),
    );
    return () => {
      here = false;
    };
  }, [...deps, turn]);
  return { ...result, reload: () => again((n) => n + 1) };
}
