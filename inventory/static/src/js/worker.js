// The service worker: the built files from the device, the pages of the station when nobody answers, and sending when the
// network is back. It holds nothing of a person: that lies sealed in the satchel.
import * as satchel from "./satchel.js";
import { nameOf } from "./larder_names.js";
import { send } from "./sender.js";

const FILES = self.BUILT_FILES; // written in by assets.mjs: the names of all that was built
const HERE = `built-${self.BUILD}`;
const scope = new URL(self.registration.scope);
const root = scope.pathname.replace(/\/$/, "");
const PATIENCE = 6000; // ms for a page of the station that lies here too

self.addEventListener("install", (event) => event.waitUntil(stockUp()));
self.addEventListener("activate", (event) => event.waitUntil(tidyUp().then(() => self.clients.claim())));
self.addEventListener("sync", (event) => event.waitUntil(satchelRound()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== scope.origin) return;
  if (event.request.method === "GET" && address.pathname.startsWith(`${root}/dist/`)) event.respondWith(built(event.request));
  else if (event.request.mode === "navigate") event.respondWith(page(event.request, address));
});

/** Everything at once or not at all; what an older build had too is not fetched again. */
async function stockUp() {
  const cache = await caches.open(HERE);
  await Promise.all(FILES.map(async (name) => {
    const address = `${root}/dist/${name}`;
    if (await cache.match(address)) return;
    const known = await caches.match(address);
    await cache.put(address, known ?? (await fetched(address)));
  }));
  await cache.put(`${root}/offline`, await fetched(`${root}/offline`));
  await self.skipWaiting(); // no page loses anything by it: what it does is kept at every scan
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

/** The build before stays: pages that are open, or lie here, still ask for its files. */
async function tidyUp() {
  const old = (await caches.keys()).filter((name) => name.startsWith("built-") && name !== HERE);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

async function built(request) {
  const known = await caches.match(request, { ignoreSearch: true });
  return known ?? fetch(request);
}

async function page(request, address) {
  const isOurs = request.method === "GET" && (address.pathname === `${root}/station` || address.pathname.startsWith(`${root}/station/`));
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), isOurs ? PATIENCE : 60000);
  try {
    const answer = await fetch(request, { signal: waiting.signal });
    if (answer.status < 500 || !isOurs) return answer;
    return (await kept(address)) ?? answer;
  } catch {
    return (isOurs && (await kept(address))) || (await caches.match(`${root}/offline`)) || Response.error();
  } finally {
    clearTimeout(timer);
  }
}

/** A page of the person who is signed in here; null when there is none, or nobody. */
async function kept(address) {
  const username = await satchel.person();
  if (!username) return null;
  const names = (await satchel.names(username, "page")).map((one) => one.name);
  const first = await satchel.readValue(username, "mark", "first");
  const wanted = nameOf(address).split(" "); // what the address leaves unsaid is as the house would answer where one was last
  const found = [...names.filter((name) => name === first), ...names].find((name) => { const parts = name.split(" "); return parts[0] === wanted[0] && wanted.every((part) => parts.includes(part)); });
  const laid = found && (await satchel.readValue(username, "page", found));
  return laid ? new Response(laid.html.replace("<body ", "<body data-kept "), { headers: { ...laid.headers, "cache-control": "no-store" } }) : null;
}

async function satchelRound() {
  const standing = await send(`${root}/api/v1`);
  if (standing === "unanswered") throw new Error("Nobody answered: the browser tries again later");
}
