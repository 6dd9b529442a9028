// Quantities as whole thousandths (BigInt), like the ledger keeps them: no float ever touches a stock.

const EASTERN = /[٠-٩۰-۹]/g;

/** "12,5" → 12500n; null when it is not a positive quantity, or finer than the item allows. Nothing is rounded. */
export function parse(text, decimals = 3) {
  const plain = String(text).trim()
    .replace(EASTERN, (digit) => String(digit.codePointAt(0) & 15))
    .replace(/[,٫]/, ".");
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
