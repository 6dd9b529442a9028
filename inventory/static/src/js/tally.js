// What was scanned, kept in this device at every scan: a flat battery or a closed page loses nothing.
// Knows nothing of the page, of the network and of how it is kept.
import { complete, fill, joined, sameWithoutLot } from "./completing.js";
import * as quantity from "./quantity.js";

const ONE = 1000n;
const ARRIVING = ["receipt", "return", "opening"];
const NOTHING = () => ({ target: null, lines: [], unknown: [], head: {} });
const MANY = 50; // the server tells of at most so many balances; beyond, its own sum counts

/** A random UUID; randomUUID itself exists only on secure addresses, and a store may serve its own network without one. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** How much of it there is, and of when that is told; `isEarly`: by the device, while the house is still being asked. */
const figuresOf = ({ balances, onHand, available, asOf, isEarly }) => ({ balances, stock: onHand, available, asOf, isEarly });

/** One text for the same goods at the same place. */
const goodsOf = (line) => JSON.stringify([line.item.code, line.lot ?? null, line.packaging?.name ?? null, line.place?.code ?? null]);

export class Tally {
  /** @param {string} name where it is kept: warehouse and kind, so that nothing mixes
   *  @param {string} kind of paper
   *  @param {string} today ISO date: what expired before it cannot be issued
   *  @param {object|null} kept what was kept under the name
   *  @param {function} keeper called with all that stands here at every change; returns a promise */
  constructor(name, kind, today, kept = null, keeper = async () => {}) {
    Object.assign(this, { name, kind, today, keeper });
    this.isArriving = ARRIVING.includes(kind);
    this.isMoving = kind === "move";
    this.isCounting = kind === "count"; // blind: what should be here is not known
    this.isUsing = kind === "issue" || kind === "transfer"; // only what has not expired nor is quarantined
    this.lay(kept);
    /** Settled when the last change is on the disk; refused when the device cannot keep it. */
    this.kept = Promise.resolve();
  }

  keep() {
    this.mark = newKey();
    this.kept = this.kept.catch(() => {}).then(() => this.keeper(this.value()));
    this.kept.catch(() => {}); // whoever acknowledges the change waits for it and hears of it
  }

  value() {
    const { place, target, lines, unknown, head, count, mark } = this;
    return { place, target, lines, unknown, head, count, mark };
  }

  // – places: where the goods lie, and for a move where they go -----------------------------------------------------

  /** Returns whether it was taken as the place where goods go. */
  takePlace(place) {
    const isTarget = this.isMoving && this.place !== null && this.lines.length > 0;
    if (isTarget) this.setTarget(place);
    else this.place = place;
    this.keep();
    return isTarget;
  }

  setTarget(place) {
    this.target = place;
    for (const line of this.lines) line.target ??= place;
  }

  forgetPlace(isTarget) {
    if (isTarget) {
      this.target = null;
      for (const line of this.lines) line.target = null;
    } else this.place = null;
    this.keep();
  }

  // – lines ---------------------------------------------------------------------------------------------------------

  /** Adds what a scan found, `times` at once. Returns {line, isAgain}; the same thing again adds to its line. */
  add(scanned, times = 1n) {
    const found = this.waiting ? joined(scanned, this.waiting) : scanned;
    this.waiting = null;
    const halfDone = sameWithoutLot(this.lines, found);
    if (halfDone) return this.filled(halfDone, found);
    const known = this.lines.find((line) => this.isSame(line, found));
    const isSingle = found.item.tracking === "unit" || found.item.tracking === "range";
    if (known && isSingle && !this.isNewThing(found)) return { line: known, isAgain: true };
    const line = (!isSingle && known) || this.newLine(found);
    line.quantity += isSingle ? ONE : times * (found.quantity ?? ONE);
    if (line.lot) fill(line, found);
    Object.assign(line, { why: "", isWanting: false, ...figuresOf(found) });
    this.lines = [line, ...this.lines.filter((other) => other !== line)];
    this.keep();
    return { line, isAgain: line === known };
  }

