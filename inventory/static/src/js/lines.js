// The lines of the station as one sees them. A line is drawn once and then only changed: what one types in stays in focus.
import * as quantity from "./quantity.js";

const ARROW = document.dir === "rtl" ? "←" : "→"; // from what was to what will be, in reading order

export class Lines {
  #drawn = new Map();

  constructor({ list, template, tally, word }) {
    Object.assign(this, { list, template, tally, word });
  }

  draw() {
    const { lines } = this.tally;
    for (const [id, shown] of this.#drawn) {
      if (this.tally.line(id)) continue;
      shown.remove();
      this.#drawn.delete(id);
    }
    lines.forEach((line, index) => {
      const shown = this.#drawn.get(line.id) ?? this.#make(line);
      this.#fill(shown, line);
      shown.classList.toggle("is-newest", index === 0);
      if (this.list.children[index] !== shown) this.list.insertBefore(shown, this.list.children[index] ?? null);
    });
  }

  element(id) {
    return this.#drawn.get(id);
  }

  /** "18 → 17", or "+ 1" where it is not known what is here. */
  change(line) {
    if (this.tally.isCounting) return `= ${quantity.shown(line.quantity)}`;
    const [before, after] = [this.tally.before(line), this.tally.after(line)];
    if (after === null) return `+ ${quantity.shown(line.quantity)}`;
    return `${quantity.shown(before)} ${ARROW} ${quantity.shown(after)}`;
  }

  short(line) {
    const barred = this.tally.barred(line);
    if (line.item.isRetired && !(this.tally.before(line) > 0n)) return this.word("retired", { name: line.item.name }); // moved to what replaced it
    const held = quantity.shown(this.tally.before(line) ?? 0n);
    return barred > 0n ? this.word("barred", { name: line.item.name, held, barred: quantity.shown(barred) }) : this.word("short", { name: line.item.name, held });
  }

  #make(line) {
    const shown = this.template.content.firstElementChild.cloneNode(true);
    shown.dataset.line = line.id;
    const { item } = line;
    put(shown, "name", item.name);
    put(shown, "code", item.code);
    put(shown, "unit", item.unitName ?? item.unit);
    put(shown, "packaging", line.packaging ? `× ${line.packaging.said ?? line.packaging.name} (${line.packaging.contains === null ? "?" : quantity.shown(line.packaging.contains)})` : "");
    if (item.photo) this.#picture(shown, item.photo);
    const field = shown.querySelector("[data-quantity]");
    field.inputMode = item.decimals ? "decimal" : "numeric";
    field.setAttribute("aria-label", `${this.word("quantity")} – ${item.name}`);
    const isCounted = item.tracking !== "unit" && item.tracking !== "range";
    shown.querySelector(".stepper").hidden = !isCounted;
    this.#drawn.set(line.id, shown);
    return shown;
  }

  /** The photo takes the sign's place once it is there: a line never waits for it, and without network the sign stays. */
  #picture(shown, address) {
    const [picture, sign] = shown.querySelectorAll(".photo");
    picture.addEventListener("load", () => { [picture.hidden, sign.hidden] = [false, true]; });
    picture.src = address;
  }

  #fill(shown, line) {
    const { tally } = this;
    const fields = tally.fields(line);
    const missing = tally.missing(line);
    const isOld = Boolean(line.asOf); // an old balance warns, it does not refuse
    const isShort = tally.isShort(line);
    put(shown, "detail", this.#details(line).map((detail) => ` · \u2068${detail}\u2069`).join(""));
    put(shown, "change", this.change(line));
    put(shown, "why", this.#why(line, isShort, missing));
    shown.classList.toggle("is-refused", (isShort && !isOld) || Boolean(line.why));
    shown.classList.toggle("is-old", isOld);
    write(shown.querySelector("[data-quantity]"), quantity.typed(line.quantity));
    const room = shown.querySelector("[data-fields]");
    room.hidden = !Object.keys(fields).length;
    for (const box of room.querySelectorAll("[data-field-of]")) this.#field(box, line, fields, missing);
    const another = shown.querySelector("[data-do=split]");
    another.hidden = !(tally.isArriving && line.item.tracking === "lot");
  }

  #field(box, line, fields, missing) {
    const name = box.dataset.fieldOf;
    const input = box.querySelector("input");
    box.hidden = !(name in fields);
    write(input, (name === "number" ? line.lot : line[name]) ?? "");
    input.required = Boolean(fields[name]);
    input.toggleAttribute("aria-invalid", Boolean(line.why) && missing.includes(name));
  }

  #why(line, isShort, missing) {
    if (line.why) return line.why;
    if (isShort) return this.short(line);
    if (this.tally.arrivesExpired(line)) return this.word("arrivesExpired", { day: day(line.expiresOn) });
    if (missing.includes("reason")) return this.word("laterLot", { lot: this.tally.earlier(line).lot });
    return "";
  }

  /** Which lot and place; for goods that leave, those that the server will take first. */
  #details(line) {
    const lot = (one) => [one.lot && `${this.word("lot")} ${one.lot}`, one.expiresOn && `${this.word("until")} ${day(one.expiresOn)}`].filter(Boolean).join(" ");
    const where = [line.place?.code, line.target && `${ARROW} ${line.target.code}`].filter(Boolean).join(" ");
    if (this.tally.isArriving || line.item.tracking === "range") return [where].filter(Boolean);
    if (line.item.tracking === "unit") return [line.isLotScanned ? line.lot : "", where].filter(Boolean);
    const parts = this.tally.plan(line).filter((one) => one.lot);
    const told = parts.map((one) => (parts.length > 1 ? `${quantity.shown(one.quantity)} × ${lot(one)}` : lot(one)));
    return [...(told.length ? told : [lot(line)]), where].filter(Boolean);
  }
}

const put = (shown, name, text) => { shown.querySelector(`[data-field="${name}"]`).textContent = text; };

/** Nothing is written into a field one is in. */
function write(field, text) {
  if (field !== document.activeElement && field.value !== text) field.value = text;
}

/** 2027-01-02 → 02/01/2027, as everywhere on our pages. */
const day = (iso) => iso.split("-").reverse().join("/");
