/* Taking the last verdict back, from any page. */
import * as api from "./api.js";
import { say, set, state } from "./state.js";
import { problemWords, t } from "./words.js";
import { caseHref } from "./parts.js";

export async function undoLast() {
  const { last } = state;
  if (!last) return say(t("problem.nothing-to-undo"), true);
  try {
    await api.undo(last.id);
    set({ last: null });
    say(t("case.undone"));
    location.hash = caseHref(last.id);
    dispatchEvent(new Event("rebut-reload"));
  } catch (problem) {
    say(problemWords(problem), true);
  }
}
