// Where codes come in, on every page of the station: keys of a scanner, the typed field, the camera, a picture. One after the
// other, and each is answered by tone, vibration and words. What a code does is the page's own: `take`.
import { age, moment } from "./age.js";
import * as clock from "./clock.js";
import { Courier } from "./courier.js";
import { Eye } from "./eye.js";
import { readAnswer } from "./finding.js";
import { keepPages } from "./larder.js";
import { username, word } from "./page.js";
import { present } from "./presence.js";
import { Reading } from "./reading.js";
import { listenToKeys, listenToText } from "./scanner.js";
import { Snapshot } from "./snapshot.js";
import { isSilent, setSilent, sound, wake } from "./tones.js";

const TONE = { accepted: "good", refused: "bad", already: "info" };
const REASONS = { damaged_code: 1, several_items: 1, needs_network: 1 }; // sentences of the page for what the device finds alone

export class Intake {
  constructor(root) {
    this.root = root;
    this.set = root.dataset;
    this.word = this.word.bind(this);
    const { api, warehouse, kind, zone } = this.set;
    const about = { api, warehouse, kind, zone, username: username(), language: document.documentElement.lang.slice(0, 2) };
    this.snapshot = new Snapshot(about);
    this.courier = new Courier({ ...about, snapshot: this.snapshot });
    this.eye = new Eye(this);
    this.reading = new Reading((code) => this.meaning(code), () => this.typedBefore());
    this.turn = this.open();
    this.hearCodes();
    this.takeAsked();
    if (matchMedia("(pointer: fine)").matches) this.part("code").focus({ preventScroll: true });
  }

  async open() {
    const isPresent = await present();
    await clock.ready;
    await this.begin(isPresent);
    this.part("silent")?.setAttribute("aria-pressed", String(isSilent()));
    this.root.dataset.ready = "";
    if (isPresent) this.stockUp();
  }

  /** The page's own beginning. `isPresent`: what this device keeps can be read. */
  async begin() {}

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

  hearCodes() {
    const onBurst = (burst) => {
      const number = this.typedBefore();
      this.takeAll(() => this.reading.of(burst, number));
    };
    listenToKeys(onBurst);
    listenToText(this.part("code"), onBurst);
    this.root.addEventListener("pointerdown", wake, { once: true });
    this.part("entry").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = this.part("code");
      const typed = field.value.trim();
      field.value = "";
      field.focus();
      if (typed) this.enter(typed);
    });
    this.root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act) this[act]?.(event.target.closest("[data-act]"));
    });
  }

  /** What a person typed into the field and sent off. */
  enter(typed) {
    return this.scan(typed);
  }

  /** A number that stands in the field before a scan; none unless the page counts. */
  typedBefore() {
    return "";
  }

  /** A code that is whole: typed, or brought by an address. */
  scan(code) {
    const number = this.typedBefore();
    return this.then(async () => this.take({ code, answer: await this.meaning(code), number, instead: [] }));
  }

  /** What a scanner or the eye brought: `reads` gives it when its turn has come. */
  takeAll(reads) {
    sound("read");
    return this.then(async () => {
      for (const read of await reads()) await this.take(read);
    });
  }

  /** What a code means, as this page asks it. */
  meaning(code) {
    return this.courier.resolve(code);
  }

  /** A code that the address brings counts once, however often the page is loaded again. */
  takeAsked() {
    const address = new URL(location.href);
    const code = address.searchParams.get("code")?.trim();
    if (!address.searchParams.has("code")) return;
    address.searchParams.delete("code");
    history.replaceState(null, "", address);
    if (code) this.scan(code);
  }

  /** What was found, of such an answer. */
  found(answer) {
    return readAnswer(answer.body);
  }

  /** Says why there is no answer; false when there is one. */
  isRefused(answer) {
    if (answer.is === "unanswered") this.banner("refused", this.word("unanswered"));
    else if (!answer.isGood && answer.status !== 404) this.refusedAnswer(answer);
    else return false;
    return true;
  }

  refusedAnswer(answer) {
    if (answer.status !== 401) return this.banner("refused", answer.body?.detail || answer.body?.title || this.word("unanswered"));
    const back = encodeURIComponent(location.pathname + location.search);
    return this.banner("refused", this.word("signedOut"), "", { href: this.set.signIn + back, label: word("signIn") });
  }

  /** Why nothing bears a code, as the house says it, or this device alone. */
  whyUnknown(found, code) {
    const why = found.asOf ? this.word(found.reason in REASONS ? found.reason : "notHere", { code }) : found.detail;
    return why || this.word("unknown", { code });
  }

  /** "Balances of 25/11 10:42, 10 min ago: nobody answers now." */
  agedWords(at) {
    return this.word("asOf", { moment: moment(at, this.set.zone), age: age(at, clock.now()) });
  }

  /** Says by tone, vibration and words the same thing, in a room of its own: nothing jumps, nothing is covered.
   *  `door`: {href, label} of the way on. */
  banner(name, words, change = "", door = null) {
    sound(name);
    const banner = this.part("banner");
    banner.className = `banner is-${TONE[name]}`;
    banner.querySelector(".words").textContent = words;
    banner.querySelector(".change").textContent = change;
    const way = banner.querySelector("a");
    way.hidden = !door;
    if (door) Object.assign(way, { href: door.href, textContent: door.label });
    banner.querySelectorAll("[data-act]").forEach((one) => { one.hidden = true; });
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
}
