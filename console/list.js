/* Lists of cases: filters that live in the address, saved views, pages by cursor. */
import { html, useEffect, useState } from "./lib.js";
import { get } from "./api.js";
import { state, remember, say, set, useLoad } from "./state.js";
import { t } from "./words.js";
import { Words } from "./parts.js";

/* The filters of an address "#/queue?sort=amount". */
export const filtersOf = (route) => Object.fromEntries(new URLSearchParams(route.query));

export function go(path, filters) {
  const given = Object.entries(filters).filter(([, value]) => value !== "");
  location.hash = "#" + path + (given.length ? "?" + new URLSearchParams(given) : "");
}

function Field({ field, value, change }) {
  const id = "filter-" + field.name;
  if (field.options)
    return html`<div class="field">
      <label for=${id}>${field.label}</label>
      <select id=${id} value=${value} onChange=${(e) => change(e.target.value)}>
        ${field.options.map(
          ([option, label]) => html`<option value=${option} selected=${option === value}>${label}</option>`,
        )}
      </select>
    </div>`;
  return html`<div class="field">
    <label for=${id}>${field.label}</label>
    <input
      id=${id}
      type=${field.type || "text"}
      value=${value}
      maxlength="64"
      autocomplete="off"
      spellcheck=${false}
      onChange=${(e) => change(e.target.value.trim())}
    />
  </div>`;
}

function SavedViews({ path, filters }) {
  const [name, put] = useState("");
  const here = state.views.filter((view) => view.path === path);
  const save = (event) => {
    event.preventDefault();
    const called = name.trim();
    if (called === "") return;
    const others = state.views.filter((v) => v.path !== path || v.name !== called);
    const { buyer, ...kept } = filters; // no pseudonym stays in the browser
    remember("views", [...others, { name: called, path, filters: kept }]);
    put("");
    say(t("view.done", called));
  };
  const remove = (gone) => remember("views", state.views.filter((view) => view !== gone));
  return html`<div class="views">
    <span class="label">${t("view.saved")}</span>
    ${here.length === 0 && html`<span class="muted">${t("view.none")}</span>`}
    ${here.map(
      (view) => html`<span class="view">
        <button type="button" class="link" onClick=${() => go(path, view.filters)}>
          <${Words} text=${view.name} />
        </button>
        <button type="button" class="link" aria-label=${t("view.remove", view.name)} onClick=${() => remove(view)}>×</button>
      </span>`,
    )}
    <form onSubmit=${save}>
      <input
        aria-label=${t("view.name")}
        placeholder=${t("view.name")}
        value=${name}
        maxlength="40"
        onInput=${(e) => put(e.target.value)}
      />
      <button type="submit">${t("view.save")}</button>
    </form>
  </div>`;
}

export function Filters({ path, fields, filters, views = true }) {
  const change = (name) => (value) => go(path, { ...filters, [name]: value });
  const set_ = Object.keys(filters).length > 0;
  return html`<section class="filters" aria-label=${t("list.filters")}>
    <div class="fields">
      ${fields.map(
        (field) => html`<${Field}
          field=${field}
          value=${filters[field.name] ?? field.otherwise ?? ""}
          change=${change(field.name)}
        />`,
      )}
      ${set_ && html`<button type="button" class="link" onClick=${() => go(path, {})}>${t("list.clear")}</button>`}
    </div>
    ${views && html`<${SavedViews} path=${path} filters=${filters} />`}
  </section>`;
}

/* All pages read so far of a list; `more` reads the next one. */
export function usePages(path, parameters) {
  const [rest, put] = useState({ items: [], next: undefined, waiting: false });
  const key = JSON.stringify(parameters);
  const first = useLoad(() => get(path, parameters), [path, key]);
  useEffect(() => put({ items: [], next: undefined, waiting: false }), [first.data]);
  const next = rest.next === undefined ? first.data && first.data.next : rest.next;
  const more = async () => {
    put((was) => ({ ...was, waiting: true }));
    try {
      const page = await get(path, { ...parameters, cursor: next });
      put((was) => ({ items: [...was.items, ...page.items], next: page.next, waiting: false }));
    } catch (problem) {
      put((was) => ({ ...was, waiting: false }));
      throw problem;
    }
  };
  const items = first.data ? [...first.data.items, ...rest.items] : [];
  return { ...first, items, next, more, waiting: rest.waiting };
}

export const More = ({ pages }) =>
  pages.next
    ? html`<p class="more">
        <button type="button" disabled=${pages.waiting} onClick=${pages.more}>${t("app.more")}</button>
      </p>`
    : null;

/* j and k go over these; the ids are what "next" means after a verdict. */
export function useOrder(items) {
  useEffect(() => {
    if (items.length > 0) set({ order: items.map((item) => item.request_id) });
  }, [items.map((item) => item.request_id).join(" ")]);
}

export const answerOptions = () => [
  ["", t("app.all")],
  ["likely_abuse", t("answer.likely_abuse")],
  ["undetermined", t("answer.undetermined")],
  ["likely_legitimate", t("answer.likely_legitimate")],
];
export const sortOptions = (names) => names.map((name) => [name, t("sort." + name)]);
