// What hands do to the lines: steps, fields, Enter from field to field, removing and taking that back.
import * as quantity from "./quantity.js";

export class Hands {
  constructor(station) {
    this.station = station;
    const list = station.part("lines");
    list.addEventListener("click", (event) => this.#press(event));
    list.addEventListener("change", (event) => this.#write(event));
    list.addEventListener("focusin", (event) => event.target.select?.());
    list.addEventListener("keydown", (event) => this.#next(event));
  }

  #press(event) {
    const { station } = this;
    const id = event.target.closest("[data-line]")?.dataset.line;
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (!id || !act || station.isPosting) return;
    if (act === "more") station.tally.step(id, 1n);
    if (act === "less") station.tally.step(id, -1n);
    if (act === "split") station.tally.split(id);
    const removed = act === "remove" ? station.tally.remove(id) : null;
    station.draw();
    if (removed) this.#sayRemoved(removed);
  }

  #sayRemoved(line) {
    const { station } = this;
    station.banner("already", station.word("removed", { name: line.item.name }));
    station.part("undo").hidden = false;
    (station.part("lines").querySelector("[data-do=remove]") ?? station.part("undo")).focus();
  }

  /** The line that was removed last stands where it stood. */
  putBack() {
    const { station } = this;
    const line = station.tally.putBack();
    if (!line) return;
    station.draw();
    station.banner("accepted", line.item.name, station.lines.change(line));
    station.lines.element(line.id).querySelector("[data-do=remove]").focus();
  }

  #write(event) {
    const { station } = this;
    const line = station.tally.line(event.target.closest("[data-line]")?.dataset.line);
    if (!line || station.isPosting) return;
    const name = event.target.closest("[data-field-of]")?.dataset.fieldOf;
    const text = event.target.value.trim();
    const changes = name ? this.#readField(name, text, line) : this.readQuantity(text, line);
    if (changes) station.tally.set(line.id, changes);
    else event.target.value = name ? "" : quantity.typed(line.quantity);
    station.draw();
    if (changes && this.isRefused) station.sayLine(station.tally.line(line.id)); // the refusal is mended
    this.isRefused = !changes;
  }

  /** {quantity} that a line may have; null, and said why, when it is none. */
  readQuantity(text, line) {
    const amount = quantity.parse(text, line.item.decimals);
    if (amount !== null && this.station.tally.allows(amount)) return { quantity: amount };
    const isFiner = Boolean(quantity.parse(text)) && !line.item.decimals;
    const why = quantity.isAmbiguous(text) ? "twoWays" : isFiner ? "wholeOnly" : quantity.hasDigit(text) ? "badQuantity" : "notANumber";
    this.station.banner("refused", this.station.word(why, { name: line.item.name, text }));
    return null;
  }

  #readField(name, text, line) {
    if (name === "number") return { lot: text || null };
    if (name === "lot") return { lot: text || null, expiresOn: line.balances?.find((one) => one.lot === text)?.expiresOn ?? line.expiresOn };
    if (name !== "first" && name !== "last" && name !== "cost") return { [name]: text || null };
    const read = name === "cost" ? quantity.price(text) : quantity.whole(text);
    if (read !== null) return { [name]: read };
    this.station.banner("refused", this.station.word(name === "cost" && quantity.isAmbiguous(text) ? "twoWays" : "notANumber", { text }));
    return null;
  }

  /** Enter goes to the next field of the line, then back to the code: the whole paper without a mouse. */
  #next(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.nodeName !== "INPUT") return;
    event.preventDefault();
    const fields = [...event.target.closest("[data-line]").querySelectorAll("input")].filter((one) => one.offsetParent);
    (fields[fields.indexOf(event.target) + 1] ?? this.station.part("code")).focus();
  }
}
