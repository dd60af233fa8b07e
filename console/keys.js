/* The keyboard: one listener, off while something is written or a window is open. */
import { html, useEffect, useRef } from "./lib.js";
import { remember, set, state, useShared } from "./state.js";
import { t } from "./words.js";
import { undoLast } from "./undo.js";

const writing = (target) =>
  target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);

function step(by) {
  const rows = Array.from(document.querySelectorAll("a[data-row]"));
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const focus = (id) => {
  const field = document.getElementById(id);
  if (field) field.focus();
};

const plain = {
  j: () => step(1),
  k: () => step(-1),
  u: undoLast,
  q: () => (location.hash = "#/queue"),
  n: () => focus("note"),
  "/": () => focus("search"),
  "?": () => set({ help: true }),
};

function pressed(event) {
  if (!state.session || !state.keys || state.help) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (writing(event.target)) {
    const done = event.key === "Escape" || (event.key === "Enter" && event.target.id === "note");
    if (done && event.target.type !== "checkbox") event.target.blur();
    if (event.target.type !== "checkbox") return;
  }
  const onControl = event.target.closest && event.target.closest("a, button, summary, input");
  if (event.key === "Enter" && onControl) return;
  if (plain[event.key]) {
    event.preventDefault();
    plain[event.key]();
  } else if (["1", "2", "3", "r", "e", "Enter"].includes(event.key) && !event.repeat)
    dispatchEvent(new CustomEvent("rebut-key", { detail: event.key }));
}

export function useKeys() {
  useEffect(() => {
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

const rows = () => [
  ["j", t("keys.next")],
  ["k", t("keys.previous")],
  ["Enter", t("keys.enter")],
  ["1 2 3", t("keys.verdicts")],
  ["n", t("keys.note")],
  ["r", t("keys.release")],
  ["e", t("keys.escalate")],
  ["u", t("keys.undo")],
  ["q", t("keys.queue")],
  ["/", t("keys.search")],
  ["?", t("keys.help")],
];

export function Help() {
  const box = useRef(null);
  const shared = useShared();
  useEffect(() => {
    if (shared.help && !box.current.open) box.current.showModal();
  }, [shared.help]);
  return html`<dialog ref=${box} aria-labelledby="keys-title" onClose=${() => set({ help: false })}>
    <h2 id="keys-title">${t("keys.title")}</h2>
    <dl class="keys">${rows().map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
    <label class="check">
      <input type="checkbox" checked=${shared.keys} onChange=${(e) => remember("keys", e.target.checked)} />
      ${t("keys.on")}
    </label>
    <p><button type="button" onClick=${() => box.current.close()}>${t("app.close")}</button></p>
  </dialog>`;
}
