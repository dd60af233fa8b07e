/* Who looked at what, and did what? */
import { html } from "./lib.js";
import { t, word } from "./words.js";
import { Filters, More, filtersOf, usePages } from "./list.js";
import { Heading, Table, Waiting, Words, money, when } from "./parts.js";

const actions = ["read", "claim", "claim_second", "release", "decide", "undo", "escalate", "withdraw", "settle", "suppress", "lift", "login", "logout", "create_token", "create_link", "revoke_token"];

/* "models.insert" is a change of a table, "appeal.opened" a step of an appeal; the others
   are acts of a person. */
function actionWords(action) {
  const [table, change] = String(action).split(".");
  if (table === "appeal") return html`${t("audit.appeal")} ${word("appeal", change)}`;
  return change ? html`${word("change", change)} <code>${table}</code>` : word("action", action);
}

const isTime = (value) => /^\d{4}-\d\d-\d\dT/.test(value);
const values = { verdict: "verdict", role: "role", selection: "selection" };

function valueWords(key, value) {
  if (isTime(value)) return when(value, 19);
  if (key === "amount") return money(value);
  if (values[key]) return word(values[key], String(value).replace("rebut_", ""));
  if (value === true) return t("audit.yes");
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/* What stands beside an act: a word and a value each; what is not known is shown as it is. */
function Detail({ of }) {
  const known = Object.entries(of).filter(([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0));
  return known.length === 0
    ? "—"
    : known.map(([key, value], i) => html`${i > 0 ? " · " : ""}<span class="muted">${word("detail", key)}</span> <${Words} text=${valueWords(key, value)} />`);
}

const columns = () => [
  [t("audit.at"), (entry) => when(entry.at, 19), "head time"],
  [t("audit.login"), (entry) => html`<${Words} text=${entry.login} />`],
  [t("audit.role"), (entry) => word("role", String(entry.role).replace("rebut_", ""))],
  [t("audit.action"), (entry) => actionWords(entry.action), "time"],
  [t("audit.subject"), (entry) => html`<${Words} text=${entry.subject ?? "—"} />`],
  [t("audit.detail"), (entry) => (entry.detail ? html`<${Detail} of=${entry.detail} />` : "—"), "wide"],
];

export function Audit({ route }) {
  const filters = filtersOf(route);
  const pages = usePages("/v1/audit", filters);
  const fields = [
    { name: "subject", label: t("audit.subject") },
    { name: "login", label: t("audit.login") },
    { name: "action", label: t("audit.action"), options: [["", t("app.all")], ...actions.map((action) => [action, word("action", action)])] },
  ];
  return html`<${Heading} lead=${t("audit.lead")}>${t("nav.audit")}<//>
    <${Filters} path="/audit" fields=${fields} filters=${filters} />
    <${Waiting} of=${pages}>
      ${() => html`<${Table} caption=${t("nav.audit")} rows=${pages.items} columns=${columns()} />
        <${More} pages=${pages} />`}
    <//>`;
}
