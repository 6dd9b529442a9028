// The frame: menus, dialogs, search key, network state, the way back.
import { whenever, word } from "./page.js";

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

/** Shows whether the network is there and how many papers wait; the offline queue will call it with a count. */
export function showNetwork(waiting = 0) {
  const sign = document.querySelector("[data-network]");
  if (!sign) return;
  sign.classList.toggle("is-offline", !navigator.onLine);
  sign.classList.toggle("has-waiting", waiting > 0);
  const words = [];
  if (!navigator.onLine) words.push(sign.dataset.word);
  if (waiting > 0) words.push(`${waiting} ${sign.dataset.waitingWord}`);
  sign.querySelector("[data-network-word]").textContent = words.join(" · ");
}
window.addEventListener("online", () => showNetwork());
window.addEventListener("offline", () => showNetwork());
showNetwork();

document.addEventListener("htmx:sendError", () => say(word("lost"), "bad"));

/** A notice above the content, in the same form the server makes them. */
export function say(text, tone = "info") {
  const room = document.getElementById("notices");
  if (!room || !text) return;
  const notice = document.createElement("div");
  notice.className = `notice is-${tone}`;
  notice.setAttribute("role", tone === "bad" ? "alert" : "status");
  notice.append(document.createElement("div"));
  notice.firstChild.textContent = text;
  room.replaceChildren(notice);
}

whenever("[data-errors]", (sum) => sum.focus());
