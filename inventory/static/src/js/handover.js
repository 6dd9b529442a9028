// From the table to the house: a paper is kept first, then on its way; what became of it is said here, and a refused one is
// laid on the table again.
import { username } from "./page.js";
import * as satchel from "./satchel.js";
import { Slip } from "./slip.js";
import { Result } from "./result.js";
import { newKey } from "./tally.js";

export class Handover {
  constructor(station) {
    this.station = station;
    this.result = new Result(station.part("result"), station.part("postedLine"));
    this.slip = new Slip(station.part("slip"), station.part("slipLine"), station.word);
  }

  /** Whether the last paper still stands there, as a result or a slip. */
  get isShown() {
    return !this.station.part("result").hidden || !this.station.part("slip").hidden;
  }

  hide() {
    this.station.part("result").hidden = true;
    this.slip.hide();
  }

  /** The paper is kept first; from then on it is on its way, whatever becomes of this page. */
  post() {
    if (this.station.isPosting) return;
    this.station.isPosting = true;
    this.station.part("confirm").close();
    this.station.then(async () => {
      try {
        if (this.station.tally.lines.length) await this.hand();
      } catch {
        this.station.banner("refused", this.station.word("notKept"));
      } finally {
        this.station.isPosting = false;
        this.station.draw();
      }
    });
  }

  async hand() {
    const [key, lines, frame] = [newKey(), this.station.tally.lines, this.station.head.frame()];
    this.station.draw();
    await this.station.tally.kept;
    await this.station.courier.keep(this.station.tally.paper(frame), key, this.station.tally, this.station.head.partyName());
    this.station.tally.empty();
    this.slip.note(key, lines, this.station.tally);
    const outcome = await this.station.courier.outcome(key);
    if (outcome.what === "refused" && !outcome.isDoubtful) return this.takeBack(key, outcome.answer);
    this.station.head.clear();
    this.station.eye.close();
    if (outcome.what === "sent") return this.posted(outcome.answer.body);
    this.station.part("work").hidden = true;
    this.slip.show();
    return this.station.banner("already", this.station.word("waits", { slip: this.slip.short }));
  }

  /** Refused while we look: its lines lie on the table again, each with its reason. */
  async takeBack(key, answer) {
    const paper = await satchel.paperBy(key);
    const { table } = await satchel.contentOf(paper);
    const errors = (answer.body?.errors ?? []).map((error) => ({ index: Number(/\/lines\/(\d+)/.exec(error.pointer ?? "")?.[1] ?? -1), text: error.detail ?? "" }));
    this.station.tally.restore(table, errors);
    await satchel.takeBack(paper, { name: this.station.tally.name, value: this.station.tally.value() });
    this.station.head.restore();
    this.station.draw();
    this.station.refusedAnswer(answer);
    const first = this.station.tally.lines.find((line) => line.why);
    if (first) this.station.lines.element(first.id)?.scrollIntoView({ block: "center" });
    else if (errors.length) this.station.banner("refused", errors.map((error) => error.text).join(" "));
  }

  /** From the list of what was refused: to be put right here, unless other lines lie here already. */
  async correct(key) {
    const address = new URL(location.href);
    address.searchParams.delete("correct");
    history.replaceState(null, "", address);
    const paper = await satchel.paperBy(key);
    if (paper?.state !== "refused" || paper.isDoubtful || paper.username !== username()) return undefined;
    if (this.station.tally.lines.length) return this.station.banner("refused", this.station.word("tableFull"));
    const { refusal } = await satchel.contentOf(paper);
    return this.takeBack(key, { status: refusal.status, body: refusal });
  }

  /** A paper that was on its way has arrived: its provisional slip becomes the paper. */
  hear({ what, key, answer }) {
    if (what === "sent" && !this.station.isPosting && this.slip.isShowing(key)) this.posted(answer.body);
    this.slip.refresh(key, what);
  }

  posted(paper) {
    this.slip.hide();
    this.result.show(paper, this.slip.items, `${this.station.set.papers}${encodeURIComponent(paper.id)}`, `${this.station.set.api}/documents/${encodeURIComponent(paper.id)}.pdf`);
    this.station.part("work").hidden = true;
    this.station.banner("accepted", this.station.word("posted", { number: paper.number }));
  }
}
