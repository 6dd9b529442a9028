// The station: place first, then items; each scan is a line, newest on top; posted once.
import { isOfTheCode } from "./courier.js";
import { readAnswer } from "./finding.js";
import { Handover } from "./handover.js";
import { Hands } from "./hands.js";
import { Head } from "./head.js";
import { Intake } from "./intake.js";
import { Lines } from "./lines.js";
import { hear, tell } from "./news.js";
import { username } from "./page.js";
import { offerParties } from "./parties.js";
import { movesOf } from "./pending.js";
import { Regularising } from "./regularising.js";
import { Result } from "./result.js";
import * as quantity from "./quantity.js";
import * as satchel from "./satchel.js";
import { Tally, newKey } from "./tally.js";
import { Unknowns } from "./unknowns.js";
import * as voice from "./voice.js";

const SHORT_NUMBER = /^[\d٠-٩]{1,4}([.,٫][\d٠-٩]{1,3})?$/; // what may stand in the code field beside a scan: how many of it

export class Station extends Intake {
  page = newKey(); // one of several, perhaps, that show the same table

  constructor(root) {
    super(root);
    const correct = new URLSearchParams(location.search).get("correct");
    if (correct) this.then(() => this.handover.correct(correct));
  }

  /** What this device kept lies on the table again; then what it needs without network is brought up to date. */
  async begin(isPresent) {
    const name = `${this.set.warehouse}:${this.set.kind}`;
    const kept = isPresent ? await satchel.readValue(username(), "table", name) : null;
    const keeper = (value) => satchel.keepSurely(username(), "table", name, value).then(() => this.tellTable());
    this.tally = new Tally(name, this.set.kind, this.today(), kept, isPresent ? keeper : () => Promise.reject(new Error("No key")));
    this.lines = new Lines({ list: this.part("lines"), template: this.part("line"), tally: this.tally, word: this.word });
    this.hands = new Hands(this);
    this.unknowns = new Unknowns({ room: this.part("unknown"), list: this.part("unknownList"), template: this.part("unknownLine") });
    this.head = new Head({ root: this.root, set: this.set, today: () => this.today(), changed: () => this.draw() });
    this.handover = new Handover(this);
    this.result = new Result(this);
    this.regularising = new Regularising(this);
    this.offerVoice();
    this.head.restore(this.tally);
    this.draw();
    hear((news) => this.handover.hear(news));
    if (!isPresent) return; // nothing that this device keeps can be read: there is no table to share
    hear(({ what, table, page }) => what === "table" && table === name && page !== this.page && this.readAgain());
    document.addEventListener("visibilitychange", () => document.hidden || this.readAgain()); // it may have slept
  }

  /** Tells the other pages of this device that the table is another one. */
  tellTable() {
    tell({ what: "table", table: this.tally.name, page: this.page });
  }

  /** Several pages of one device share one table: what another one changed lies here too. */
  readAgain() {
    return this.then(async () => {
      await this.tally.kept.catch(() => {});
      const { mark } = this.tally;
      const kept = await satchel.readValue(username(), "table", this.tally.name);
      if (this.tally.mark !== mark) this.readAgain(); // it was changed here meanwhile, too: at the next turn
      if (this.tally.mark !== mark || !kept || kept.mark === mark) return undefined;
      this.tally.lay(kept);
      this.part("confirm").close(); // it asked about other lines
      this.head.clear();
      this.head.restore();
      return this.draw();
    });
  }

  // – scanning ------------------------------------------------------------------------------------------------------

  /** A number alone says how many there are of the goods scanned last; before them it stays for the next scan. */
  enter(typed) {
    return SHORT_NUMBER.test(typed) ? this.then(() => this.count(typed)) : this.scan(typed);
  }

  async count(typed) {
    const answer = await this.courier.resolve(typed);
    if (answer.isGood && answer.body.item?.code === typed) return this.take({ code: typed, answer, number: "", instead: [] });
    const [newest] = this.tally.lines;
    if (newest && !this.handover.isShown) return this.setCount(newest, typed);
    this.part("code").value = typed;
    return this.banner("already", this.word("numberFirst", { number: typed }));
  }

  async setCount(line, typed) {
    if (line.item.tracking === "unit" || line.item.tracking === "range") return this.banner("refused", this.word("oneByOne", { name: line.item.name }));
    const changes = this.hands.readQuantity(typed, line);
    if (!changes) return undefined;
    this.tally.set(line.id, changes);
    this.draw();
    await this.tally.kept;
    return this.sayLine(line);
  }

  /** "5", then a scan: five of it. The number leaves the field. */
  typedBefore() {
    const field = this.part("code");
    const typed = field.value.trim();
    if (!SHORT_NUMBER.test(typed)) return "";
    field.value = "";
    return typed;
  }

  /** Of goods that this device knows, its own answer when the house is slow: a line stands at once. */
  meaning(code) {
    return this.courier.resolveAtOnce(code);
  }

