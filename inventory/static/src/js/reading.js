// What a burst of keys says. It may be a code, the half of one, or two: what the house knows decides, and check characters.
import { divisions } from "./codes.js";
import { TOGETHER } from "./scanner.js";

const MOST_PARTS = 4;
const MOST_WAYS = 4;

export class Reading {
  #open = { parts: [], endedAt: -Infinity }; // told unknown a moment ago, and perhaps the beginning of what comes

  /** @param {function} ask what a code means: the courier's answer
   *  @param {function} takeNumber from the field, where a person typed it: "" when there is none */
  constructor(ask, takeNumber) {
    Object.assign(this, { ask, takeNumber });
  }

  /** The codes of a burst in their order: {code, answer, number, instead}; `instead`: those read before, that were parts of it.
   *  A number typed before a burst counts for its first code; so it does when the code began with keys that seemed typed. */
  async of({ leads, parts, begunAt, endedAt, hasEnter }, number) {
    let before = begunAt - this.#open.endedAt < TOGETHER ? this.#open.parts : [];
    const come = [];
    for (const part of parts) come.push({ ...(await this.#resolve(part)), number: come.length ? "" : number });
    const seeming = leads.map((lead) => ({ ...come[0], physical: lead.physical, typed: lead.typed, code: lead.physical, lead }));
    if (isUnknown(come[0].answer)) before = [...before, ...seeming];
    const { reads, left } = await this.#read([...before, ...come], before);
    this.#open = { parts: hasEnter ? [] : left.slice(-MOST_PARTS), endedAt };
    const begun = reads[0].instead.flatMap((part) => part.lead ?? []);
    if (begun.length) reads[0].number = this.#numberBefore(begun, reads[0].number);
    return reads;
  }

  /** The number typed before the first keys of a code: the field held both, and may have been taken for one number. */
  #numberBefore(leads, number) {
    const last = leads[leads.length - 1];
    const isTheirs = number === last.after?.trim();
    leads[0].withdraw(last, isTheirs);
    return number && !isTheirs ? number : this.takeNumber();
  }

  /** The physical keys count; what the keyboard made of them only where those mean nothing. */
  async #resolve({ physical, typed }) {
    const answer = await this.ask(physical);
    if (!typed || typed === physical || !isUnknown(answer)) return { code: physical, physical, typed, answer };
    const other = await this.ask(typed);
    return isUnknown(other) ? { code: physical, physical, typed, answer } : { code: typed, physical, typed, answer: other };
  }

  /** Parts that all mean something are codes; else the longest run of them that does is one. `left`: unknown ones at the end. */
  async #read(asked, before) {
    if (asked.every((part) => !isUnknown(part.answer))) return { reads: asked.map((part) => ({ ...part, instead: [] })), left: [] };
    const reads = [];
    let left = [];
    for (let from = 0; from < asked.length; ) {
      const run = await this.#run(asked, from, before.length);
      const divided = !run && from >= before.length ? await this.#divided(asked[from]) : [];
      if (run) run.reads[0].instead = before.slice(from, run.end);
      reads.push(...(run ? run.reads : divided));
      left = run || divided.length > 1 ? [] : [...left, asked[from]];
      from = run ? run.end : from + 1;
    }
    return { reads, left };
  }

  /** The longest run of parts from one on that means something; what was told before, alone, was tried then. */
  async #run(asked, from, told) {
    for (let end = asked.length; end > from && end > told; end--) {
      const parts = asked.slice(from, end);
      const reads = parts.length === 1 ? [{ ...parts[0], instead: [] }] : await this.#joined(parts);
      if (reads.every((read) => !isUnknown(read.answer))) return { reads, end };
    }
    return null;
  }

  /** Parts of one code, or of several without Enter between them: a pause may come anywhere. */
  async #joined(parts) {
    const whole = { ...(await this.#resolve(together(parts))), number: parts[0].number, instead: [] };
    return isUnknown(whole.answer) ? this.#divided(whole) : [whole];
  }

  /** Two codes without Enter between them, when their checks say where one ends, and the house knows them. */
  async #divided(part) {
    const found = [];
    for (const way of divisions(part.physical).slice(0, MOST_WAYS)) {
      const reads = [];
      for (const code of way) reads.push({ code, answer: await this.ask(code), number: reads.length ? "" : part.number, instead: [] });
      found.push(reads);
    }
    const known = found.filter((reads) => reads.every((read) => !isUnknown(read.answer)));
    if (known.length === 1) return known[0];
    return found.length === 1 && found[0].some((read) => !isUnknown(read.answer)) ? found[0] : [{ ...part, instead: [] }];
  }
}

const together = (parts) => ({ physical: parts.map((part) => part.physical).join(""), typed: parts.map((part) => part.typed).join("") });

export const isUnknown = (answer) => answer.is === "answered" && (answer.status === 404 || answer.body?.kind === "unknown");
