// A keyboard scanner types a code as a person would, only faster.
//
// What is quick and what is silence is told by the keys' own time, which is right however busy this computer is. A burst ends
// with Enter; without one, when nothing more comes: at once if the check of its code says that it is whole, else later. That
// nothing comes, a timer tells, and it may be wrong: a key can be on its way for longer. So what a timer closed goes on when
// the own time of the next key says that it was quick.
import { isWhole } from "./codes.js";
import { Keys } from "./keys.js";

const GAP = 50; // ms between two keys of one burst; a person needs about 100
const SILENCE = 130; // ms that end a code which is whole
const PATIENCE = 600; // ms for the rest of one that may not be: radios divide codes
/** ms in which the parts of one code come, and for which a scanner that always sends Enter is waited for. */
export const TOGETHER = 2000;
const STEP = 26; // silence is counted in steps: a computer that was busy counts one, and reads the keys that wait
const SHORTEST = 4;
const SURE = 3; // quick keys after which it is a scanner, and a hiccup of its radio no longer divides the code
const FEW = 3; // of the short runs before a burst that may be its beginning
const LACKING = 3; // bursts without Enter, one after the other, after which it is no longer waited for
const SETTING = "scanner:enter";

/** Whether the scanner of this device ends its codes with Enter; undefined until it was seen. */
const Enter = {
  get isSent() {
    return { 1: true, 0: false }[localStorage.getItem(SETTING)];
  },
  learn(isSent) {
    if (isSent !== this.isSent) localStorage.setItem(SETTING, isSent ? "1" : "0");
  },
};

const joined = (runs) => runs.map((run) => run.physical).join("");

class Run {
  /** Keys without a pause, and the field they had reached before we knew that nobody types. */
  constructor(event) {
    const field = document.activeElement;
    this.field = field?.matches?.("input, textarea") ? field : null;
    Object.assign(this, { physical: "", typed: "", held: "", value: this.field?.value ?? "", begunAt: event.timeStamp, last: event.timeStamp });
  }

  add(event, { physical, typed }) {
    this.physical += physical;
    this.typed += typed;
    this.last = event.timeStamp;
    if (this.physical.length < SURE) return;
    event.preventDefault();
    this.held += typed;
  }

  /** Whether a key of that time is its next. */
  isQuick(now) {
    return now - this.last < (this.physical.length >= SURE ? SILENCE : GAP);
  }

  /** It was a scanner: the field gets its own text back. */
  restore() {
    if (!this.field?.isConnected || this.field.value === this.value) return;
    this.field.value = this.value;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** It was a person after all, with quick fingers: what we held back is written where it was meant. */
  release() {
    const { field, held } = this;
    this.after = field?.value;
    this.held = "";
    if (!held || !field?.isConnected || field !== document.activeElement || field.readOnly) return;
    if (field.setRangeText && field.selectionStart !== null) field.setRangeText(held, field.selectionStart, field.selectionEnd, "end");
    else field.value += held;
    this.after = field.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** No person's either, from this run to the last: the first characters of a code, as we know now. They leave the field,
   *  unless it was changed meanwhile; `isTaken`: they were taken from it, for a number. */
  withdraw(last, isTaken) {
    if (this.field?.value === (isTaken ? "" : last.after)) this.restore();
  }
}

class Listener {
  #found;
  #run = null; // the keys that come now
  #parts = []; // runs of the same burst before them
  #leads = []; // short runs before it, which seemed to be a person's
  #open = null; // the last run of what was handed on without Enter
  #mayBeLate = false; // whether its Enter may still come
  #lacking = 0;
  #timer = 0;
  #keys = new Keys();

  constructor(found) {
    this.#found = found;
  }

  /** A keydown or keyup. */
  hear(event) {
    const said = this.#keys.read(event);
    if (said) this.#resume(event);
    if (said?.end) this.#onEnd(event, said.end);
    else if (said?.isPart && this.#run?.isQuick(event.timeStamp)) this.#run.last = event.timeStamp;
    else if (said && !said.isPart) this.#add(event, said);
  }

  /** A key that was late: the run to which it belongs was taken for a person's, since nothing came. */
  #resume(event) {
    if (!this.#run && this.#leads.at(-1)?.isQuick(event.timeStamp)) this.#run = this.#leads.pop();
  }

  #add(event, said) {
    if (this.#run && !this.#run.isQuick(event.timeStamp)) this.#close();
    this.#run ??= new Run(event);
    this.#run.add(event, said);
    this.#wait(this.#patience());
  }

  #onEnd(event, end) {
    if (!this.#run && end !== "Enter" && end !== "Tab") return; // a person's Ctrl+J
    const now = event.timeStamp;
    const isPart = this.#run && (this.#isBurst(this.#run) || (this.#isContinuing(this.#run) && now - this.#run.last < GAP));
    const isLate = !this.#run && !this.#leads.length && this.#isOpen(now, this.#mayBeLate ? TOGETHER : GAP); // its code was taken without it
    if (isPart || isLate) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else this.#close();
    if (isPart) this.#take();
    if (isPart || isLate) Enter.learn(true);
    if (isPart || this.#parts.length) this.#end(isPart);
    if (isLate) this.#open = null;
    this.#leads = []; // nothing goes on after an end
  }

  #isBurst(run) {
    return run.physical.length >= SHORTEST;
  }

  /** The last characters of a divided code may be few. */
  #isContinuing(run) {
    return this.#parts.length > 0 || this.#isOpen(run.begunAt);
  }

  /** One key alone may be a person's, but not when it was quick, nor while the code before it may lack something. */
  #isRest(run) {
    if (run.physical.length > 1 || this.#open?.isQuick(run.begunAt)) return this.#isContinuing(run);
    return this.#parts.length > 0 && (!isWhole(joined(this.#parts)) || isWhole(joined([...this.#parts, run])));
  }

  #isOpen(now, within = TOGETHER) {
    return this.#open !== null && now - this.#open.last < within;
  }

  #take() {
    this.#run.restore();
    this.#parts.push(this.#run);
    this.#run = null;
  }

