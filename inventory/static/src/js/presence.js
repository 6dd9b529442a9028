// Who is signed in on this device: their key comes when they do, and goes when they leave or somebody else comes.
import * as satchel from "./satchel.js";
import { drop, mayLeave } from "./forms.js";
import { tell } from "./news.js";
import { root, username } from "./page.js";
import { ask } from "./wire.js";
import { count, go } from "./rounds.js";
import * as vault from "./vault.js";

/** Settles whose things can be read here. False when this person's key could not be had (no network yet). */
export async function settle() {
  if ((await satchel.fact("left")) === username()) return false;
  const here = await satchel.person();
  if (here === username()) return true;
  await satchel.leave(username());
  tell({ what: "person", username: username() });
  const device = await ask(`${root()}/api/v1/station/device`);
  if (!device.isGood || device.body.username !== username()) return false;
  const raw = Uint8Array.from(atob(device.body.key), (character) => character.charCodeAt(0));
  await vault.wrap(username(), raw);
  await satchel.enter(username(), raw);
  await vault.forgetTyped(); // last: on a page that is left half way the next one does it again
  return true;
}

let settled = null;
/** The same, asked once; again after it failed. */
export function present() {
  settled ??= settle().then((isThere) => {
    if (!isThere) settled = null;
    return isThere;
  }, () => { settled = null; return false; });
  return settled;
}

// A page of ours that shows whom it is for; the sign-in page shows that nobody is signed in. A page of trouble shows neither.
if (username()) arrive();
else if (document.body.dataset.nobody !== undefined) satchel.leave().then(() => satchel.setFact("left", "")).catch(() => {});

/** Who left while nobody answered is still signed in with the house: first of all, that ends. */
async function arrive() {
  const hasLeft = (await satchel.fact("left").catch(() => "")) === username();
  if (hasLeft && document.body.dataset.kept === undefined) return document.querySelector("[data-sign-out]")?.submit();
  return present().then(go);
}

// – leaving with papers that wait ---------------------------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out], [data-lock]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!event.submitter) drop(); // a device that locks by itself asks nobody
  if (!mayLeave()) return;
  if (form.matches("[data-lock]")) { // what waits stays here, closed, until the same person is back
    await satchel.setFact("back", location.pathname + location.search).catch(() => {});
    return signOut(form);
  }
  await vault.forget(username()).catch(() => {});
  const { waiting, refused } = await count();
  const warning = document.getElementById("leaving");
  if (!waiting && !refused) return signOut(form);
  warning.querySelector("[data-leaving]").textContent = warning.dataset.words.replace("{count}", String(waiting + refused));
  warning.querySelector("[data-leave]").onclick = () => signOut(form);
  return warning.showModal();
}, true);

async function signOut(form) {
  await satchel.leave().then(() => satchel.setFact("left", username())).catch(() => {});
  tell({ what: "person", username: "" });
  form.submit();
}
