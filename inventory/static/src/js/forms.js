// Forms: nothing typed is ever lost, a figure is never changed behind one's back, Enter goes to the next field.
import { username, whenever, word } from "./page.js";

// A page that answers a form bears the address of that form: back and reload show it again instead of sending it anew.
if (document.body.dataset.answers !== undefined) {
  const asked = document.body.dataset.answers || document.referrer;
  if (new URL(asked || "/", location.href).origin === location.origin && asked) history.replaceState(history.state, "", asked);
}

const KEPT = "draft:";
const unsaved = new Map(); // forms in which something was typed that is not sent, and how often

/** How often something was typed into a form since it was last sent; 0 for nothing. */
export const typed = (form) => unsaved.get(form) ?? 0;
/** What was typed until then is sent. */
export const sent = (form, until) => typed(form) === until && unsaved.delete(form);
export const hasUnsent = () => [...unsaved.keys()].some((form) => form.isConnected);
export const drop = () => unsaved.clear();

/** Whether nothing typed is lost, or the person wants to leave all the same. */
export function mayLeave() {
  if (hasUnsent() && !window.confirm(word("unsaved"))) return false;
  drop();
  return true;
}

const note = (form) => unsaved.set(form, typed(form) + 1);

document.addEventListener("input", ({ target }) => {
  const form = target.form ?? target.closest("form");
  if (username() && form?.method === "post" && !target.matches("[data-select], [data-select-all]")) note(form);
});
/** What a field is called on the page; in a line of a paper, with its line. */
function called(field) {
  const label = field?.labels?.[0] ?? field?.querySelector?.("legend");
  const line = field?.closest(".line")?.querySelector(".line-head > span");
  return [line?.textContent, label?.firstChild?.textContent].map((text) => text?.trim()).filter(Boolean).join(" · ");
}

// “Enter this field.” three times says little: in the sum each sentence is led by the name of its field.
whenever("[data-errors] [data-unnamed] > a", (link) => {
  const name = called(document.getElementById(link.hash.slice(1)));
  const pattern = link.closest("[data-errors]").dataset.errors;
  if (name) link.textContent = pattern.replace("{name}", name).replace("{value}", link.textContent);
});

// What was refused is as unsent as it was.
whenever("form [data-errors]", (sum) => username() && sum.closest("form").method === "post" && note(sum.closest("form")));
document.addEventListener("submit", ({ target, submitter }) => !submitter?.formTarget && unsaved.delete(target));

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-quantity]")) event.target.select();
});

// The wheel over a number scrolls the page and nothing else; type="number" is never used, so nothing else can change it.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
  if (!field.matches?.("form.form input:not([type=submit], [type=button], [type=file])")) return;
  const form = field.form;
  const fields = [...form.elements].filter((one) => !one.disabled && !["hidden", "button"].includes(one.type) && one.offsetParent);
  const next = fields[fields.indexOf(field) + 1];
  // Short forms of three fields at most (sign-in) are sent by Enter, as everyone expects.
  if (!next || form.method === "get" || fields.filter((one) => one.nodeName === "INPUT").length <= 3) return;
  event.preventDefault();
  next.focus();
});

const keyOf = (form) => KEPT + location.pathname + ":" + form.dataset.draft;
// Neither the guard of a session nor the key under which a form is sent once may come back in another form.
const isKept = (field) => field.name && !["csrf_token", "key"].includes(field.name) && !["password", "file"].includes(field.type);

function keep(form) {
  const fields = [...form.elements].filter(isKept);
  const values = fields
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .map((field) => [field.name, field.value]);
  sessionStorage.setItem(keyOf(form), JSON.stringify(values));
}

function restore(form) {
  const text = sessionStorage.getItem(keyOf(form));
  // An answer with errors already holds what was typed; only an untouched page takes the draft.
  if (!text || form.querySelector("[data-errors], .has-error")) return;
  const values = JSON.parse(text);
  const seen = {};
  for (const field of [...form.elements].filter(isKept)) {
    const mine = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
    else if (mine.length) field.value = mine[(seen[field.name] = (seen[field.name] ?? -1) + 1)] ?? field.value;
  }
  note(form);
}

whenever("form[data-draft]", (form) => {
  restore(form);
  form.addEventListener("input", () => keep(form));
});

// Whoever leaves the page, or has another part of a list shown whose fields are saved together, is asked.
document.addEventListener("htmx:confirm", (event) => {
  const { target } = event.detail;
  const left = [...unsaved.keys()].filter((form) => form.isConnected && [...form.elements].some((field) => target.contains(field)));
  if (!left.length || target.id !== "list") return;
  if (window.confirm(word("unsaved"))) return left.forEach((form) => unsaved.delete(form));
  event.preventDefault();
  return event.detail.elt.closest("form")?.reset(); // what is asked for is again what the list shows
});

// The server says which draft was kept (data-posted="…" on the page that follows, or HX-Trigger: posted); only then it is forgotten.
export function forget(draft) {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(KEPT) && key.endsWith(":" + draft))
    .forEach((key) => sessionStorage.removeItem(key));
}
whenever("[data-posted]", (mark) => forget(mark.dataset.posted));
document.addEventListener("posted", (event) => forget(event.detail?.draft ?? event.detail?.value));

window.addEventListener("beforeunload", (event) => {
  if (!hasUnsent()) return;
  event.preventDefault();
  event.returnValue = word("unsaved");
});

// One tap posts once; the key in the form makes sure of it, this only says that it was heard.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  if (form.dataset.address && !event.submitter?.formTarget) history.replaceState(history.state, "", form.dataset.address); // back leads to what was kept
  setTimeout(() => delete form.dataset.sent, 4000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// A file field in our own words; the field itself lies over them, so that a file can also be dropped there.
whenever("[data-file]", (room) => {
  const [field, name] = [room.querySelector("input"), room.querySelector("[data-file-name]")];
  const none = name.textContent;
  room.classList.add("is-ours");
  room.querySelector("[hidden]")?.removeAttribute("hidden");
  field.addEventListener("change", () => { name.textContent = [...field.files].map((file) => file.name).join(", ") || none; });
});

// What one types into a line while the server still answers about it is carried over the answer.
const asked = new WeakMap();
const valuesIn = (room) => new Map([...room.querySelectorAll("[id]")].filter(isKept).map((field) => [field.id, field.value]));

document.addEventListener("htmx:beforeRequest", ({ detail }) => asked.set(detail.target, valuesIn(detail.target)));
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const before = asked.get(detail.target);
  if (!before || !detail.target.closest("form.is-paper")) return;
  const typed = [...valuesIn(detail.target)].filter(([id, value]) => before.has(id) && before.get(id) !== value);
  document.addEventListener("htmx:afterSwap", () => {
    for (const [id, value] of typed) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
  }, { once: true });
});