  /** The keys that came are a scanner's or a person's. */
  #close() {
    if (!this.#run) return;
    if (this.#isBurst(this.#run) || this.#isRest(this.#run)) return this.#take();
    this.#run.release();
    this.#leads = [...this.#leads, this.#run].slice(-FEW);
    this.#run = null;
  }

  #patience() {
    const code = joined([...this.#parts, this.#run]);
    if (code.length < SHORTEST) return SILENCE;
    if (Enter.isSent) return TOGETHER;
    return isWhole(code) ? SILENCE : PATIENCE;
  }

  #wait(left) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (left > STEP ? this.#wait(left - STEP) : this.#onSilence()), STEP);
  }

  #onSilence() {
    this.#close();
    if (this.#parts.length) this.#end(false);
  }

  #end(hasEnter) {
    clearTimeout(this.#timer);
    const parts = this.#parts.map((part) => ({ physical: part.physical, typed: part.typed }));
    const last = this.#parts[parts.length - 1];
    const [begunAt, endedAt] = [this.#parts[0].begunAt, last.last];
    this.#mayBeLate = !hasEnter && Enter.isSent !== false;
    this.#lacking = hasEnter ? 0 : this.#lacking + 1;
    if (!hasEnter && (isWhole(joined(parts)) || this.#lacking >= LACKING)) Enter.learn(false);
    const leads = this.#leads.filter((run) => run.last < begunAt && begunAt - run.last < TOGETHER);
    this.#leads = [];
    this.#parts = [];
    this.#open = hasEnter ? null : last;
    this.#found({ leads, parts, begunAt, endedAt, hasEnter });
  }
}

/** Listens to the whole page; calls found({leads, parts, begunAt, endedAt, hasEnter}) for each burst: its text in the parts in which
 *  it came, {physical, typed} each; times in ms of the keys' own clock; `leads`: what was typed just before, to be withdrawn if
 *  it proves to be the code's beginning. Returns a function that stops it. */
export function listenToKeys(found) {
  const listener = new Listener(found);
  const onKey = (event) => listener.hear(event);
  for (const name of ["keydown", "keyup"]) document.addEventListener(name, onKey, true);
  return () => ["keydown", "keyup"].forEach((name) => document.removeEventListener(name, onKey, true));
}

/** Codes that come into a field without keys: of several lines pasted each is one; what a scanner's own program writes in one
 *  go is taken when its check says that it is whole, else with Enter as if typed. Calls found as above. */
export function listenToText(field, found) {
  const give = (text, event) => {
    event.preventDefault();
    found({ leads: [], parts: [{ physical: text, typed: text }], begunAt: event.timeStamp, endedAt: event.timeStamp, hasEnter: true });
  };
  field.addEventListener("paste", (event) => {
    const lines = (event.clipboardData?.getData("text/plain") ?? "").split(/[\r\n]+/).map((line) => line.trim()).filter(Boolean);
    if (lines.length > 1) for (const line of lines) give(line, event);
  });
  field.addEventListener("beforeinput", (event) => {
    const text = event.inputType === "insertText" ? (event.data ?? "").trim() : "";
    if (text.length >= SHORTEST && isWhole(text)) give(text, event);
  });
}