  async take({ code, answer, number, instead }) {
    this.part("confirm").close(); // what was asked there was asked about the table before
    if (this.handover.isShown) this.next();
    for (const part of instead) this.tally.dropUnknown(nameOf(part));
    if (this.isRefused(answer)) return undefined;
    const found = answer.isGood ? { ...readAnswer(answer.body), isEarly: Boolean(answer.later) } : { kind: "unknown" };
    if (found.kind === "details") return this.takeDetails(found);
    if (found.lot && found.item.hasExpiry && !found.isEarly) await this.seeOtherLots(found);
    if (found.kind === "place") return this.takePlace(found);
    if (found.kind === "goods") return this.takeGoods(found, number, answer.later);
    if (found.kind === "paper") return this.banner("already", this.word("paper", { number: found.number }), "", { href: this.set.papers + encodeURIComponent(found.id), label: this.word("openPaper") });
    return this.takeUnknown(found, nameOf({ code, answer }));
  }

  async takeUnknown(found, code) {
    const isAgain = this.tally.noteUnknown(code);
    await this.tally.kept;
    this.banner(isAgain ? "already" : "refused", this.whyUnknown(found, code));
    return this.draw();
  }

  /** A lot's label tells of that lot; whether another expires earlier, its item tells. */
  async seeOtherLots(found) {
    const answer = await this.courier.resolve(found.item.code);
    const all = answer.isGood ? readAnswer(answer.body) : null;
    if (all?.item?.code === found.item.code) Object.assign(found, { balances: all.balances, onHand: all.onHand, available: all.available });
  }

  async takePlace(place) {
    if (place.warehouse && place.warehouse !== this.set.warehouse) return this.banner("refused", this.word("elsewhere", { name: place.name }));
    const isTarget = this.tally.takePlace({ code: place.code, name: place.name });
    this.draw();
    await this.tally.kept;
    return this.banner("accepted", this.word(isTarget ? "placedTo" : "placed", { name: place.name }));
  }

  async takeGoods(found, number, later) {
    if (!this.tally.place) return this.banner("refused", this.word("placeFirst"));
    if (this.tally.isExpired(found)) return this.banner("refused", this.word("expired", { name: found.item.name }));
    if (this.tally.kind === "receipt" && found.item.isRetired) return this.banner("refused", this.word("retired", { name: found.item.name }));
    const { line, isAgain } = this.tally.add(found);
    const isSingle = line.item.tracking === "unit" || line.item.tracking === "range";
    const asked = number && !isSingle ? this.hands.readQuantity(number, line) : {};
    if (asked && "quantity" in asked) this.tally.set(line.id, asked);
    this.draw();
    later?.then((better) => this.then(() => this.know(line, better)));
    await this.tally.kept; // on the disk before it is acknowledged
    if (isAgain && isSingle) return this.banner("already", this.word("already", { name: line.item.name }));
    if (!asked) return undefined; // it was said what is wrong with the number
    return this.sayLine(line, found.isLabelOld ? this.word("oldLabel", { name: line.item.name }) : found.note);
  }

  /** The house's answer to a line that stands there already, by what the device knew. What refuses the person or the moment
   *  says nothing of the goods: the line stays as the device knows it. */
  async know(line, answer) {
    if (!this.tally.line(line.id)) return undefined;
    if (!isOfTheCode(answer)) {
      this.tally.set(line.id, { isEarly: false });
      this.draw();
      return this.refusedAnswer(answer);
    }
    const found = answer.isGood ? readAnswer(answer.body) : null;
    if (found?.item?.code !== line.item.code) {
      this.tally.set(line.id, { why: answer.body?.detail || this.word("otherwise"), isEarly: false });
      this.draw();
      return this.banner("refused", this.tally.line(line.id).why);
    }
    if (line.lot && found.item.hasExpiry) await this.seeOtherLots(found);
    this.tally.know(line.id, found);
    this.draw();
    if (this.tally.lines[0] !== line || this.handover.isShown) return undefined;
    if (this.tally.isShort(line) && !line.asOf) return this.sayLine(line);
    return found.isLabelOld ? this.banner("already", this.word("oldLabel", { name: line.item.name }), this.lines.change(line)) : undefined;
  }

  /** What a line is now, or that there is too little for it; `note`: what else is to be known of it. */
  sayLine(line, note = "") {
    if (this.tally.isShort(line) && !line.asOf) return this.banner("refused", this.lines.short(line), this.lines.change(line));
    this.sayBalance(line);
    return this.banner(note ? "already" : "accepted", note || line.item.name, this.lines.change(line));
  }

  sayBalance(line) {
    const after = this.tally.after(line);
    if (after !== null) voice.say(this.word("spoken", { name: line.item.name, count: quantity.typed(after) }));
  }

