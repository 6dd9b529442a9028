// The draft of a paper being written, which the house keeps while one types: it says so, and when it keeps it no longer.
import htmx from "htmx.org";
import { sent, typed } from "./forms.js";

const sheet = () => document.getElementById("sheet");
const state = () => document.getElementById("draft");
let running = Promise.resolve();

document.addEventListener("htmx:beforeSend", ({ detail: { requestConfig, xhr } }) => {
  if (requestConfig.elt.id !== "draft") return;
  const [form, before] = [sheet(), typed(sheet())];
  running = new Promise((done) => xhr.addEventListener("loadend", () => setTimeout(() => { // the answer stands in the page
    if (xhr.status >= 200 && xhr.status < 300) sent(form, before);
    else if (requestConfig.elt.isConnected) lose();
    done();
  })));
});

// Another tab kept it since: that is told in the state's own place, with the two ways on.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig.elt.id === "draft" && detail.xhr.status === 409 && detail.serverResponse.includes('id="draft"')) Object.assign(detail, { shouldSwap: true, isError: false });
});

function lose() {
  state().classList.add("is-lost");
  state().querySelector("[data-said]").textContent = state().dataset.lost;
}

/** Once nothing is on its way; what the page would be left with by another form is kept before. */
export function settled(form) {
  if (form !== sheet()) tryAgain();
  return running;
}

export function tryAgain() {
  if (sheet() && typed(sheet())) htmx.trigger(state(), "keep");
}
