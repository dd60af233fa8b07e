/* Who looked at what, and did what? */
import { html } from "./lib.js";
import { t, word } from "./words.js";
import { Filters, More, filtersOf, usePages } from "./list.js";
import { Heading, Table, Waiting, Words, when } from "./parts.js";

const actions = ["read", "claim", "claim_second", "release", "decide", "undo", "escalate", "withdraw", "settle", "suppress", "lift", "login", "logout", "create_token", "create_link", "revoke_token"];

/* "models.insert" is a change of a table; the others are acts of a person. */
function actionWords(action) {
  const [table, change] = String(action).split(".");
  return change ? html`${word("change", change)} <code>${table}</code>` : word("action", action);
}

const columns = () => [
  [t("audit.at"), (entry) => when(entry.at, 19), "head time"],
  [t("audit.login"), (entry) => html`<${Words} text=${entry.login} />`],
  [t("audit.role"), (entry) => word("role", String(entry.role).replace("rebut_", ""))],
  [t("audit.action"), (entry) => actionWords(entry.action), "time"],
  [t("audit.subject"), (entry) => html`<${Words} text=${entry.subject ?? "—"} />`],
  [t("audit.detail"), (entry) => (entry.detail ? html`<code><${Words} text=${JSON.stringify(entry.detail)} /></code>` : "—"), "wide"],
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