  /** A code beside the item's: lot, expiry, serial number of the goods scanned last, or of the next. */
  async takeDetails(said) {
    const line = this.tally.complete(said);
    this.draw();
    await this.tally.kept;
    if (!line) return this.banner("already", this.word("itemNext"));
    if (this.tally.isExpired(line)) return this.banner("refused", this.word("expired", { name: line.item.name }));
    return this.banner("accepted", this.word("noted", { name: line.item.name }), this.lines.change(line));
  }

  /** For a warehouse without labels on its shelves: its own default place. */
  anyPlace() {
    return this.then(() => this.takePlace({ code: null, name: this.word("defaultPlace") }));
  }

  changePlace() {
    this.tally.forgetPlace(false);
    this.draw();
  }

  changeTarget() {
    this.tally.forgetPlace(true);
    this.draw();
  }

  undo() {
    this.hands.putBack();
  }

  /** The new balance is spoken where the device has a voice, and somebody wants it. */
  offerVoice() {
    const button = this.part("spoken");
    button.setAttribute("aria-pressed", String(voice.isSpoken()));
    voice.whenAble(() => { button.hidden = false; });
  }

  speak(button) {
    voice.setSpoken(!voice.isSpoken());
    button.setAttribute("aria-pressed", String(voice.isSpoken()));
  }

  dropUnknown(button) {
    this.tally.dropUnknown(button.dataset.code);
    this.draw();
  }

  // – what one sees ---------------------------------------------------------------------------------------------------

  draw() {
    const { tally } = this;
    this.drawPlace("place", tally.place);
    if (tally.isMoving) this.drawPlace("target", tally.target);
    this.lines.draw();
    this.unknowns.draw(tally.unknown);
    this.part("empty").hidden = tally.lines.length > 0;
    this.part("count").textContent = String(tally.lines.length);
    this.part("countWord").textContent = this.word(`lines-${new Intl.PluralRules(document.documentElement.lang).select(tally.lines.length)}`);
    const blocker = this.blocker();
    this.part("post").disabled = this.isPosting || !this.canPost() || Boolean(blocker);
    this.part("blocker").textContent = blocker;
    this.regularising.draw();
    this.drawAge();
  }

  drawPlace(name, place) {
    const chip = this.part(name);
    chip.classList.toggle("is-set", Boolean(place));
    chip.querySelector(".name").textContent = place?.name ?? this.word(name === "place" ? "placeFirst" : "targetNext");
    chip.querySelectorAll("[data-when]").forEach((one) => { one.hidden = (one.dataset.when === "set") !== Boolean(place); });
  }

  /** Balances that this device told by itself say of when they are. */
  drawAge() {
    const told = this.tally.lines.filter((line) => !line.isEarly).map((line) => line.asOf).filter(Boolean);
    const note = this.part("asOf");
    note.hidden = !told.length;
    if (told.length) note.querySelector("[data-words]").textContent = this.agedWords(Math.min(...told));
  }

  canPost() {
    return this.tally.lines.length > 0;
  }

  /** Why Post is not ready, in words; empty when it is. */
  blocker() {
    const { tally } = this;
    if (!tally.lines.length) return "";
    if (tally.unknown.length) return this.word("unknownLeft");
    if (tally.lines.some((line) => tally.isShort(line) && !line.asOf)) return this.word("shortLeft"); // an old balance warns only
    const missing = tally.lines.flatMap((line) => tally.missing(line));
    if (missing.some((name) => !["target", "reason"].includes(name))) return this.word("fieldsLeft");
    if (missing.includes("reason")) return this.word("reasonLeft");
    if (missing.length) return this.word("targetNext");
    return this.head.party() ? "" : this.word("partyFirst");
  }

  // – posting -------------------------------------------------------------------------------------------------------

  /** Asks once, in words. */
  ask() {
    const [name, count] = [this.head.partyName(), this.tally.lines.length];
    this.part("question").textContent = this.word(name ? "confirmFor" : "confirm", { name, count });
    this.part("confirm").showModal();
  }

  post() {
    this.part("confirm").close();
    return this.handover.give(() => (this.tally.lines.length ? this.paper() : null));
  }

  /** The paper as it is handed over. */
  paper() {
    const { tally } = this;
    return {
      call: "documents", kind: this.set.kind, body: tally.paper(this.head.frame()), table: tally.table(), left: tally.emptied(), moves: movesOf(tally),
      party: this.head.partyName(), done: () => this.head.clear(), show: (paper, items) => this.result.show(paper, items),
    };
  }

  askReversal() {
    this.result.ask();
  }

  regularise() {
    this.regularising.ask();
  }

  next() {
    this.handover.hide();
    this.part("work").hidden = false;
    this.draw();
    this.part("code").focus();
  }
}

/** Under which name an unknown code waits: of a maker's long code its trade number alone. */
const nameOf = ({ code, answer }) => (answer.isGood && readAnswer(answer.body).code) || code;

document.querySelectorAll("[data-station]").forEach((root) => {
  const station = new Station(root);
  offerParties(root, station.snapshot);
});
