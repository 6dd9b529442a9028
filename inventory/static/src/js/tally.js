// What was scanned and not yet posted: lines, newest first, kept on the device at every step. Knows no page and no network.
import * as quantity from "./quantity.js";

const ONE = 1000n;
const big = (key, value) => (typeof value === "bigint" ? `${value}n` : value);
const unbig = (key, value) => (typeof value === "string" && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value);

/** A random UUID; randomUUID itself exists only on secure addresses, and a store may serve its own network without one. */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Tally {
  /** @param {string} name where it is kept: user, warehouse and kind, so that shared devices mix nothing up
   *  @param {boolean} isLeaving whether the goods leave the warehouse (issue, transfer, write-off) */
  constructor(name, isLeaving, store = localStorage) {
    Object.assign(this, { name: `station:${name}`, isLeaving, store });
    const kept = JSON.parse(store.getItem(this.name) ?? "null", unbig);
    this.place = kept?.place ?? null;
    this.lines = kept?.lines ?? [];
    this.unknown = kept?.unknown ?? [];
    this.key = kept?.key ?? null;
    this.sent = kept?.sent ?? null;
  }

  keep() {
    const { place, lines, unknown, key, sent } = this;
    this.store.setItem(this.name, JSON.stringify({ place, lines, unknown, key, sent }, big));
  }

  /** A paper is on its way and nobody knows whether it arrived: nothing may change until the same key is answered. */
  get isLocked() {
    return this.sent !== null;
  }

  /** Adds what a scan found. Returns {line, isAgain}; a rescan of the same thing adds one to its line. */
  add(found) {
    const id = [found.item.code, found.lot?.code, found.packaging?.name, found.unit?.number, this.place?.code].map((part) => part ?? "").join("|");
    const known = this.lines.find((line) => line.id === id);
    if (known && found.unit) return { line: known, isAgain: true };
    const line = known ?? {
      id, item: found.item, lot: found.lot ?? null, packaging: found.packaging ?? null, unit: found.unit ?? null, place: this.place,
      onHand: quantity.fromServer(found.on_hand), quantity: 0n, why: "",
    };
    line.quantity += ONE;
    line.why = "";
    if (known) line.onHand = quantity.fromServer(found.on_hand) ?? line.onHand;
    this.lines = [line, ...this.lines.filter((other) => other !== line)];
    this.keep();
    return { line, isAgain: Boolean(known) };
  }

  set(id, amount) {
    const line = this.line(id);
    line.quantity = amount;
    line.why = "";
    this.keep();
  }

  step(id, by) {
    const line = this.line(id);
    if (line.quantity + by * ONE > 0n) this.set(id, line.quantity + by * ONE);
  }

  remove(id) {
    this.lines = this.lines.filter((line) => line.id !== id);
    this.keep();
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

  /** What will be left here after the paper, all lines of the same item and lot added up; null when it is not known. */
  after(line) {
    if (line.onHand === null) return null;
    const sum = this.lines
      .filter((other) => other.item.code === line.item.code && other.lot?.code === line.lot?.code && other.place?.code === line.place?.code)
      .reduce((total, other) => total + this.inBase(other), 0n);
    return this.isLeaving ? line.onHand - sum : line.onHand + sum;
  }

  /** Packagings contain an exact number of the base unit. */
  inBase(line) {
    return line.packaging ? (line.quantity * quantity.fromServer(line.packaging.contains)) / ONE : line.quantity;
  }

  paper(frame) {
    const lines = [...this.lines].reverse().map((line) => ({
      item: line.item.code, quantity: quantity.text(line.quantity), unit: line.packaging?.name ?? null,
      lot: line.unit?.number ?? line.lot?.code ?? null, location: line.place?.code ?? null,
    }));
    return { ...frame, lines };
  }

  /** The key and paper to send: the ones on their way if there are any, else new ones, kept before they leave. */
  send(frame) {
    this.key ??= newKey();
    this.sent ??= this.paper(frame);
    this.keep();
    return { key: this.key, paper: this.sent };
  }

  /** Refused whole: nothing was written, the key is free, the lines say why. */
  refused(reasons) {
    this.sent = null;
    const drawn = [...this.lines].reverse();
    for (const { index, text } of reasons) if (drawn[index]) drawn[index].why = text;
    this.keep();
  }

  done() {
    Object.assign(this, { lines: [], unknown: [], key: null, sent: null });
    this.keep();
  }
}
