// Between the station and the network. The station knows only these two verbs and the three kinds of answer;
// a courier that keeps papers in the device until there is a network has the same face and takes this one's place.
import { csrfToken } from "./page.js";

// The refusals are shown as they come: in the language of the page, not of the browser.
const SPOKEN = { Accept: "application/json", "Accept-Language": document.documentElement.lang };

/** Answer: {is: "answered", status, body, replayed} – {is: "unanswered"} when nobody knows whether it arrived. */
async function ask(address, options = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 15000);
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", signal: patience.signal, ...options, headers: { ...SPOKEN, ...options.headers } });
  } catch {
    return { is: "unanswered" };
  } finally {
    clearTimeout(timer);
  }
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  const body = isJson ? await answer.json().catch(() => null) : null;
  // A busy or broken server may have written the paper or not: only the same key can tell.
  if (answer.status >= 500 || body === null) return { is: "unanswered", status: answer.status };
  return { is: "answered", status: answer.status, isGood: answer.ok, body, isReplayed: answer.headers.get("Idempotency-Replayed") === "true" };
}

export class Courier {
  constructor(api) {
    this.api = api;
  }

  resolve(code, warehouse) {
    return ask(`${this.api}/scan?${new URLSearchParams({ code, warehouse })}`);
  }

  post(paper, key) {
    return ask(`${this.api}/documents`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "Idempotency-Key": key },
      body: JSON.stringify(paper),
    });
  }
}