  /** The same piece, now with what another of its codes says. */
  filled(line, found) {
    Object.assign(line, { why: "", ...figuresOf(found) });
    fill(line, found);
    this.keep();
    return { line, isAgain: false };
  }

  /** A code that names no item completes the line scanned last, or waits for the next; returns the line, or null. */
  complete(said) {
    const line = complete(this.lines, said);
    this.waiting = line ? null : said;
    if (line) this.keep();
    return line;
  }

  /** Each machine received is another one, though its code is the same. */
  isNewThing(found) {
    return this.isArriving && found.item.tracking === "unit" && !found.lot;
  }

  isSame(line, found) {
    const isLot = line.isLotScanned ? line.lot === found.lot : !found.lot && !line.isApart;
    return line.item.code === found.item.code && isLot && line.packaging?.name === found.packaging?.name && line.place?.code === this.place?.code;
  }

  newLine(found) {
    this.count += 1;
    return {
      id: `l${this.count}`, item: found.item, packaging: found.packaging, place: this.place, target: this.isMoving ? this.target : null,
      lot: found.lot, isLotScanned: Boolean(found.lot), expiresOn: found.expiresOn, quantity: 0n,
      first: "", last: "", cost: "", reason: "", why: "", isApart: false,
    };
  }

  /** The same goods in another lot: a line of their own; the next scan of the item goes there. */
  split(id) {
    const line = this.line(id);
    line.isApart = true;
    const { line: made } = this.add({ ...line, lot: null, expiresOn: null, onHand: line.stock });
    return made;
  }

  /** What the house says of the goods on a line that the device had drawn by itself. */
  know(id, found) {
    Object.assign(this.line(id), figuresOf(found));
    if (this.line(id).lot) fill(this.line(id), found);
    this.keep();
  }

  set(id, changes) {
    Object.assign(this.line(id), { why: "", isWanting: false, ...changes });
    this.keep();
  }

  step(id, by) {
    const wanted = this.line(id).quantity + by * ONE;
    if (this.allows(wanted)) this.set(id, { quantity: wanted });
  }

  /** Whether a line may have so much: who counts may find that none is left. */
  allows(amount) {
    return amount > 0n || (this.isCounting && amount === 0n);
  }

  /** Returns the line that was removed; `putBack` lays it where it lay. */
  remove(id) {
    const at = this.lines.findIndex((line) => line.id === id);
    if (at < 0) return null;
    this.removed = { at, line: this.lines[at] };
    this.lines = this.lines.filter((line) => line.id !== id);
    this.keep();
    return this.removed.line;
  }

  /** The line removed last, once; null when there is none. The same goods scanned since then are added to it. */
  putBack() {
    const { removed } = this;
    if (!removed) return null;
    this.removed = null;
    const { line, at } = removed;
    const isCounted = line.item.tracking === "none" || line.item.tracking === "lot";
    const since = isCounted && this.lines.find((one) => goodsOf(one) === goodsOf(line));
    if (since) since.quantity += line.quantity;
    else this.lines = [...this.lines.slice(0, at), line, ...this.lines.slice(at)];
    this.keep();
    return since || line;
  }

  line(id) {
    return this.lines.find((line) => line.id === id);
  }

  noteUnknown(code) {
    const isAgain = this.unknown.includes(code);
    if (!isAgain) this.unknown.unshift(code);
    this.keep();
    return isAgain;
  }

  dropUnknown(code) {
    this.unknown = this.unknown.filter((other) => other !== code);
    this.keep();
  }

  setHead(name, value) {
    this.head[name] = value;
    this.keep();
  }

  // – what a line needs beside its quantity ---------------------------------------------------------------------------

  /** {name: isNeeded} of the fields this line shows. */
  fields(line) {
    const { tracking, hasExpiry } = line.item;
    if (this.isCounting && tracking === "lot") return { ...(line.isLotScanned ? {} : { lot: true }), ...(hasExpiry && !this.isDated(line) ? { expiresOn: false } : {}) };
    if (this.isCounting) return line.isLotScanned || tracking === "none" ? {} : { number: true };
    if (tracking === "range") return { first: true, last: true, ...this.price() };
    if (tracking === "unit") return { ...(line.isLotScanned ? {} : { number: true }), ...this.price() };
    if (tracking === "lot" && this.isArriving) return { lot: true, ...(hasExpiry ? { expiresOn: true } : {}), ...this.price() };
    if (tracking === "lot" && this.isUsing && this.earlier(line)) return { reason: true };
    return this.price();
  }

