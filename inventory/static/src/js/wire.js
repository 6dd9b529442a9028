// One question to the API, and the three kinds of answer.
import { measure } from "./clock.js";
import { tell } from "./news.js";

const PATIENCE = 15000;
let reached = null;

/** Whether the house answered the last question; null before the first one. */
export const isReached = () => reached;

function note(isAnswered) {
  const isNew = reached !== isAnswered;
  reached = isAnswered;
  if (isNew) tell({ what: "state" });
}

/** Answer: {is: "answered", status, body, isGood, isReplayed} – {is: "unanswered"} when nobody knows whether it arrived.
 *  `language`: the refusals are shown as they come, in the language of the page, not of the browser. */
export async function ask(address, { language, patience = PATIENCE, headers, ...options } = {}) {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), patience);
  const asked = Date.now();
  try {
    const spoken = { Accept: "application/json", "Accept-Language": language || "fr", ...headers };
    const answer = await fetch(address, { credentials: "same-origin", signal: waiting.signal, ...options, headers: spoken });
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    const body = isJson ? await answer.json().catch(() => null) : null;
    // A busy or broken server may have written the paper or not: only the same key can tell. What is no JSON is not ours.
    note(answer.status < 500 && body !== null);
    if (answer.status >= 500 || body === null) return { is: "unanswered", status: answer.status };
    measure(answer, asked);
    return { is: "answered", status: answer.status, isGood: answer.ok, body, isReplayed: answer.headers.get("Idempotency-Replayed") === "true" };
  } catch {
    note(false);
    return { is: "unanswered" };
  } finally {
    clearTimeout(timer);
  }
}
