// Lists: the whole row is a door; ticked rows are counted; a refusal stands in the place of the list.
import { whenever, word } from "./page.js";

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, select, summary")) return;
  if (String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
});

const ticked = () => document.querySelectorAll("[data-select]:checked").length;

function showSelection() {
  const bar = document.querySelector("[data-selection]");
  if (!bar) return;
  const count = ticked();
  bar.hidden = count === 0;
  bar.querySelector("[data-selection-count]").textContent = word("selected").replace("{count}", count);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    const all = event.target.closest("table").querySelectorAll("[data-select]");
    all.forEach((tick) => { tick.checked = event.target.checked; });
  }
  if (event.target.matches("[data-select], [data-select-all]")) showSelection();
});
whenever("[data-selection]", showSelection);

// A search is sent as one types: that the field is left at last asks nothing new, and would draw the list anew under the hand.
document.addEventListener("change", (event) => {
  if (event.target.matches(".filters input[type=search]")) event.stopImmediatePropagation();
}, true);

// Until the new list is there, nobody types into the old one: it would be lost, or read as something else.
let left = ""; // where in it the focus was
document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (detail.target.id !== "list") return;
  left = detail.target.contains(document.activeElement) ? document.activeElement.id : "";
  detail.target.inert = true;
});
for (const name of ["htmx:afterRequest", "htmx:afterSettle"]) {
  document.addEventListener(name, () => {
    document.querySelector("#list[inert]")?.removeAttribute("inert");
    if (left && document.activeElement === document.body) document.getElementById(left)?.focus({ preventScroll: true });
  });
}

// What the list shows now is what its filters go back to (forms.js: whoever stays with what was typed).
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "list") return;
  for (const field of document.querySelectorAll(".filters :is(input, select)")) {
    if (field.options) [...field.options].forEach((one) => { one.defaultSelected = one.selected; });
    else if (field.type === "checkbox") field.defaultChecked = field.checked;
    else field.defaultValue = field.value;
  }
});

// The fields stay while the list is drawn anew, so that which of them is refused is marked from here.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "list") return;
  const refused = new Set([...document.querySelectorAll("#list [data-refused]")].map((one) => one.dataset.refused));
  for (const field of document.querySelectorAll(".filters .field")) {
    const asks = field.querySelector("[id]:is(input, select)");
    const isRefused = refused.has(asks?.id);
    field.classList.toggle("has-error", isRefused);
    if (isRefused) asks.setAttribute("aria-invalid", "true");
    else asks?.removeAttribute("aria-invalid");
    field.querySelector(".error")?.remove(); // of the page before: the list says it now
  }
});

// What was chosen and did not come is not chosen: what one does next counts for what the list still shows.
const isToldInPlace = (text) => text.includes('id="list"');
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, ({ detail }) => {
    if (detail.target.id !== "list" || isToldInPlace(detail.xhr.responseText)) return;
    for (const one of document.querySelectorAll(".filters option")) one.selected = one.defaultSelected;
  });
}

// Who filters a list and is refused reads why where the list stood (templates/error.html), and can filter on.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "list" && isToldInPlace(detail.serverResponse)) detail.shouldSwap = true;
});
