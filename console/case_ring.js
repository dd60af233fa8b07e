/* Accounts of a case's groups and the keys that tie them, as one small picture. */
import { html } from "./lib.js";
import { t, word } from "./words.js";
import { BuyerLink, Words } from "./parts.js";

const SHOWN = 12; // accounts
const KEYS = 5;

/* The buyer first, the others by name: the same groups give the same picture. */
function membersOf(groups, buyer) {
  const all = new Set(groups.flatMap((group) => group.members));
  all.delete(buyer);
  return [buyer, ...[...all].sort()];
}

/* Accounts on an oval from the top, keys on an upright line within. */
function placesOf(shown, keys) {
  const account = new Map(
    shown.map((member, i) => {
      const turn = (2 * Math.PI * i) / shown.length - Math.PI / 2;
      return [member, [180 + 105 * Math.cos(turn), 100 + 72 * Math.sin(turn)]];
    }),
  );
  const key = keys.map((_, i) => [180, 100 + 30 * (i - (keys.length - 1) / 2)]);
  return { account, key };
}

function Account({ name, here, at }) {
  const [x, y] = at;
  const side = x > 190 ? "start" : x < 170 ? "end" : "middle";
  const beside = side === "start" ? 11 : side === "end" ? -11 : 0;
  const above = side === "middle" ? (y < 100 ? -12 : 19) : 4;
  return html`<g class=${here ? "node this" : "node"}>
    <circle cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${here ? 8 : 6} />
    <text x=${(x + beside).toFixed(1)} y=${(y + above).toFixed(1)} text-anchor=${side}>${name.slice(0, 16)}</text>
  </g>`;
}

function Picture({ groups, shown, count, buyer }) {
  const kinds = groups.map((group) => word("group", group.kind)).join(" · ");
  const label = t("case.ring_picture", count, kinds, buyer);
  const { account, key } = placesOf(shown, groups);
  const tied = groups.flatMap((group, i) => group.members.filter((member) => account.has(member)).map((member) => [key[i], account.get(member)]));
  return html`<svg class="ring" viewBox="-40 0 440 200" role="img" aria-label=${label}>
    <title>${label}</title>
    ${tied.map(([from, to]) => html`<path class="axis" d=${`M${from[0]} ${from[1]}L${to[0].toFixed(1)} ${to[1].toFixed(1)}`} />`)}
    ${groups.map(
      (group, i) => html`<rect class="key" x="173" y=${key[i][1] - 7} width="14" height="14" rx="2" />
        <text class="key-name" x="180" y=${key[i][1] + 4} text-anchor="middle">${i + 1}</text>`,
    )}
    ${shown.map((member) => html`<${Account} name=${member} here=${member === buyer} at=${account.get(member)} />`)}
  </svg>`;
}

export function Ring({ data }) {
  const groups = data.groups || [];
  if (groups.length === 0) return null;
  const members = membersOf(groups, data.buyer_id);
  const shown = members.slice(0, SHOWN);
  return html`<section class="card" aria-labelledby="ring-title">
    <h2 id="ring-title">${t("case.ring")}</h2>
    <p class="muted">${t("case.ring_lead")}</p>
    <${Picture} groups=${groups.slice(0, KEYS)} shown=${shown} count=${members.length} buyer=${data.buyer_id} />
    ${members.length > SHOWN && html`<p class="muted">${t("case.ring_more", SHOWN)}</p>`}
    ${groups.map(
      (group, i) => html`<h3>${i < KEYS ? html`<span class="key-mark">${i + 1}</span> ` : ""}${word("group", group.kind)} · ${group.members.length}</h3>
        <p class="members">
          ${group.members.map((member) => html`<span>${member === data.buyer_id ? html`<strong><${Words} text=${member} /></strong> (${t("case.ring_this")})` : html`<${BuyerLink} id=${member} />`}</span> `)}
        </p>`,
    )}
  </section>`;
}
