// The pages of the station, laid in for when there is no network: sealed like everything of a person, with the headers that
// keep them safe. The worker serves them.
import * as satchel from "./satchel.js";
import { now } from "./clock.js";
import { nameOf } from "./larder_names.js";
import { username } from "./page.js";

const FRESH = 6 * 3600000;
const SAFE = ["content-type", "content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy", "cross-origin-opener-policy"];

/** Lays in the pages behind some links, and this one, unless they were a few hours ago by this very build. */
export async function keepPages(links, language) {
  if (!navigator.serviceWorker) return; // without a worker nobody would serve them
  await navigator.serviceWorker.ready;
  const build = document.querySelector('script[src*="/main-"]')?.src ?? "";
  const [first] = links; // where the bare address of the station leads
  if (first) await satchel.keep(username(), "mark", "first", JSON.stringify(nameOf(new URL(first.href))));
  const known = new Map((await satchel.names(username(), "page")).map(({ name, at }) => [name, at]));
  const isNew = build + language !== (await satchel.readValue(username(), "mark", "pages"));
  for (const address of new Set([location.pathname + location.search, ...[...links].map((link) => link.getAttribute("href"))])) {
    const name = nameOf(new URL(address, location.href));
    if (!isNew && now() - (known.get(name) ?? 0) < FRESH) continue;
    const answer = await fetch(address, { credentials: "same-origin", headers: { "X-Kept": "1" } });
    if (!answer.ok || answer.redirected) return;
    const headers = Object.fromEntries(SAFE.map((one) => [one, answer.headers.get(one)]).filter(([, value]) => value));
    await satchel.keep(username(), "page", name, { headers, html: await answer.text() }, now());
  }
  await satchel.keep(username(), "mark", "pages", JSON.stringify(build + language));
}

