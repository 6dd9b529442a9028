// A typed search: the server answers with options, the arrows walk them, Enter takes one. After the ARIA combobox pattern.
import htmx from "htmx.org";
import { whenever } from "./page.js";

whenever("[data-combobox]", (box) => {
  const input = box.querySelector("[role=combobox]");
  const list = box.querySelector("[role=listbox]");
  const value = box.querySelector("[data-value]");
  const isSearch = box.hasAttribute("data-leads");
  let chosen = input.value;
  let chosenValue = value?.value ?? "";
  let told = input.value; // the text of which the page last heard a change
  let answered = null; // the text that the list answers
  let isAsking = false;
  let isTaking = false; // Enter came before its answer
  let active = -1;

  const text = () => input.value.trim();
  // The chosen words stand there again, as after a scanner typed into the field: so does the choice.
  const isChosen = () => Boolean(chosenValue) && input.value === chosen;
  /** Whether what the list offers may be taken: it answers the text that stands here now, and nothing is chosen yet. */
  const isOffered = () => answered === text() && text() !== "" && !isChosen();

  const options = () => [...list.querySelectorAll("[role=option]")];
  const show = (isOpen) => {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) mark(-1);
  };
  const ask = () => {
    isAsking = true;
    htmx.trigger(input, "typed");
  };
  const tell = () => input.value !== told && input.dispatchEvent(new Event("change", { bubbles: true }));
  const mark = (index) => {
    active = index;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const option = options()[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const age = () => {
    list.setAttribute("aria-busy", String(!isOffered()));
    if (!isOffered()) mark(-1);
  };
  const take = (option) => {
    if (option.getAttribute("href")) {
      location.assign(option.getAttribute("href"));
      return;
    }
    if (value) value.value = chosenValue = option.dataset.value;
    input.value = chosen = option.dataset.label;
    isTaking = false;
    show(false);
    box.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { ...option.dataset } }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.form?.dispatchEvent(new Event("input", { bubbles: true }));
  };

  /** What may be taken unseen: the thing of exactly this code, or the only one that answers words. What may be a code never
   *  means a thing of which it is but a part. */
  const certain = () => {
    const exact = options().filter((option) => option.hasAttribute("data-exact"));
    const found = exact.length || /^\S*\d\S*$/.test(text()) ? exact : options();
    return found.length === 1 ? found[0] : null;
  };

  input.addEventListener("focus", () => {
    if (value?.value) [chosen, chosenValue] = [input.value, value.value];
  });
  input.addEventListener("input", () => {
    isTaking = false;
    if (value) value.value = isChosen() ? chosenValue : "";
    age();
    if (text() && !isChosen()) ask();
    else show(false);
    if (!input.value) tell(); // a browser tells nothing of what is emptied before one leaves it
  });
  input.addEventListener("change", (event) => {
    if (event.isTrusted && input.value === told) event.stopPropagation();
    told = input.value;
  });
  input.addEventListener("htmx:configRequest", (event) => {
    if (!text() || isChosen()) event.preventDefault(); // chosen or emptied meanwhile
    else event.detail.parameters = { q: (list.dataset.asked = text()) };
  });
  list.addEventListener("htmx:afterSwap", () => {
    isAsking = false;
    answered = list.dataset.asked;
    age();
    if (!isOffered()) return; // too late: another text stands here, or something is chosen
    const sure = isTaking && certain();
    isTaking = false;
    if (sure) take(sure);
    else show(document.activeElement === input);
    if (!list.hidden) mark(options().length && !isSearch ? 0 : -1);
  });
  // Nobody answered: what was typed stays, and what an older question brought is gone. An answer may yet come from this
  // device (parties.js), so Enter still waits.
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    input.addEventListener(name, () => {
      isAsking = false;
      answered = null;
      list.replaceChildren();
      show(false);
    });
  }
  input.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    const isOpen = !list.hidden;
    const isWaited = !isSearch && text() && !isChosen() && !isOffered();
    if (event.key === "ArrowDown" && last >= 0 && isOffered()) {
      show(true);
      mark(active < last ? active + 1 : 0);
    } else if (event.key === "ArrowUp" && isOpen && isOffered()) mark(active > 0 ? active - 1 : last);
    else if (event.key === "Enter" && isWaited) {
      isTaking = true;
      if (!isAsking) ask();
    } else if (event.key === "Enter" && isOpen && active >= 0) take(options()[active]);
    else if (event.key === "Escape" && isOpen) show(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // mousedown, so that the tap lands before the field loses its focus
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || option.getAttribute("href")) return;
    event.preventDefault();
    if (isOffered()) take(option);
  });
  input.addEventListener("blur", () => {
    tell();
    setTimeout(() => box.contains(document.activeElement) || show(false), 150);
  });
});
