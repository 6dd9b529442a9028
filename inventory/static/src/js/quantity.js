// Quantities as whole thousandths (BigInt), like the ledger keeps them: no float ever touches a stock.

const EASTERN = /[٠-٩۰-۹]/g;

/** Western digits, without the spaces between thousands. */
const western = (text) => String(text).replace(EASTERN, (digit) => String(digit.codePointAt(0) & 15)).replace(/[\s\u202f\u2066-\u2069]/g, "");

export const hasDigit = (text) => /\d/.test(western(text));

/** "1,000", and in English any comma before three figures: one reads a thousand, another one. */
export function isAmbiguous(typed) {
  const plain = western(typed);
  return /^[1-9]\d{0,2}[.,٫]000$/.test(plain) || (document.documentElement.lang.startsWith("en") && /^[1-9]\d{0,2},\d{3}$/.test(plain));
}

/** "12,5" → 12500n; null when it is not a positive quantity, or finer than the item allows. Nothing is rounded. */
export function parse(text, decimals = 3) {
  if (isAmbiguous(text)) return null;
  const plain = western(text).replace(/[,٫]/, ".");
  const found = /^(\d{1,12})(?:\.(\d{1,3}))?$/.exec(plain);
  if (!found) return null;
  const part = (found[2] ?? "").replace(/0+$/, "");
  if (part.length > decimals) return null;
  return BigInt(found[1]) * 1000n + BigInt(part.padEnd(3, "0") || 0);
}

/** 12500n → "12.5": the form the server reads. */
export function text(thousandths) {
  const sign = thousandths < 0n ? "-" : "";
  const size = thousandths < 0n ? -thousandths : thousandths;
  const part = String(size % 1000n).padStart(3, "0").replace(/0+$/, "");
  return `${sign}${size / 1000n}${part ? "." + part : ""}`;
}

/** 12500n → "12,5": the form people type in their language. */
export function typed(thousandths) {
  return document.documentElement.lang.startsWith("en") ? text(thousandths) : text(thousandths).replace(".", ",");
}

/** "٦ ٥٠٠,٢٥" → "6500.25": a price of at most six decimals, as the server reads it; null when it is none, "" when empty. */
export function price(typed) {
  if (isAmbiguous(typed)) return null;
  const plain = western(typed).replace(/[,٫]/, ".");
  return plain === "" || /^\d{1,12}(\.\d{1,6})?$/.test(plain) ? plain : null;
}

/** A number on a numbered thing, without leading zeros; null when it is none, "" when empty. */
export function whole(typed) {
  const plain = western(typed);
  return plain === "" ? "" : /^\d{1,12}$/.test(plain) ? String(BigInt(plain)) : null;
}

/** The form people read: thin spaces, the decimal sign of their language, isolated so that a minus stays before its figure. */
export function shown(thousandths) {
  const [whole, part] = text(thousandths).replace("-", "−").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const comma = document.documentElement.lang.startsWith("en") ? "." : ",";
  return `\u2066${part ? grouped + comma + part : grouped}\u2069`;
}

/** A server's quantity ("-3.250" or "18") → thousandths. */
export function fromServer(value) {
  if (value === null || value === undefined) return null;
  const isBelow = String(value).startsWith("-");
  const size = parse(String(value).replace(/^-/, "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""));
  return size === null ? null : isBelow ? -size : size;
}
