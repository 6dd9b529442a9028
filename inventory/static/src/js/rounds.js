// When to send: at every page, when the network is back, and again and again while something waits. Says what waits.
import * as satchel from "./satchel.js";
import * as clock from "./clock.js";
import { hear, tell } from "./news.js";
import { root, username } from "./page.js";
import { send } from "./sender.js";
import { ask, isReached } from "./wire.js";

const FIRST = 2000;
const LONGEST = 30000;
let pause = FIRST;
let timer = 0;
let before = 0;
let going = null;
let isWanted = false;
/** Why something waits, as the last round found it. */
export let standing = "done";

/** Whether nobody answers, as far as we know: this very page came from the device, or the last question went unheard. */
export const isAway = () => !navigator.onLine || !(isReached() ?? document.body.dataset.kept === undefined);

/** One round, and another if a paper came meanwhile; returns why something still waits, or "done". */
export function go() {
  isWanted = true;
  going ??= (async () => {
    while (isWanted) {
      isWanted = false;
      standing = await send(`${root()}/api/v1`).catch(() => "unanswered");
      if (standing === "done" && isAway()) await ask(`${root()}/api/v1/station/device`); // is anybody there again?
    }
    return standing;
  })().finally(() => {
    going = null;
    plan();
  });
  return going;
}

async function plan() {
  clearTimeout(timer);
  const { waiting } = await count();
  tell({ what: "state" });
  if (waiting < before) pause = FIRST; // it goes forward
  before = waiting;
  if (!waiting && !isAway()) pause = FIRST;
  else {
    timer = setTimeout(go, pause);
    pause = Math.min(pause * 2, LONGEST);
  }
}

/** What waits on this device: the person's own and, as a number, other people's. */
export async function count() {
  const all = await satchel.papers().catch(() => []);
  const mine = all.filter((one) => one.username === username());
  const waiting = mine.filter((one) => one.state === "waiting" || one.state === "aside");
  return {
    waiting: waiting.length,
    oldest: waiting[0]?.madeAt ?? null,
    refused: mine.filter((one) => one.state === "refused").length,
    others: all.filter((one) => one.username !== username() && one.state !== "sent").length,
  };
}

/** The browser itself sends when the network is back, even when no page of ours is open (where it can). */
export async function askToBeWoken() {
  const registration = await navigator.serviceWorker?.getRegistration?.();
  await registration?.sync?.register("send").catch(() => {});
}

function soon() {
  pause = FIRST;
  go();
}

if (username()) {
  clock.ready.then(soon);
  window.addEventListener("online", soon);
  document.addEventListener("visibilitychange", () => !document.hidden && soon());
  hear((news) => news.what === "kept" && soon());
}
