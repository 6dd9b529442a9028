// What was posted: the number, and what is here now. A mistake that one sees at once is reversed from here.
import * as quantity from "./quantity.js";
import { act } from "./sender.js";
import { newKey } from "./tally.js";

export class Result {
  #paper = null;
  #key = "";

  constructor(station) {
    this.station = station;
    this.room = station.part("result");
    this.template = station.part("postedLine");
    station.part("reverseForm")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#reverse();
    });
  }

  #field(name) {
    return this.room.querySelector(`[data-field="${name}"]`);
  }

  show(paper, items) {
    const { set } = this.station;
    this.#paper = paper;
    this.#key = newKey(); // one reversal, however often it is sent
    this.#field("number").textContent = paper.number;
    this.#field("reference").textContent = paper.reference ?? "";
    this.#field("open").href = `${set.papers}${encodeURIComponent(paper.id)}`;
    this.#field("print").href = `${set.api}/documents/${encodeURIComponent(paper.id)}.pdf`;
    const labels = this.#field("labels");
    if (labels) labels.href = `${this.labels ??= labels.getAttribute("href")}${encodeURIComponent(paper.id)}`;
    this.#say("");
    this.room.querySelector("tbody").replaceChildren(...paper.lines.map((line) => this.#line(line, items)));
    this.room.hidden = false;
    this.room.scrollIntoView({ block: "start" });
    this.room.querySelector("[data-act=next]").focus({ preventScroll: true });
    this.station.banner("accepted", this.station.word("posted", { number: paper.number }));
  }

  #line(line, items) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    const amount = (text) => { const read = quantity.fromServer(text); return read === null ? text ?? "" : quantity.shown(read); };
    const numbers = line.first_number ? `${line.first_number}–${line.last_number}` : "";
    const item = items.get(line.item);
    const unit = item?.said[line.unit] ?? line.unit ?? "";
    const texts = {
      name: item?.name ?? line.item, lot: [line.lot, numbers].filter(Boolean).join(" "),
      quantity: amount(line.quantity), unit, balance: amount(line.balance),
    };
    for (const [name, text] of Object.entries(texts)) row.querySelector(`[data-field="${name}"]`).textContent = text;
    return row;
  }

  /** Asks why, once. */
  ask() {
    this.station.part("reverseWhy").textContent = "";
    this.station.part("reverseDialog").showModal();
  }

  async #reverse() {
    const { station } = this;
    const reason = station.part("reverseReason").value.trim();
    if (!reason || this.isReversing) return;
    this.isReversing = true;
    const answer = await act(station.set.api, `documents/${encodeURIComponent(this.#paper.id)}/reversal`, { reason }, this.#key, document.documentElement.lang.slice(0, 2));
    this.isReversing = false;
    if (!answer.isGood) {
      station.part("reverseWhy").textContent = answer.body?.detail ?? answer.body?.title ?? station.word("unanswered");
      return;
    }
    station.part("reverseDialog").close();
    station.part("reverseForm").reset();
    this.#say(station.word("reversedBy", { number: answer.body.reference }), `${station.set.papers}${encodeURIComponent(answer.body.id)}`);
    station.banner("accepted", station.word("reversedBy", { number: answer.body.reference }));
    station.snapshot.refresh(true).catch(() => {});
  }

  /** Says on the result that it was reversed; the way to reverse it goes. */
  #say(words, href = "") {
    const said = this.#field("reversed");
    said.hidden = !words;
    said.querySelector("a").textContent = words;
    if (href) said.querySelector("a").href = href;
    const way = this.room.querySelector("[data-act=askReversal]");
    if (way) way.hidden = Boolean(words);
    this.room.classList.toggle("is-reversed", Boolean(words));
  }
}