  price() {
    return this.kind === "receipt" ? { cost: false } : {};
  }

  /** Its label said when it expires, and nobody has refused that. */
  isDated(line) {
    return line.isLotScanned && Boolean(line.expiresOn) && !line.why;
  }

  /** The names of needed fields that are empty, and of those that cannot be read. */
  missing(line) {
    const value = { ...line, number: line.lot };
    const empty = Object.entries(this.fields(line)).filter(([name, isNeeded]) => isNeeded && !value[name]).map(([name]) => name);
    const isTurned = line.first && line.last && BigInt(line.last) < BigInt(line.first);
    return [...empty, ...(isTurned ? ["last"] : []), ...(this.isMoving && !line.target ? ["target"] : [])];
  }

  /** The lot that should leave before the one of this line; null when it is the first. */
  earlier(line) {
    if (!line.lot || !line.item.hasExpiry) return null;
    const here = this.pool({ ...line, lot: null });
    const mine = line.expiresOn ?? here.find((one) => one.lot === line.lot)?.expiresOn;
    return here.find((one) => one.lot !== line.lot && one.expiresOn && (!mine || one.expiresOn < mine)) ?? null;
  }

  /** No refusal: goods given back may have expired. But most often a year was mistyped. */
  arrivesExpired(line) {
    return this.isArriving && !this.isCounting && Boolean(line.expiresOn) && line.expiresOn < this.today;
  }

  isExpired(line) {
    return this.isUsing && Boolean(line.expiresOn) && line.expiresOn < this.today;
  }

  // – what is here before and after ------------------------------------------------------------------------------------

  /** The balances a line may take from, first expiry first. */
  pool(line) {
    return (line.balances ?? []).filter((one) =>
      (line.place?.code ? one.place === line.place.code : !this.isUsing || one.kind === "shelf")
      && (!line.lot || one.lot === line.lot)
      && (!this.isUsing || (one.kind === "shelf" && !(one.expiresOn && one.expiresOn < this.today))));
  }

  /** Leaving: what can be taken there. Arriving: what the warehouse holds. Null when it is not known. */
  before(line) {
    if (this.isCounting) return null;
    if (this.isArriving || !line.balances || line.balances.length >= MANY) return line.stock ?? null;
    return this.pool(line).reduce((sum, one) => sum + one.quantity, 0n);
  }

  /** What will be left after the paper, all lines of the same goods and place added up. */
  after(line) {
    const before = this.before(line);
    if (before === null || (line.packaging && line.packaging.contains === null)) return null;
    const isSame = (other) => other.item.code === line.item.code && (this.isArriving || (other.place?.code === line.place?.code && other.lot === line.lot));
    const sum = this.lines.filter(isSame).reduce((total, other) => total + this.inBase(other), 0n);
    return this.isArriving ? before + sum : before - sum;
  }

  /** What lies there and leaves by no such paper: expired, or in quarantine. */
  barred(line) {
    if (!this.isUsing || (line.balances?.length ?? MANY) >= MANY) return 0n;
    const isPast = (one) => one.kind === "shelf" && one.expiresOn && one.expiresOn < this.today;
    return line.balances
      .filter((one) => (!line.place?.code || one.place === line.place.code) && (!line.lot || one.lot === line.lot) && (one.kind === "quarantine" || isPast(one)))
      .reduce((sum, one) => sum + one.quantity, 0n);
  }

  /** The lines for which there is too little here, as the device sees it or the house has said. What the books hold and may
   *  not give is not wanting: no slip lets it out. */
  wanting() {
    const isHeld = (line) => { const [after, barred] = [this.after(line), this.barred(line)]; return after !== null && barred > 0n && barred >= -after; };
    return this.kind === "issue" ? this.lines.filter((line) => (line.isWanting || this.isShort(line)) && !isHeld(line)) : [];
  }

