// The provisional slip: a paper that is kept on this device and not yet posted. It bears the short form of its key, never a
// number: that comes from the house.
import * as quantity from "./quantity.js";

/** "3F2A-91BC": enough to find the paper again on the list of what waits. */
export const shortForm = (key) => `${key.slice(0, 4)}-${key.slice(4, 8)}`.toUpperCase();

export class Slip {
  items = new Map(); // by code; `said`: what people call its unit, and what it is packed in
  #key = "";
  #rows = [];

  constructor(room, template, word) {
    Object.assign(this, { room, template, word });
  }

  get short() {
    return shortForm(this.#key);
  }

  /** Notes what was handed over, before it is known what becomes of it. */
  note(key, lines) {
    this.#key = key;
    this.items = new Map(lines.map((line) => [line.item.code, { ...line.item, said: { [line.item.unit]: line.item.unitName } }]));
    for (const { item, packaging } of lines) if (packaging) this.items.get(item.code).said[packaging.name] = packaging.said;
    this.#rows = [...lines].reverse().map((line) => this.#line(line));
  }

  show() {
    this.room.querySelector('[data-field="short"]').textContent = this.short;
    this.room.querySelector("tbody").replaceChildren(...this.#rows);
    this.refresh(this.#key, "kept");
    this.room.hidden = false;
    this.room.scrollIntoView({ block: "start" });
    this.room.querySelector("[data-act=next]").focus({ preventScroll: true });
  }

  isShowing(key) {
    return !this.room.hidden && key === this.#key;
  }

  hide() {
    this.room.hidden = true;
  }

  /** Says when it was refused meanwhile: the list of what waits has the reason. */
  refresh(key, what) {
    if (key === this.#key) this.room.querySelector("[data-state]").textContent = this.word(what === "refused" ? "slipRefused" : "slipWaits");
  }

  #line(line) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    const numbers = line.first ? `${line.first}–${line.last}` : "";
    const texts = { name: line.item.name, lot: [line.lot, numbers].filter(Boolean).join(" "), quantity: numbers ? "" : quantity.shown(line.quantity), unit: line.packaging?.said ?? line.packaging?.name ?? line.item.unitName ?? line.item.unit };
    for (const [name, text] of Object.entries(texts)) row.querySelector(`[data-field="${name}"]`).textContent = text;
    return row;
  }
}
