// What stands on a paper beside its lines: the other side, the day, the note. Kept with the table.

export class Head {
  /** `changed` is called after what stands here was kept. */
  constructor({ root, set, today, changed }) {
    Object.assign(this, { root, set, today, changed });
    const room = root.querySelector('[data-part="head"]');
    this.fields = [...room.querySelectorAll("input[name], select[name], textarea[name]")];
    room.addEventListener("picked", () => this.#keep());
    room.addEventListener("change", () => this.#keep());
  }

  #keep() {
    for (const field of this.fields) this.tally.setHead(field.name, field.value);
    this.changed();
  }

  /** Lays down what was kept. */
  restore(tally = this.tally) {
    this.tally = tally;
    this.#setDay();
    for (const field of this.fields) {
      const kept = this.tally.head[field.name];
      if (kept && !(field.name === "on" && kept > this.today())) field.value = kept;
    }
  }

  clear() {
    for (const field of this.fields) field.value = "";
    this.#setDay();
  }

  /** The page may be days old. */
  #setDay() {
    this.tally.today = this.today();
    const field = this.root.querySelector("[name=on]");
    if (field) field.value = field.max = this.today();
  }

  value(name) {
    return this.fields.find((field) => field.name === name)?.value ?? "";
  }

  /** The other side of the paper, as the API names it: {"target": {"service": "BH-ANFA"}}; null while it is not chosen. */
  party() {
    const { side, party } = this.set;
    if (!party) return {};
    return this.value(party) ? { [side]: { [party]: this.value(party) } } : null;
  }

  /** As people call the other side. */
  partyName() {
    const field = this.root.querySelector(`#${this.set.party || "none"}`);
    return field?.selectedOptions?.[0]?.textContent ?? field?.value ?? "";
  }

  /** The paper without its lines. */
  frame() {
    const { kind, warehouse, origin } = this.set;
    const frame = { kind, warehouse, on: this.value("on") || this.today(), ...(this.party() ?? {}), note: this.value("note") };
    return origin ? { ...frame, origin } : frame;
  }
}
