// Choosing labels: a finger changes how many, and one sees how many there are and where on the sheet they will stand.
import { whenever } from "./page.js";
import { shown, whole } from "./quantity.js";

const countOf = (field) => Number(whole(field.value) ?? 0);
const inWords = (count) => shown(BigInt(count) * 1000n);

whenever("form[data-labels]", (form) => {
  const fields = () => [...form.querySelectorAll("[data-copies]")];
  const sum = form.querySelector("[data-sum]");

  const draw = () => {
    const rest = form.querySelector("[name=rest]");
    const given = Number(form.dataset.labels) + (rest?.checked ? Number(rest.dataset.rest) : 0);
    const total = fields().reduce((all, field) => all + countOf(field), given);
    const places = [...form.querySelectorAll("[name=first]")];
    const first = places.findIndex((place) => place.checked);
    places.forEach((place, index) => place.parentElement.classList.toggle("is-filled", index >= first && index < first + total));
    if (!sum) return;
    const sheets = places.length ? Math.ceil((total && first + total) / places.length) : 0;
    sum.hidden = !total;
    sum.querySelector("[data-total]").textContent = inWords(total);
    sum.querySelector("[data-sheets]").textContent = inWords(sheets);
    sum.querySelector("[data-when=sheet]").hidden = !places.length;
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-more]");
    if (!button) return;
    const field = button.parentElement.querySelector("[data-copies]");
    if (whole(field.value) === null) return field.focus(); // what was typed stays until a person mends it
    field.value = Math.max(0, countOf(field) + Number(button.dataset.more)) || "";
    draw();
  });
  form.addEventListener("input", draw);
  form.addEventListener("change", draw);
  form.addEventListener("htmx:afterSettle", draw);
  draw();
});
