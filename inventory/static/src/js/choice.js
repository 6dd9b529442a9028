// Several codes in view: what is known of them is taken; when that is more than one thing, a person says which.
import { isUnknown } from "./reading.js";

export class Choice {
  constructor(station) {
    this.station = station;
    this.dialog = station.part("which");
    this.dialog.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-which]");
      if (chosen) this.dialog.close(chosen.dataset.which);
    });
  }

  /** The reads to take, {code, answer, number, instead} each, of the texts that were seen at once; `number`: typed before, for the first. */
  async of(texts, number) {
    const reads = [];
    for (const code of texts) reads.push({ code, answer: await this.station.meaning(code), number: "", instead: [] });
    const lost = reads.find((read) => read.answer.is === "unanswered");
    const taken = lost || reads.length === 1 ? [lost ?? reads[0]] : await this.#settled(reads.filter((read) => !isUnknown(read.answer)).map((read) => this.#told(read)));
    if (taken.length) taken[0].number = number;
    return taken;
  }

  /** Of two codes of the same goods the one that says more; what names no goods completes them; the place one is at is none. */
  async #settled(known) {
    const others = known.filter(({ found }) => !(found.kind === "place" && found.code === this.station.tally?.place?.code));
    const lots = others.filter((one) => one.found.lot);
    const things = new Map();
    for (const one of [...lots, ...others.filter((other) => !isTold(other, lots))])
      if (one.found.kind !== "details" && !things.has(nameOf(one))) things.set(nameOf(one), one);
    if (!others.length) this.station.banner("refused", this.station.word("severalUnknown"));
    const chosen = things.size > 1 ? await this.#asked([...things.values()]) : [...things.values()];
    const details = things.size > 1 ? [] : others.filter(({ found }) => found.kind === "details");
    return [...chosen, ...details].map(({ read }) => read);
  }

  #told(read) {
    return { read, found: read.answer.isGood ? this.station.found(read.answer) : { kind: "refused" } };
  }

  async #asked(things) {
    const list = this.station.part("whichList");
    list.replaceChildren(...things.map(({ read, found }, place) => this.#drawn(read, found, place)));
    this.dialog.returnValue = "";
    this.dialog.showModal();
    await new Promise((closed) => this.dialog.addEventListener("close", closed, { once: true }));
    const chosen = this.dialog.returnValue;
    return chosen === "all" ? things : things.filter((_, place) => chosen === String(place));
  }

  #drawn(read, found, place) {
    const shown = this.station.part("whichOne").content.firstElementChild.cloneNode(true);
    const button = shown.querySelector("button");
    button.dataset.which = String(place);
    button.querySelector("[data-field=name]").textContent = found.item?.name ?? found.name ?? found.number ?? read.code;
    button.querySelector("[data-field=detail]").textContent = [found.packaging?.said, found.lot].filter(Boolean).join(" · ");
    button.querySelector("[data-field=code]").textContent = found.item?.code ?? found.code ?? read.code;
    return shown;
  }
}

const goodsOf = ({ found }) => found.kind === "goods" && `${found.item.code}\n${found.packaging?.name ?? ""}`;

const isTold = (one, lots) => goodsOf(one) && !one.found.lot && lots.some((other) => goodsOf(other) === goodsOf(one));

const nameOf = (one) => (goodsOf(one) ? `${goodsOf(one)}\n${one.found.lot ?? ""}` : `${one.found.kind}\n${one.read.code}`);
