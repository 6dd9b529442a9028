// The page on which a keyboard scanner is tried: what it sends, what this computer's keyboard makes of it, and whether it is
// set as it should be. It hears every key by itself, also of a scanner too slow for the station to know as one.
import { isTradeNumber, readOwn } from "./codes.js";
import { GROUP_SEPARATOR, Keys } from "./keys.js";
import { separated } from "./trade.js";

const SILENCE = 1500; // ms after which no more is awaited
const SHORTEST = 4;
const PERSON = 50; // ms between keys from which the station takes the first of them for a person's,
const SLOW = 130; // and the rest for another code
const PREFIX = /^\][A-Za-z]\d/;
const WORST = ["bad", "warn", "info", "good"];

class Trial {
  #keys = new Keys();
  #heard = [];
  #timer = 0;

  constructor(root) {
    this.root = root;
    const texts = [...this.part("texts").children].map((one) => [one.dataset.text, one.textContent.replace("{GS}", GROUP_SEPARATOR)]);
    this.texts = Object.fromEntries(texts);
    for (const name of ["keydown", "keyup"]) document.addEventListener(name, (event) => this.hear(event), true);
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  word(name, values = {}) {
    return this.part("words").querySelector(`[data-word="${name}"]`).textContent.trim().replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  }

  hear(event) {
    const said = this.#keys.read(event);
    const isElsewhere = event.target.closest?.("input, textarea, select, dialog");
    if (!said || said.isPart || isElsewhere) return;
    if (said.end && !this.#heard.length) return; // a person goes through the page
    if (said.physical && said.physical !== " ") event.preventDefault(); // no shortcut of the page answers
    if (said.end) event.preventDefault();
    else this.#heard.push({ ...said, at: event.timeStamp });
    clearTimeout(this.#timer);
    if (said.end) this.tell(said.end);
    else this.#timer = setTimeout(() => this.tell(""), SILENCE);
  }

  tell(end) {
    const heard = this.#heard;
    this.#heard = [];
    if (heard.length < SHORTEST) return;
    const sent = { physical: heard.map((one) => one.physical).join(""), typed: heard.map((one) => one.typed).join(""), end, ...paces(heard) };
    this.part("nothing").hidden = true;
    this.part("said").hidden = false;
    this.part("sent").replaceChildren(...this.spelled(sent.physical, end));
    this.part("typed").replaceChildren(...this.spelled(sent.typed, ""));
    const findings = this.findings(sent);
    this.part("findings").replaceChildren(...findings.map(([tone, words]) => this.drawn(tone, words)));
    const isPerson = sent.first >= PERSON && !end;
    const tone = isPerson ? "warn" : WORST.find((one) => findings.some(([found]) => found === one));
    this.sign(this.part("verdict"), tone, this.word(isPerson ? "verdictPerson" : `verdict${tone[0].toUpperCase()}${tone.slice(1)}`));
    this.part("verdict").className = `banner is-${tone}`;
  }

  findings(sent) {
    const pause = Math.round(Math.max(sent.first, sent.slowest));
    const isSlow = sent.first >= PERSON || sent.slowest >= SLOW;
    const prefix = PREFIX.exec(sent.physical)?.[0];
    return [
      this.keys(sent),
      isSlow ? ["bad", this.word("paceBad", { pause })] : ["good", this.word("paceGood", { pause })],
      sent.end === "Tab" ? ["good", this.word("endTab")] : sent.end ? ["good", this.word("endEnter")] : ["warn", this.word("endNone")],
      ...this.separator(sent),
      ...(prefix ? [["good", this.word("prefix", { prefix })]] : []),
    ];
  }

  /** Whether the characters are right, as far as the code that was read can tell. */
  keys({ physical, typed }) {
    const [plain, made] = [physical, typed].map((text) => text.replace(PREFIX, ""));
    const all = [...Object.values(this.texts), this.texts.gs1.replace(GROUP_SEPARATOR, "")].map(separated);
    const known = (text) => all.includes(separated(text));
    if (separated(plain) === separated(this.texts.text)) return ["good", this.word("keysGood")];
    if (known(plain)) return ["info", this.word("keysUntold")];
    if (known(exchanged(plain))) return ["warn", this.word("keysCase")];
    if (known(made)) return ["warn", this.word("keysLayout")];
    const isWhole = (text) => readOwn(text)?.kind && readOwn(text).kind !== "damaged";
    if (isWhole(plain)) return ["good", this.word("keysGood")];
    if (isTradeNumber(plain)) return ["info", this.word("keysDigits")];
    if (isWhole(made) || isTradeNumber(made)) return ["warn", this.word("keysLayout")];
    return this.isTrial(plain, made) ? ["bad", this.word("keysBad")] : ["info", this.word("keysUntold")];
  }

  /** One of the trial codes, though garbled: as long as it, and here and there the same. */
  isTrial(...sent) {
    const isLike = (text, one) => text.length === one.length && [...text].filter((sign, place) => sign === one[place]).length * 4 > one.length;
    return Object.values(this.texts).some((one) => sent.some((text) => isLike(text, one)));
  }

  separator({ physical, typed }) {
    const whole = this.texts.gs1;
    const bare = whole.replace(GROUP_SEPARATOR, "");
    const texts = [physical, typed].map((text) => text.replace(PREFIX, ""));
    if (texts.some((text) => separated(text) === separated(whole))) return [["good", this.word("separatorGood")]];
    return texts.includes(bare) ? [["bad", this.word("separatorBad")]] : [];
  }

  /** A text sign by sign; what cannot be seen has a name. */
  spelled(text, end) {
    const shown = [...text].map((sign) => {
      const name = sign === GROUP_SEPARATOR ? "GS" : sign === " " ? this.word("space") : "";
      return name ? this.named(name) : document.createTextNode(sign);
    });
    return end ? [...shown, this.named(end)] : shown;
  }

  named(name) {
    const shown = document.createElement("kbd");
    shown.textContent = name;
    return shown;
  }

  drawn(tone, words) {
    const shown = this.part("finding").content.firstElementChild.cloneNode(true);
    shown.classList.add(`is-${tone}`);
    this.sign(shown, tone, words);
    return shown;
  }

  sign(shown, tone, words) {
    shown.querySelector(".words").textContent = words;
    shown.querySelectorAll("[data-sign]").forEach((one) => one.toggleAttribute("hidden", one.dataset.sign !== tone));
  }
}

/** The first pause, which decides whether the station sees a scanner, and the longest, in ms. */
function paces(heard) {
  const pauses = heard.slice(1).map((one, place) => one.at - heard[place].at);
  return { first: Math.max(...pauses.slice(0, 2)), slowest: Math.max(...pauses) };
}

const exchanged = (text) => [...text].map((sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase())).join("");

document.querySelectorAll("[data-trial]").forEach((root) => new Trial(root));
