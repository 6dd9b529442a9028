// The search for a service or a supplier when nobody answers: the same list, from what this device keeps.
export function offerParties(root, snapshot) {
  for (const box of root.querySelectorAll("[data-combobox]")) {
    const input = box.querySelector("[role=combobox]");
    const list = box.querySelector("[role=listbox]");
    const kind = box.querySelector("[data-value]")?.name;
    const offer = async (event) => {
      event.stopPropagation(); // nobody need be told: the answer comes from here
      const { asked } = list.dataset;
      const found = await snapshot.parties(kind, asked).catch(() => []);
      if (list.dataset.asked !== asked) return;
      list.replaceChildren(...found.map((one, index) => option(one, `${list.id}-${index}`, asked)));
      list.dispatchEvent(new CustomEvent("htmx:afterSwap"));
    };
    for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) input.addEventListener(name, offer);
  }
}

function option({ code, name }, id, asked) {
  const shown = document.createElement("div");
  Object.assign(shown, { id, className: "option", textContent: "" });
  shown.setAttribute("role", "option");
  shown.setAttribute("aria-selected", "false");
  Object.assign(shown.dataset, { value: code, label: name });
  shown.toggleAttribute("data-exact", code.toLowerCase() === asked.toLowerCase());
  const [words, mark] = [document.createElement("span"), document.createElement("bdi")];
  words.textContent = name;
  mark.textContent = code;
  mark.dir = "ltr";
  shown.append(words, mark);
  return shown;
}
