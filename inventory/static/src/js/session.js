// Whether whoever this page is for is still signed in: asked before a form leaves, and when the house refuses. What was typed
// stays until the same person is back; nobody else sends it.
import { settled, tryAgain } from "./draft.js";
import { drop, hasUnsent } from "./forms.js";
import { say } from "./frame.js";
import { hear } from "./news.js";
import { root, username, word } from "./page.js";
import { ask } from "./wire.js";

let isOut = false;

/** "same", "other", "nobody" or "unanswered". The same person may have a new session: the page takes its token. */
async function whoIsThere() {
  const device = await ask(`${root()}/api/v1/station/device`);
  if (device.status === 401) return "nobody";
  if (device.is === "unanswered") return device.status >= 500 ? "same" : "unanswered"; // a busy house says so itself
  if (device.isGood && device.body.username !== username()) return "other";
  if (device.isGood) bear(device.body.csrf_token);
  return "same";
}

function bear(token) {
  document.querySelector('meta[name="csrf-token"]').content = token;
  document.querySelectorAll("input[name=csrf_token]").forEach((field) => { field.value = token; });
}

/** Whether the person of this page can go on with it; says why not. */
async function isHere() {
  const there = await whoIsThere();
  if (there === "same" && isOut) comeBack();
  if (there === "other") giveWay();
  if (there === "nobody") leave();
  if (there === "unanswered") say(word("lost"), "bad");
  return there === "same";
}

function leave() {
  isOut = true;
  say(word("out"), "bad", { href: `${root()}/sign-in`, textContent: word("signIn") });
}

function comeBack() {
  isOut = false;
  document.body.classList.remove("is-covered");
  document.getElementById("notices").replaceChildren();
  tryAgain();
}

/** Somebody else is here: what stands on this page is not for their eyes. */
function giveWay() {
  drop();
  location.reload();
}

// Another page of ours now belongs to somebody else or to nobody. What was typed on a device of one's own waits, unseen.
hear((news) => {
  if (news.what !== "person" || !username()) return;
  if (news.username === username()) return isOut && isHere();
  if (news.username || !hasUnsent() || document.body.dataset.lockAfter) return giveWay();
  document.body.classList.add("is-covered");
  return leave();
});
document.addEventListener("visibilitychange", () => isOut && !document.hidden && isHere());

document.addEventListener("htmx:sendError", () => say(word("lost"), "bad"));
document.addEventListener("htmx:afterOnLoad", ({ detail }) => { // the server is back
  const said = document.querySelector("#notices .is-said");
  if (detail.xhr.status < 400 && said?.textContent === word("lost")) said.remove();
});
document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload()); // the browser says what is the matter
document.addEventListener("htmx:responseError", ({ detail }) => { // 400: the token of a session that is over
  if (username() && [400, 401].includes(detail.xhr.status)) isHere();
  if (detail.xhr.status >= 500 && !detail.shouldSwap) say(word("lost"), "bad");
});

// Once a form has left, a refusal is a page in its place: so the house is asked first.
const going = new WeakSet();
let isAsking = false;
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const isBeside = form.target === "_blank" || submitter?.formTarget === "_blank";
  if (going.delete(form) || !username() || form.method !== "post" || isBeside || form.matches("[data-sign-out], [data-lock]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isAsking) return;
  isAsking = true;
  await settled(form);
  const isSame = await isHere();
  isAsking = false;
  if (!isSame) return;
  if (form.closest(".top") && form.elements.next) form.elements.next.value = location.pathname + location.search; // of now
  going.add(form);
  form.requestSubmit(submitter);
}, true);
