// Counting a place, blind: scan the place, count what lies there, and only when it is handed in see what the books said.
import { named } from "./finding.js";
import { now } from "./clock.js";
import { username } from "./page.js";
import * as quantity from "./quantity.js";
import * as satchel from "./satchel.js";
import { act } from "./sender.js";
import { Station } from "./station.js";
import { newKey } from "./tally.js";

const language = () => document.documentElement.lang.slice(0, 2);

class Count extends Station {
  async begin(isPresent) {
    await super.begin(isPresent);
    this.part("decideForm").addEventListener("submit", (event) => {
      event.preventDefault();
      this.decide();
    });
  }

  /** One place at a time: another one is scanned when this one is done. */
  async takePlace(place) {
    const here = this.tally.place;
    if (here && here.code === place.code) return this.banner("already", this.word("placed", { name: here.name }));
    if (here && this.tally.lines.length) return this.banner("refused", this.word("finishFirst", { name: here.name }));
    await super.takePlace(place);
    this.tally.setHead("startedAt", now());
    return undefined;
  }

  async takeGoods(found, number, later) {
    if (found.item.tracking === "range") return this.banner("refused", this.word("ranges", { name: found.item.name }));
    return super.takeGoods(found, number, later);
  }

  /** Blind: what lies in other lots is not asked. */
  async seeOtherLots() {}

  offerVoice() {}

  sayBalance() {}

  sayLine(line) {
    return this.banner("accepted", line.item.name, this.lines.change(line));
  }

  canPost() {
    return Boolean(this.tally.place);
  }

  blocker() {
    const { tally } = this;
    if (!tally.place) return this.word("placeFirst");
    if (tally.unknown.length) return this.word("unknownLeft");
    return tally.lines.some((line) => tally.missing(line).length) ? this.word("fieldsLeft") : "";
  }

  ask() {
    const { lines, place } = this.tally;
    this.part("question").textContent = this.word(lines.length ? "confirm" : "confirmEmpty", { count: lines.length, name: place.name });
    this.part("some").hidden = !lines.length;
    this.part("confirm").showModal();
  }

  post() {
    return this.#done(true);
  }

  /** Not the whole place: what was not counted is not compared. */
  postSome() {
    return this.#done(false);
  }

  #done(isWhole) {
    this.part("confirm").close();
    return this.handover.give(() => (this.tally.place ? this.handed(isWhole) : null));
  }

  async handed(isWhole) {
    const { tally } = this;
    const startedAt = tally.head.startedAt ?? now();
    const body = {
      warehouse: this.set.warehouse, location: tally.place.code, is_whole: isWhole, counted_at: new Date(startedAt).toISOString(), before: await keysBefore(startedAt),
      lines: [...tally.lines].reverse().map((line) => tally.order(line)).map(({ item, quantity: counted, unit, lot, expires_on = null }) => ({ item, quantity: counted, unit, lot, expires_on })),
    };
    return { call: "counts", kind: "count", body, table: tally.table(), left: { ...tally.emptied(), place: null }, moves: [], party: tally.place.name, show: (count) => this.show(count) };
  }

  // – what came of it -------------------------------------------------------------------------------------------------

  show(count) {
    this.told = count;
    this.key = newKey();
    const room = this.part("compared");
    const differing = count.lines.filter((line) => Number(line.difference) !== 0);
    const hasMoved = differing.some((line) => line.has_moved);
    const state = !differing.length ? "matched" : hasMoved ? "moved" : "differs";
    room.querySelector('[data-field="place"]').textContent = named(count.location);
    room.querySelector('[data-field="state"]').textContent = this.word(state, { count: differing.length });
    room.classList.toggle("is-slip", Boolean(differing.length));
    room.querySelector("tbody").replaceChildren(...[...count.lines].sort((one, other) => (Number(other.difference) !== 0) - (Number(one.difference) !== 0)).map((line) => this.compared(line)));
    room.querySelector("table").hidden = !count.lines.length;
    this.part("decideForm").hidden = !differing.length || (hasMoved && this.set.mayAdjust !== undefined);
    this.part("decideForm").reset();
    this.part("decideWhy").textContent = "";
    room.querySelector('[data-field="open"]').href = this.set.counts + encodeURIComponent(count.id);
    room.hidden = false;
    room.scrollIntoView({ block: "start" });
    (differing.length && !hasMoved ? this.part("decideReason") : room.querySelector("[data-act=next]")).focus({ preventScroll: true });
    this.banner(differing.length ? "already" : "accepted", this.word(state, { count: differing.length }));
  }

  compared(line) {
    const row = this.part("comparedLine").content.firstElementChild.cloneNode(true);
    const amount = (text) => quantity.shown(quantity.fromServer(text));
    const difference = quantity.fromServer(line.difference);
    const texts = { name: named({ ...line, code: line.item }), lot: line.lot ?? "", counted: amount(line.counted), expected: amount(line.expected), difference: difference === 0n ? "✓" : `${difference > 0n ? "+" : ""}${quantity.shown(difference)}` };
    for (const [name, text] of Object.entries(texts)) row.querySelector(`[data-field="${name}"]`).textContent = text;
    row.querySelector('[data-field="difference"]').className = difference === 0n ? "" : difference > 0n ? "is-more" : "is-less";
    return row;
  }

  /** Who may adjust posts the difference with its reason; who may not says what may explain it, and hands it on. */
  async decide() {
    const reason = this.part("decideReason").value.trim();
    if (!reason || this.isDeciding) return;
    this.isDeciding = true;
    const mayAdjust = this.set.mayAdjust !== undefined;
    const call = `counts/${encodeURIComponent(this.told.id)}/${mayAdjust ? "adjustment" : "remarks"}`;
    const answer = await act(this.set.api, call, mayAdjust ? { reason } : { remark: reason }, this.key, language());
    this.isDeciding = false;
    if (!answer.isGood) {
      this.part("decideWhy").textContent = answer.body?.errors?.[0]?.detail ?? answer.body?.detail ?? this.word("unanswered");
      return;
    }
    this.part("decideForm").hidden = true;
    this.part("compared").querySelector('[data-field="state"]').textContent = this.word(mayAdjust ? "adjusted" : "handedOn");
    this.part("compared").classList.toggle("is-slip", !mayAdjust);
    this.banner("accepted", this.word(mayAdjust ? "adjusted" : "handedOn"));
    this.part("compared").querySelector("[data-act=next]").focus();
  }
}

/** The keys of this person's papers that were made before an instant and reached the house, or will, after it. */
async function keysBefore(at) {
  const mine = (await satchel.papers()).filter((one) => one.username === username() && one.madeAt <= at);
  return mine.filter((one) => one.state === "waiting" || one.sentAt > at).slice(-50).map((one) => one.key);
}

document.querySelectorAll("[data-count-place]").forEach((root) => new Count(root));
