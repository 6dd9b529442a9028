// What was posted: the number, and what is here now.
import * as quantity from "./quantity.js";

export class Result {
  constructor(room, template) {
    Object.assign(this, { room, template });
  }

  show(paper, items, open, print) {
    const field = (name) => this.room.querySelector(`[data-field="${name}"]`);
    field("number").textContent = paper.number;
    field("reference").textContent = paper.reference ?? "";
    field("open").href = open;
    field("print").href = print;
    const labels = field("labels");
    if (labels) labels.href = `${this.labels ??= labels.getAttribute("href")}${encodeURIComponent(paper.id)}`;
    this.room.querySelector("tbody").replaceChildren(...paper.lines.map((line) => this.#line(line, items)));
    this.room.hidden = false;
    this.room.scrollIntoView({ block: "start" });
    this.room.querySelector("[data-act=next]").focus({ preventScroll: true });
  }

  #line(line, items) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    const amount = (text) => { const read = quantity.fromServer(text); return read === null ? text ?? "" : quantity.shown(read); };
    const numbers = line.first_number ? `${line.first_number}–${line.last_number}` : "";
    const item = items.get(line.item);
    const unit = item && line.unit === item.unit ? item.unitName ?? item.unit : line.unit ?? "";
    const texts = {
      name: item?.name ?? line.item, lot: [line.lot, numbers].filter(Boolean).join(" "),
      quantity: amount(line.quantity), unit, balance: amount(line.balance),
    };
    for (const [name, text] of Object.entries(texts)) row.querySelector(`[data-field="${name}"]`).textContent = text;
    return row;
  }
}
