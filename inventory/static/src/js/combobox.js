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
  let active = -1;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const show = (isOpen) => {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) mark(-1);
  };
  const mark = (index) => {
    active = index;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const option = options()[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const take = (option) => {
    if (option.getAttribute("href")) {
      location.assign(option.getAttribute("href"));
      return;
    }
    if (value) value.value = chosenValue = option.dataset.value;
    input.value = chosen = option.dataset.label;
    show(false);
    box.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { ...option.dataset } }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.form?.dispatchEvent(new Event("input", { bubbles: true }));
  };

  input.addEventListener("focus", () => {
    if (value?.value) [chosen, chosenValue] = [input.value, value.value];
  });
  input.addEventListener("input", () => {
    // The chosen words stand there again, as after a scanner typed into the field: so does the choice.
    const isChosen = Boolean(value) && input.value === chosen;
    if (value) value.value = isChosen ? chosenValue : "";
    if (input.value.trim() && !isChosen) htmx.trigger(input, "typed");
    else show(false);
  });
  input.addEventListener("htmx:configRequest", (event) => {
    event.detail.parameters = { q: input.value };
  });
  list.addEventListener("htmx:afterSwap", () => {
    show(document.activeElement === input);
    mark(options().length && !isSearch ? 0 : -1);
  });
  input.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" && last >= 0) {
      show(true);
      mark(active < last ? active + 1 : 0);
    } else if (event.key === "ArrowUp" && isOpen) mark(active > 0 ? active - 1 : last);
    else if (event.key === "Enter" && isOpen && active >= 0) take(options()[active]);
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
    take(option);
  });
  input.addEventListener("blur", () => setTimeout(() => {
    if (box.contains(document.activeElement)) return;
    show(false);
    // Half a word is not a choice: it is shown as what it is, and the server refuses it by name.
    if (value && !value.value && input.value === chosen) chosen = input.value;
  }, 150));
});
