/* Opening a session by a token, or by the code of a one-time link. */
import { html, useState } from "./lib.js";
import { enter } from "./api.js";
import { say } from "./state.js";
import { problemWords, t } from "./words.js";
import { Heading } from "./parts.js";

/* A refused secret is not "you are no longer signed in". */
export async function tryToEnter(secret) {
  try {
    await enter(secret);
    return true;
  } catch (problem) {
    const refused = [400, 401, 422].includes(problem.status);
    say(refused ? t("login.refused") : problemWords(problem), true);
    return false;
  }
}

export function Login({ arriving }) {
  const [secret, put] = useState("");
  const [waiting, wait] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    wait(true);
    const done = await tryToEnter(secret);
    if (!done) wait(false);
  };
  if (arriving) return html`<p class="loading">${t("login.link")}</p>`;
  return html`<div class="login">
    <${Heading} lead=${t("login.what")}>${t("login.title")}<//>
    <form class="card" onSubmit=${submit}>
      <label for="secret">${t("login.token")}</label>
      <input id="secret" type="password" required autofocus autocomplete="off" spellcheck=${false} maxlength="200" aria-describedby="secret-hint" value=${secret} onInput=${(e) => put(e.target.value)} />
      <p id="secret-hint" class="muted">${t("login.hint")}</p>
      <button type="submit" class="main" disabled=${waiting}>${t("login.go")}</button>
    </form>
  </div>`;
}
