// Between the station and the house. The station asks what a code means and hands over papers; whether there is a network,
// and when a paper leaves, is settled here.
import * as satchel from "./satchel.js";
import { now, today } from "./clock.js";
import { hear, tell } from "./news.js";
import { corrected } from "./pending.js";
import { askToBeWoken, go } from "./rounds.js";
import { ask } from "./wire.js";

const PATIENCE = 4000; // ms for an answer that this device could give too
const A_BLINK = 50; // ms after which a line stands there by what the device knows
const IMPATIENCE = 1200; // after a question that nobody answered
const SULK = 30000; // for how long
const AT_ONCE = 5000; // how long the station waits for the number before it shows the provisional slip

/** Whether an answer speaks of what was scanned; a refusal may speak of the person or the moment only. */
export const isOfTheCode = (answer) => answer.isGood || answer.status === 404 || answer.status === 422;

export class Courier {
  #moves = null;
  #failedAt = -Infinity;
  #answers = new Map();

  constructor({ api, username, warehouse, kind, language, zone, snapshot }) {
    Object.assign(this, { api, username, warehouse, kind, language, zone, snapshot });
    hear((news) => {
      this.#moves = null;
      if (news.answer) this.#answers.set(news.key, news);
    });
  }

  /** What a code means: the house's answer, else the device's own (its `as_of` tells of when). What waits here is counted. */
  async resolve(code) {
    const kept = await this.snapshot.load().catch(() => null);
    if (kept && !navigator.onLine) return this.#ownAnswer(code);
    return this.#settled(await this.#ask(code, Boolean(kept)), code, kept);
  }

  /** The same at once: of goods that this device knows, its own answer when the house takes longer than a blink or refuses to
   *  speak of them; the house's comes `later` (a promise of it). */
  async resolveAtOnce(code) {
    const kept = await this.snapshot.load().catch(() => null);
    if (!kept || !navigator.onLine) return this.resolve(code);
    const asked = this.#ask(code, true).then((answer) => this.#settled(answer, code, kept));
    const first = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, A_BLINK))]);
    if (first && isOfTheCode(first)) return first;
    const own = await this.#ownAnswer(code);
    return own.body.item ? { ...own, later: asked } : asked;
  }

  async #settled(answer, code, kept) {
    return answer.is === "unanswered" && kept ? this.#ownAnswer(code) : this.#lessWhatWaits(answer);
  }

  async #ownAnswer(code) {
    return this.#lessWhatWaits({ is: "answered", status: 200, isGood: true, body: await this.snapshot.resolve(code) });
  }

  async #lessWhatWaits(answer) {
    if (!answer.isGood || !answer.body.item) return answer;
    const moves = await this.#pending(answer.body.as_of);
    return { ...answer, body: corrected(answer.body, moves, today(this.zone), await this.snapshot.defaultPlace()) };
  }

  /** What a code is, with all that is told beside it: {found, items, movements (null: only the house knows), elsewhere}. */
  async lookUp(code) {
    const kept = await this.snapshot.load().catch(() => null);
    const answer = navigator.onLine || !kept ? await this.#ask(code, Boolean(kept), "lookup") : { is: "unanswered" };
    if (answer.is === "unanswered" && kept) return { is: "answered", status: 200, isGood: true, body: await this.#lookUpHere(code) };
    return answer.isGood ? { ...answer, body: { ...answer.body, kind: answer.body.found.kind } } : answer;
  }

  async #lookUpHere(code) {
    const told = await this.snapshot.lookUp(code);
    const { kind } = told.found;
    if (!told.found.item) return { ...told, kind };
    const moves = await this.#pending(told.found.as_of);
    return { ...told, kind, found: corrected(told.found, moves, today(this.zone), await this.snapshot.defaultPlace()) };
  }

  async #ask(code, hasOther, call = "scan") {
    const patience = !hasOther ? undefined : now() - this.#failedAt < SULK ? IMPATIENCE : PATIENCE;
    const asked = { code, warehouse: this.warehouse, ...(this.kind === "count" ? { purpose: "count" } : {}) };
    const answer = await ask(`${this.api}/${call}?${new URLSearchParams(asked)}`, { language: this.language, patience });
    this.#failedAt = answer.is === "unanswered" ? now() : -Infinity;
    return answer;
  }

  /** What this person's papers here change beside what is told: those that wait, and those sent since `asOf`. */
  async #pending(asOf) {
    this.#moves ??= this.#read();
    return (await this.#moves).filter((one) => one.sentAt === undefined || (asOf !== undefined && one.sentAt > asOf)).flatMap((one) => one.moves);
  }

  async #read() {
    const mine = (await satchel.papers()).filter((one) => one.username === this.username && one.warehouse === this.warehouse);
    const counted = mine.filter((one) => one.state === "waiting" || one.state === "sent");
    return Promise.all(counted.map(async (one) => ({ sentAt: one.sentAt, moves: (await satchel.contentOf(one)).moves })));
  }

  /** Keeps what is handed over on this device and clears the table, both or neither; it is on its way from then on.
   *  {call: of the API, kind, body, table: what lay there, left: what stays there, moves, party} */
  async keep(key, { call, kind, body, table, left, moves, party }, name) {
    const told = { key, username: this.username, warehouse: this.warehouse, kind, call, madeAt: now(), language: this.language };
    await satchel.addPaper(told, { paper: body, table, moves, party }, { name, value: left });
    tell({ what: "kept", key });
    askToBeWoken();
  }

  /** What became of a paper in the next moments: {what: "sent" | "refused", answer}, or {what: "waiting"}. */
  async outcome(key) {
    const patience = new Promise((resolve) => setTimeout(resolve, AT_ONCE));
    await Promise.race([go(), patience]);
    return this.#answers.get(key) ?? { what: "waiting" };
  }
}
