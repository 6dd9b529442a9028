// The frame: menus, dialogs, search key, network state, the way back.
import { age } from "./age.js";
import { now } from "./clock.js";
import { hear } from "./news.js";
import { whenever } from "./page.js";
import { count, isAway, standing } from "./rounds.js";

document.addEventListener("click", (event) => {
  const target = event.target;
  const opener = target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (target.closest("[data-close]") || target.nodeName === "DIALOG") target.closest("dialog")?.close();
  if (target.closest("[data-back]")) history.back();
  if (target.closest("[data-print]")) window.print();
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(target)) menu.open = false;
  });
});

whenever("dialog[data-opened]", (dialog) => dialog.showModal()); // what was typed in it is to be put right

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  // By physical key too: on an Arabic or AZERTY layout the slash is elsewhere.
  const isSlash = event.key === "/" || (event.code === "KeyK" && (event.ctrlKey || event.metaKey));
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (!isSlash || (isTyping && event.key === "/") || event.altKey || event.defaultPrevented) return;
  const box = [...document.querySelectorAll("[data-slash]")].find((found) => found.offsetParent);
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

/** Shows whether the network is there, how many papers wait and since when; a door to them. */
async function showNetwork() {
  const sign = document.querySelector("[data-network]");
  if (!sign) return;
  const { waiting, oldest, refused, others } = await count();
  const isOffline = isAway();
  sign.classList.toggle("is-offline", isOffline);
  sign.classList.toggle("has-waiting", waiting + others > 0);
  sign.classList.toggle("has-refused", refused > 0);
  const say = (name, values) => sign.dataset[name].replace(/\{(\w+)\}/g, (all, key) => values[key]);
  const words = [];
  if (isOffline) words.push(sign.dataset.word);
  else if (waiting && standing === "signedOut") words.push(sign.dataset.signInWord);
  if (waiting) words.push(say("waitingWord", { count: waiting, age: age(oldest, now()) }));
  if (refused) words.push(say("refusedWord", { count: refused }));
  if (others) words.push(say("othersWord", { count: others }));
  const text = words.join(" · ");
  const place = sign.querySelector("[data-network-word]");
  if (place.textContent !== text) place.textContent = text;
}
for (const name of ["online", "offline"]) window.addEventListener(name, showNetwork);
hear(showNetwork);
setInterval(showNetwork, 20000);
showNetwork();

/** A notice above the content, in the same form the server makes them; with a door that opens beside this page. */
export function say(text, tone = "info", door = null) {
  const room = document.getElementById("notices");
  if (!room || !text) return;
  const notice = document.createElement("div");
  notice.className = `notice is-said is-${tone}`;
  notice.setAttribute("role", tone === "bad" ? "alert" : "status");
  notice.append(document.createElement("div"));
  notice.firstChild.textContent = text;
  if (door) notice.firstChild.append(" ", Object.assign(document.createElement("a"), { target: "_blank", ...door }));
  room.replaceChildren(notice);
}

// A bar of acts lies over the page (frame.css, --acts): where the focus goes, the page scrolls it clear of it; and clear of a
// bar that grew, or came after the focus.
const heights = () => [...document.querySelectorAll(".actions-bar, .selection")].map((bar) => bar.offsetHeight);
const grown = new ResizeObserver((bars) => {
  document.documentElement.style.setProperty("--acts", `${Math.max(0, ...heights())}px`);
  const { activeElement: one } = document, { top, bottom } = one.getBoundingClientRect();
  const isUnder = ({ target: bar }) => !bar.contains(one) && bottom > bar.getBoundingClientRect().top && top < innerHeight;
  if (one !== document.body && bars.some(isUnder)) one.scrollIntoView({ block: "nearest" });
});
whenever(".actions-bar, .selection", (bar) => grown.observe(bar, { box: "border-box" }));

// Where one is stands in view in its strip of tabs or chips, and among the ways at the side; the page itself stays where it is.
whenever(":is(.tabs, .filter-chips, .rail) > [aria-current]", (one) => {
  const [own, room] = [one, one.parentElement].map((box) => box.getBoundingClientRect());
  one.parentElement.scrollBy((own.left + own.right - room.left - room.right) / 2, Math.max(0, own.bottom + 24 - room.bottom));
});

whenever("[data-errors]", (sum) => sum.focus());
