// From the table to the house: what is handed over is kept first, then on its way; what became of it is said here, and what
// was refused is laid on the table again.
import { username } from "./page.js";
import * as satchel from "./satchel.js";
import { Slip } from "./slip.js";
import { newKey } from "./tally.js";

export class Handover {
  #given = null;

  constructor(station) {
    this.station = station;
    this.slip = new Slip(station.part("slip"), station.part("slipLine"), station.word);
  }

  /** Whether what was handed over last still stands there, as a result or a provisional slip. */
  get isShown() {
    return this.rooms.some((room) => !room.hidden);
  }

  get rooms() {
    return [...this.station.root.querySelectorAll(".station-result")];
  }

  hide() {
    for (const room of this.rooms) room.hidden = true;
  }

  /** Once, however often it is asked. `make` gives what is handed over, or nothing when there is nothing to hand over:
   *  what the courier keeps, and `show(answer, items)` for when the house has it. */
  give(make) {
    const { station } = this;
    if (station.isPosting) return undefined;
    station.isPosting = true;
    return station.then(async () => {
      try {
        const given = await make();
        if (given) await this.#hand(given);
      } catch {
        station.banner("refused", station.word("notKept"));
      } finally {
        station.isPosting = false;
        station.draw();
      }
    });
  }

  async #hand(given) {
    const { station } = this;
    const key = newKey();
    station.draw();
    await station.tally.kept;
    await station.courier.keep(key, given, station.tally.name);
    station.tally.lay(given.left);
    station.tellTable();
    this.#given = given;
    this.slip.note(key, given.table.lines);
    const outcome = await station.courier.outcome(key);
    if (outcome.what === "refused" && !outcome.isDoubtful) return this.takeBack(key, outcome.answer);
    given.done?.();
    station.eye.close();
    if (outcome.what === "sent") return this.#arrived(outcome.answer.body);
    station.part("work").hidden = true;
    this.slip.show();
    return station.banner("already", station.word("waits", { slip: this.slip.short }));
  }

  /** Refused while we look: its lines lie on the table again, each with its reason. */
  async takeBack(key, answer) {
    const { station } = this;
    const paper = await satchel.paperBy(key);
    const { table } = await satchel.contentOf(paper);
    const errors = (answer.body?.errors ?? []).map((error) => ({ index: Number(/\/lines\/(\d+)/.exec(error.pointer ?? "")?.[1] ?? -1), text: error.detail ?? "", isWanting: error.code === "insufficient_stock" }));
    station.tally.restore(table, errors);
    await satchel.takeBack(paper, { name: station.tally.name, value: station.tally.value() });
    station.tellTable();
    station.head.restore();
    station.draw();
    station.refusedAnswer(answer);
    const first = station.tally.lines.find((line) => line.why);
    if (first) station.lines.element(first.id)?.scrollIntoView({ block: "center" });
    else if (errors.length) station.banner("refused", errors.map((error) => error.text).join(" "));
  }

  /** From the list of what was refused: to be put right here, unless other lines lie here already. */
  async correct(key) {
    const { station } = this;
    const address = new URL(location.href);
    address.searchParams.delete("correct");
    history.replaceState(null, "", address);
    const paper = await satchel.paperBy(key);
    if (paper?.state !== "refused" || paper.isDoubtful || paper.username !== username()) return undefined;
    if (station.tally.lines.length) return station.banner("refused", station.word("tableFull"));
    const { refusal } = await satchel.contentOf(paper);
    return this.takeBack(key, { status: refusal.status, body: refusal });
  }

  /** What was on its way has arrived: its provisional slip becomes what the house says. */
  hear({ what, key, answer }) {
    if (what === "sent" && !this.station.isPosting && this.slip.isShowing(key)) this.#arrived(answer.body);
    this.slip.refresh(key, what);
  }

  #arrived(body) {
    this.slip.hide();
    this.station.part("work").hidden = true;
    this.#given.show(body, this.slip.items);
  }
}
