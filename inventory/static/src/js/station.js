// The station: place first, then items; each scan is a line, newest on top; posted once.
import { age, moment } from "./age.js";
import * as clock from "./clock.js";
import { Courier } from "./courier.js";
import { Eye } from "./eye.js";
import { readAnswer } from "./finding.js";
import { Handover } from "./handover.js";
import { keepPages } from "./larder.js";
import { Lines } from "./lines.js";
import { hear } from "./news.js";
import { username } from "./page.js";
import { offerParties } from "./parties.js";
import { present } from "./presence.js";
import { Reading } from "./reading.js";
import * as satchel from "./satchel.js";
import { listenToKeys, listenToText } from "./scanner.js";
import { Snapshot } from "./snapshot.js";
import { Tally } from "./tally.js";
import * as quantity from "./quantity.js";
import { isSilent, setSilent, sound, wake } from "./tones.js";
import * as voice from "./voice.js";

const REASONS = { damaged_code: 1, several_items: 1, needs_network: 1 }; // sentences of the page for what the device finds alone
const TONE = { accepted: "good", refused: "bad", already: "info" };
const SHORT_NUMBER = /^\d{1,4}$/; // what stands in the code field when a scan comes: how many of it

class Station {
  constructor(root) {
    this.root = root;
    this.set = root.dataset;
    this.word = this.word.bind(this);
    const { api, warehouse, kind, zone } = this.set;
    const about = { api, warehouse, kind, zone, username: username(), language: document.documentElement.lang.slice(0, 2) };
    this.snapshot = new Snapshot(about);
    this.courier = new Courier({ ...about, snapshot: this.snapshot });
    this.handover = new Handover(this);
    this.eye = new Eye(this);
    this.reading = new Reading((code) => this.courier.resolve(code));
    this.root.querySelector(".filter-chips [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    this.turn = this.begin();
    this.listen();
    const asked = new URLSearchParams(location.search);
    if (asked.get("correct")) this.then(() => this.handover.correct(asked.get("correct")));
    if (asked.get("code")) this.scan(asked.get("code"));
    if (matchMedia("(pointer: fine)").matches) this.part("code").focus({ preventScroll: true });
  }

  /** What this device kept lies on the table again; then what it needs without network is brought up to date. */
  async begin() {
    const isPresent = await present();
    await clock.ready;
    const name = `${this.set.warehouse}:${this.set.kind}`;
    const kept = isPresent ? await satchel.readValue(username(), "table", name) : null;
    const keeper = isPresent ? (value) => satchel.keepSurely(username(), "table", name, value) : () => Promise.reject(new Error("No key"));
    this.tally = new Tally(name, this.set.kind, this.today(), kept, keeper);
    this.lines = new Lines({ list: this.part("lines"), template: this.part("line"), tally: this.tally, word: this.word });
    this.restoreHead();
    this.draw();
    this.root.dataset.ready = "";
    if (isPresent) this.stockUp();
    hear((news) => this.handover.hear(news));
  }

  stockUp() {
    this.snapshot.refresh().catch(() => {});
    keepPages(this.root.querySelectorAll(".filter-chips a, [data-keep-page]"), document.documentElement.lang).catch(() => {});
    window.addEventListener("online", () => this.snapshot.refresh().catch(() => {}));
  }

  /** The business day, by the house's clock, whatever this device's says. */
  today() {
    return clock.today(this.set.zone);
  }

  /** One after the other, so that two codes in one burst keep their order. */
  then(act) {
    this.turn = this.turn.then(act).catch(() => this.banner("refused", this.word("unanswered")));
    return this.turn;
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  /** A sentence of the template, its {places} filled in. */
  word(name, values = {}) {
    return this.part("words").querySelector(`[data-word="${name}"]`).textContent.trim().replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  }

  listen() {
    const onBurst = (burst) => {
      const times = this.times();
      this.takeAll(() => this.reading.of(burst, times));
    };
    listenToKeys(onBurst);
    listenToText(this.part("code"), onBurst);
    this.root.addEventListener("pointerdown", wake, { once: true });
    voice.whenAble(() => { this.part("spoken").hidden = false; });
    this.part("entry").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = this.part("code");
      if (field.value.trim()) this.scan(field.value.trim());
      field.value = "";
      field.focus();
    });
    const lines = this.part("lines");
    lines.addEventListener("click", (event) => this.onLine(event));
    lines.addEventListener("change", (event) => this.onField(event));
    lines.addEventListener("focusin", (event) => event.target.select?.());
    lines.addEventListener("keydown", (event) => this.onEnter(event));
    this.root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act) this[act]?.(event.target.closest("[data-act]"));
    });
    this.part("head").addEventListener("picked", () => this.keepHead());
    this.part("head").addEventListener("change", () => this.keepHead());
  }

  // – what stands on the paper beside its lines -----------------------------------------------------------------------

  heads() {
    return [...this.part("head").querySelectorAll("input[name], select[name], textarea[name]")];
  }

  keepHead() {
    for (const field of this.heads()) this.tally.setHead(field.name, field.value);
    this.draw();
  }

  restoreHead() {
    this.setDay();
    for (const field of this.heads()) {
      const kept = this.tally.head[field.name];
      if (kept && !(field.name === "on" && kept > this.today())) field.value = kept;
    }
  }

  clearHead() {
    for (const field of this.heads()) field.value = "";
    this.setDay();
  }

  /** The page may be days old. */
  setDay() {
    const field = this.root.querySelector("[name=on]");
    this.tally.today = field.value = field.max = this.today();
  }

  // – scanning ------------------------------------------------------------------------------------------------------

  /** "5", then a scan: five of it. The number leaves the field. */
  times() {
    const field = this.part("code");
    const asked = field.value.trim();
    if (!SHORT_NUMBER.test(asked) || Number(asked) === 0) return 1n;
    field.value = "";
    return BigInt(asked);
  }

  /** A code that is whole: typed, or brought by an address. */
  scan(code) {
    return this.then(async () => this.take({ code, answer: await this.courier.resolve(code), times: 1n, instead: [] }));
  }

  /** What a scanner or the eye brought: `reads` gives it when its turn has come. */
  takeAll(reads) {
    sound("read");
    return this.then(async () => {
      for (const read of await reads()) await this.take(read);
    });
  }

  async take({ code, answer, times, instead }) {
    if (this.handover.isShown) this.next();
    for (const part of instead) this.tally.dropUnknown(nameOf(part));
    if (answer.is === "unanswered") return this.banner("refused", this.word("unanswered"));
    if (!answer.isGood && answer.status !== 404) return this.refusedAnswer(answer);
    const found = answer.isGood ? readAnswer(answer.body) : { kind: "unknown" };
    if (found.kind === "details") return this.takeDetails(found);
    if (found.lot && found.item.hasExpiry) await this.seeOtherLots(found);
    if (found.kind === "place") return this.takePlace(found);
    if (found.kind === "goods") return this.takeGoods(found, times);
    if (found.kind === "paper") return this.banner("already", this.word("paper", { number: found.number }), "", this.set.papers + encodeURIComponent(found.id));
    const named = nameOf({ code, answer });
    const isAgain = this.tally.noteUnknown(named);
    await this.tally.kept;
    const why = found.asOf ? this.word(found.reason in REASONS ? found.reason : "notHere", { code: named }) : found.detail;
    this.banner(isAgain ? "already" : "refused", why || this.word("unknown", { code: named }));
    return this.draw();
  }

  /** A lot's label tells of that lot; whether another expires earlier, its item tells. */
  async seeOtherLots(found) {
    const answer = await this.courier.resolve(found.item.code);
    const all = answer.isGood ? readAnswer(answer.body) : null;
    if (all?.item?.code === found.item.code) Object.assign(found, { balances: all.balances, onHand: all.onHand, available: all.available });
  }

  refusedAnswer(answer) {
    const door = answer.status === 401 ? `${this.set.signIn}${encodeURIComponent(location.pathname + location.search)}` : "";
    this.banner("refused", answer.body?.detail || answer.body?.title || this.word("unanswered"), "", door);
  }

  async takePlace(place) {
    if (place.warehouse && place.warehouse !== this.set.warehouse) return this.banner("refused", this.word("elsewhere", { name: place.name }));
    const isTarget = this.tally.takePlace({ code: place.code, name: place.name });
    this.draw();
    await this.tally.kept;
    return this.banner("accepted", this.word(isTarget ? "placedTo" : "placed", { name: place.name }));
  }

  async takeGoods(found, times) {
    if (!this.tally.place) return this.banner("refused", this.word("placeFirst"));
    if (this.tally.isExpired(found)) return this.banner("refused", this.word("expired", { name: found.item.name }));
    const { line, isAgain } = this.tally.add(found, times);
    this.draw();
    await this.tally.kept; // on the disk before it is acknowledged
    const isSingleAgain = isAgain && found.item.tracking !== "none" && found.item.tracking !== "lot";
    if (isSingleAgain) return this.banner("already", this.word("already", { name: line.item.name }));
    if (this.tally.isShort(line) && !line.asOf) return this.banner("refused", this.lines.short(line), this.lines.change(line));
    this.sayBalance(line);
    if (found.isLabelOld) return this.banner("already", this.word("oldLabel", { name: line.item.name }), this.lines.change(line));
    if (found.note) return this.banner("already", found.note, this.lines.change(line));
    return this.banner("accepted", line.item.name, this.lines.change(line));
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

  /** Says by tone, vibration and words the same thing, in a room of its own: nothing jumps, nothing is covered. */
  banner(name, words, change = "", href = "") {
    sound(name);
    const banner = this.part("banner");
    banner.className = `banner is-${TONE[name]}`;
    banner.querySelector(".words").textContent = words;
    banner.querySelector(".change").textContent = change;
    const door = banner.querySelector("a");
    door.hidden = !href;
    if (href) door.href = href;
    banner.querySelectorAll("[data-sign]").forEach((sign) => sign.toggleAttribute("hidden", sign.dataset.sign !== name));
    this.part("announce").textContent = `${words} ${change.replace(/[←→]/, this.word("to"))}`;
  }

  look(button) {
    return this.eye.turn(button);
  }

  torch(button) {
    this.eye.torch(button);
  }

  quiet(button) {
    setSilent(!isSilent());
    button.setAttribute("aria-pressed", String(isSilent()));
  }

  speak(button) {
    voice.setSpoken(!voice.isSpoken());
    button.setAttribute("aria-pressed", String(voice.isSpoken()));
  }

  /** For a warehouse without labels on its shelves: its own default place. */
  anyPlace() {
    this.takePlace({ code: null, name: this.word("defaultPlace") });
  }

  changePlace() {
    this.tally.forgetPlace(false);
    this.draw();
  }

  changeTarget() {
    this.tally.forgetPlace(true);
    this.draw();
  }

  // – lines ---------------------------------------------------------------------------------------------------------

  onLine(event) {
    const id = event.target.closest("[data-line]")?.dataset.line;
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (!id || !act || this.isPosting) return;
    if (act === "more") this.tally.step(id, 1n);
    if (act === "less") this.tally.step(id, -1n);
    if (act === "split") this.tally.split(id);
    if (act === "remove") this.tally.remove(id);
    this.draw();
    if (act === "remove") (this.part("lines").querySelector("[data-do=remove]") ?? this.part("code")).focus();
  }

  onField(event) {
    const line = this.tally.line(event.target.closest("[data-line]")?.dataset.line);
    if (!line || this.isPosting) return;
    const name = event.target.closest("[data-field-of]")?.dataset.fieldOf;
    const text = event.target.value.trim();
    const changes = name ? this.readField(name, text, line) : this.readQuantity(text, line);
    if (changes) this.tally.set(line.id, changes);
    else event.target.value = name ? "" : quantity.typed(line.quantity);
    this.draw();
  }

  readQuantity(text, line) {
    const amount = quantity.parse(text, line.item.decimals);
    if (amount) return { quantity: amount };
    this.banner("refused", this.word(line.item.decimals ? "badQuantity" : "wholeOnly", { name: line.item.name }));
    return null;
  }

  readField(name, text, line) {
    if (name === "number") return { lot: text || null };
    if (name === "lot") return { lot: text || null, expiresOn: line.balances?.find((one) => one.lot === text)?.expiresOn ?? line.expiresOn };
    if (name !== "first" && name !== "last" && name !== "cost") return { [name]: text || null };
    const read = name === "cost" ? quantity.price(text) : quantity.whole(text);
    if (read !== null) return { [name]: read };
    this.banner("refused", this.word("notANumber", { text }));
    return null;
  }

  /** Enter goes to the next field of the line, then back to the code: the whole paper without a mouse. */
  onEnter(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.nodeName !== "INPUT") return;
    event.preventDefault();
    const fields = [...event.target.closest("[data-line]").querySelectorAll("input")].filter((one) => one.offsetParent);
    (fields[fields.indexOf(event.target) + 1] ?? this.part("code")).focus();
  }

  dropUnknown(button) {
    this.tally.dropUnknown(button.dataset.code);
    this.draw();
  }

  draw() {
    const { tally } = this;
    this.drawPlace("place", tally.place);
    if (tally.isMoving) this.drawPlace("target", tally.target);
    this.lines.draw();
    this.part("empty").hidden = tally.lines.length > 0;
    this.part("unknown").hidden = tally.unknown.length === 0;
    this.drawUnknowns();
    this.part("count").textContent = String(tally.lines.length);
    this.part("countWord").textContent = this.word(tally.lines.length === 1 ? "line" : "lines");
    const blocker = this.blocker();
    this.part("post").disabled = this.isPosting || !tally.lines.length || Boolean(blocker);
    this.drawAge();
    this.part("blocker").textContent = blocker;
    this.part("silent").setAttribute("aria-pressed", String(isSilent()));
    this.part("spoken").setAttribute("aria-pressed", String(voice.isSpoken()));
  }

  drawPlace(name, place) {
    const chip = this.part(name);
    chip.classList.toggle("is-set", Boolean(place));
    chip.querySelector(".name").textContent = place?.name ?? this.word(name === "place" ? "placeFirst" : "targetNext");
    chip.querySelectorAll("[data-when]").forEach((one) => { one.hidden = (one.dataset.when === "set") !== Boolean(place); });
  }

  /** Balances that this device told by itself say of when they are. */
  drawAge() {
    const told = this.tally.lines.map((line) => line.asOf).filter(Boolean);
    const note = this.part("asOf");
    note.hidden = !told.length;
    if (told.length) note.querySelector("[data-words]").textContent = this.word("asOf", { moment: moment(Math.min(...told), this.set.zone), age: age(Math.min(...told), clock.now()) });
  }

  /** Why Post is not ready, in words; empty when it is. */
  blocker() {
    const { tally } = this;
    if (!tally.lines.length) return "";
    if (tally.unknown.length) return this.word("unknownLeft");
    if (tally.lines.some((line) => tally.isShort(line) && !line.asOf)) return this.word("shortLeft"); // an old balance warns only
    const missing = tally.lines.flatMap((line) => tally.missing(line));
    if (missing.some((name) => name !== "target")) return this.word("fieldsLeft");
    if (missing.length) return this.word("targetNext");
    return this.party() ? "" : this.word("partyFirst");
  }

  /** Only when they changed: a button under a finger is never drawn anew. */
  drawUnknowns() {
    const codes = this.tally.unknown.join("\n");
    if (codes === this.unknownDrawn) return;
    this.unknownDrawn = codes;
    this.part("unknownList").replaceChildren(...this.tally.unknown.map((code) => this.drawUnknown(code)));
  }

  drawUnknown(code) {
    const shown = this.part("unknownLine").content.firstElementChild.cloneNode(true);
    shown.querySelector("bdi").textContent = code;
    shown.querySelector("button").dataset.code = code;
    const door = shown.querySelector("a");
    if (door) door.href = `${door.getAttribute("href")}${encodeURIComponent(code)}`;
    return shown;
  }

  // – posting -------------------------------------------------------------------------------------------------------

  /** The other side of the paper, as the API names it: {"target": {"service": "BH-ANFA"}}; null while it is not chosen. */
  party() {
    const { side, party } = this.set;
    if (!party) return {};
    const value = this.root.querySelector(`[name="${party}"]`)?.value;
    return value ? { [side]: { [party]: value } } : null;
  }

  /** Asks once, in words. */
  ask() {
    this.part("question").textContent = this.word("confirm", { count: this.tally.lines.length });
    this.part("confirm").showModal();
  }

  post() {
    return this.handover.post();
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
