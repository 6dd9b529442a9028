// A maker's GS1 code when the house cannot be asked: the commonest identifiers, exactly or not at all. The house reads all of
// them (inventory/codes/gs1.py); what is not read here stays unknown until it can be asked.
import { isTradeNumber } from "./codes.js";
import { GROUP_SEPARATOR } from "./keys.js";

const FIXED = { "00": 18, "01": 14, "02": 14, 11: 6, 12: 6, 13: 6, 15: 6, 16: 6, 17: 6, 20: 2 };
const OPEN = { 10: 20, 21: 20, 22: 20, 30: 8, 37: 8, 240: 30, 241: 30, 400: 30 };
const COUNTS = ["30", "37"];
const DATES = ["11", "12", "13", "15", "16", "17"];
const MARKS = /<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\\F|\\x1d|[\u241d|~]/gi; // what scanners send for a separator, as the house knows it
const WRITTEN = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/;
const BARE = /^(0[0-3]\d{14}|1[135-7]\d{6}.)/;
const LIKELY = /^(1[0135-7]|21|3[07]|24[01])/; // what makers print beside one another
const MEASURE = /31[0-6][0-5]\d{6}/; // so are these, which only the house reads

/** A text with its separators, whatever a scanner sends for them. */
export const separated = (text) => text.replaceAll("^", GROUP_SEPARATOR).replace(MARKS, GROUP_SEPARATOR);

/** {gtin, lot, serial, expiresOn, pieces, amount, elements}; `pieces`: trade items in the carton, `amount`: base units; null
 *  when it is no such code. */
export function readTrade(text) {
  const read = elementsOf(text.trim());
  if (!read || read.size === 0) return null;
  const gtin = read.get("01") ?? read.get("02");
  if (!gtin || !isTradeNumber(gtin)) return null;
  const expiry = ["17", "15", "16"].map((name) => read.get(name)).find(Boolean);
  return {
    gtin, lot: read.get("10") ?? null, serial: read.get("21") ?? null, expiresOn: expiry ? day(expiry) : null,
    pieces: count(read.get("37")), amount: count(read.get("30")),
    elements: [...read].map(([identifier, value]) => ({ identifier, value })),
  };
}

/** By identifier; a string without separators only when it cannot be read in two ways. */
function elementsOf(text) {
  const plain = text.replace(/^\](C1|e0|d2|Q3|J1)/, "");
  if (/^\(\d{2,4}\)/.test(plain)) return inBrackets(plain);
  if (plain !== text) return plain.includes("^") ? null : gathered(partsOf(plain.replace(MARKS, GROUP_SEPARATOR)));
  const marked = separated(text);
  if (marked.includes(GROUP_SEPARATOR)) return gathered(partsOf(marked.replace(/^\u001d/, "")));
  const parts = BARE.test(text) ? partsOf(text) : null;
  return parts?.some(mayEndEarlier) ? null : gathered(parts);
}

/** A count of things as a text, null when there is none or it is zero. */
const count = (digits) => (digits && BigInt(digits) > 0n ? String(BigInt(digits)) : null);

function inBrackets(text) {
  const parts = [...text.matchAll(/\((\d{2,4})\)([^(]*)/g)];
  const isWhole = parts.reduce((length, [all]) => length + all.length, 0) === text.length;
  return isWhole ? gathered(parts.map(([, identifier, value]) => [identifier, value.trim()])) : null;
}

/** [[identifier, value], …] of a string; null when it has one that is not known here. */
function partsOf(text) {
  const found = [];
  let rest = text;
  while (rest) {
    const identifier = [2, 3].map((length) => rest.slice(0, length)).find((name) => name in FIXED || name in OPEN);
    if (!identifier) return null;
    rest = rest.slice(identifier.length);
    const mark = rest.indexOf(GROUP_SEPARATOR);
    const end = identifier in FIXED ? FIXED[identifier] : mark < 0 ? rest.length : mark;
    found.push([identifier, rest.slice(0, end)]);
    rest = rest.slice(end).replace(/^\u001d/, "");
  }
  return found;
}

/** Whether a value of free length, the last of its string, could as well end earlier, with other elements behind it. */
function mayEndEarlier([identifier, value]) {
  if (identifier in FIXED) return false;
  if (MEASURE.test(value)) return true;
  const ends = [...value].map((_, place) => place).slice(1);
  return ends.some((end) => LIKELY.test(value.slice(end)) && partsOf(value.slice(end))?.every(isFit));
}

/** All of them, each right in itself, said once, and none against another; else nothing. */
function gathered(parts) {
  const read = new Map(parts);
  const isContradiction = read.has("01") && (read.has("02") || read.has("37")); // a thing is not what is in it
  return parts?.every(isFit) && read.size === parts.length && !isContradiction ? read : null;
}

function isFit([identifier, value]) {
  if (DATES.includes(identifier)) return /^\d{6}$/.test(value) && day(value) !== null;
  if (identifier in FIXED) return value.length === FIXED[identifier] && /^\d+$/.test(value);
  return identifier in OPEN && value.length <= OPEN[identifier] && (COUNTS.includes(identifier) ? /^\d+$/ : WRITTEN).test(value);
}

/** "290131" → "2029-01-31"; "00" is the last day of the month; null when there is no such day. */
function day(text) {
  const [year, month, date] = [2000 + Number(text.slice(0, 2)), Number(text.slice(2, 4)), Number(text.slice(4))];
  const found = new Date(Date.UTC(year, date ? month - 1 : month, date));
  const isThere = month >= 1 && month <= 12 && found.getUTCMonth() === month - 1;
  return isThere ? found.toISOString().slice(0, 10) : null;
}