  isShort(line) {
    const after = this.after(line);
    if (this.isArriving || after === null) return false;
    return after < 0n || (this.isUsing && line.available !== null && this.inBase(line) > line.available);
  }

  /** Which lots and places give what a line asks, in the order in which the server takes them: what was scanned before it
   * has taken its own. */
  plan(line) {
    if (this.isArriving) return [];
    const taken = new Map();
    const before = this.lines.slice(this.lines.indexOf(line) + 1).reverse(); // the newest line stands first
    for (const other of before) if (other.item.code === line.item.code) this.share(other, taken);
    return this.share(line, taken);
  }

  /** What a line gets of the balances beside what was `taken` of them, which it adds to. */
  share(line, taken) {
    const parts = [];
    let wanted = this.inBase(line);
    for (const one of this.pool(line)) {
      const key = JSON.stringify([one.place, one.lot]);
      const left = one.quantity - (taken.get(key) ?? 0n);
      const part = left < wanted ? left : wanted;
      if (part <= 0n) continue;
      parts.push({ ...one, quantity: part });
      taken.set(key, (taken.get(key) ?? 0n) + part);
      wanted -= part;
    }
    return parts;
  }

  /** Packagings contain an exact number of the base unit. */
  inBase(line) {
    const counted = line.item.tracking === "range" ? this.inRange(line) : line.quantity;
    return line.packaging ? (counted * (line.packaging.contains ?? 0n)) / ONE : counted;
  }

  inRange(line) {
    const [first, last] = [line.first, line.last].map((text) => (text ? BigInt(text) : null));
    return first === null || last === null || last < first ? 0n : (last - first + 1n) * ONE;
  }

  // – the paper ----------------------------------------------------------------------------------------------------------

  /** A line as it is sent. It names its unit: should that be another by then, it is refused, not misread. */
  order(line) {
    const asked = { item: line.item.code, quantity: quantity.text(line.quantity), unit: line.packaging?.name ?? line.item.unit ?? null, lot: line.lot || null, location: line.place?.code ?? null };
    if (line.item.tracking === "range") Object.assign(asked, { quantity: null, first_number: Number(line.first), last_number: Number(line.last) });
    if (this.isMoving) asked.target_location = line.target?.code ?? null;
    if ((this.isArriving || this.isCounting) && line.expiresOn) asked.expires_on = line.expiresOn;
    if (line.cost) asked.unit_cost = line.cost;
    if (line.reason) asked.reason = line.reason;
    return asked;
  }

  /** The paper as it is sent. */
  paper(frame) {
    return { ...frame, lines: [...this.lines].reverse().map((line) => this.order(line)) };
  }

  /** What is kept beside a paper, to lay it on the table again should it be refused. */
  table() {
    const { place, target, lines, head, count } = this;
    return { place, target, lines, head, count };
  }

  /** What will stand here once the paper is away: the place, for the next one. */
  emptied() {
    return { ...this.value(), ...NOTHING(), mark: newKey() };
  }

  /** What will stand here once some lines are away. */
  without(lines) {
    return { ...this.value(), lines: this.lines.filter((line) => !lines.includes(line)), mark: newKey() };
  }

  /** What is kept lies here. Its `mark` is another at every change: so one sees that another page changed it. */
  lay(kept) {
    Object.assign(this, { place: null, ...NOTHING(), count: 0, mark: "" }, kept, { removed: null });
  }

  /** What was refused lies here again, above what lies here already, each line with its reason ({index, text, isWanting} in
   *  the order of the paper). */
  restore(table, reasons) {
    const others = this.lines;
    for (const line of table.lines) Object.assign(line, { why: "", isWanting: false });
    const drawn = [...table.lines].reverse();
    for (const { index, text, isWanting } of reasons) if (drawn[index]) Object.assign(drawn[index], { why: text, isWanting });
    Object.assign(this, NOTHING(), { removed: null }, table, { lines: [...table.lines, ...others], mark: newKey() });
  }
}
