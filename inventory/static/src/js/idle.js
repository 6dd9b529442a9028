// On a shared device: locks after a short while without use, on every page of ours at once, and tells the house while
// somebody works on a page that asks nothing. The house counts for itself too.
import { csrfToken, root } from "./page.js";

const LAST = "makhazine:used"; // ms, shared by all pages of ours on this device
const TELL_EVERY = 20000;
const LOOK_EVERY = 2000;
const after = Number(document.body.dataset.lockAfter ?? 0) * 1000;
let told = Date.now();
let isLocking = false;

function used() {
  const now = Date.now();
  localStorage.setItem(LAST, String(now));
  if (now - told < TELL_EVERY) return;
  told = now;
  fetch(`${root()}/awake`, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": csrfToken() } }).catch(() => {});
}

function look() {
  const since = Date.now() - Number(localStorage.getItem(LAST) ?? 0);
  if (since < after || isLocking) return;
  isLocking = true;
  document.querySelector("form[data-lock]")?.requestSubmit();
}

if (after) {
  used();
  for (const name of ["pointerdown", "keydown", "wheel", "touchmove"]) document.addEventListener(name, used, { capture: true, passive: true });
  setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", () => !document.hidden && look());
}

// A page that the browser kept for the way back is not shown to the next person.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
