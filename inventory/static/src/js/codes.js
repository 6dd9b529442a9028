// Codes as the house reads them (inventory/codes, inventory/catalogue): ours with their check character, barcodes in one spelling.
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = { A: 12, B: 12, P: 12, D: 20 };
const KIND = { A: "item", B: "lot", P: "location", D: "document" };
const SHORTEST = 8;
const LONGEST = 160;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Pd}\p{Zl}\p{Zp}\p{Zs}]/gu;
const VERSION = /\.[1-9][0-9]{0,3}$/; // of the label: the device cannot tell whether it is old
const ADDRESS = /^(?:HTTPS?:\/)?\/?[^/]*(?:\/[^/?#]+)*\/S\/([^/?#]*)\/?(?:[?#].*)?$/;

/** Arabic and Persian digits as 0 to 9. */
const western = (text) => text.replace(/[٠-٩۰-۹]/g, (digit) => String(digit.codePointAt(0) & 15));

/** {kind, text} of a code of ours; {kind: "damaged"} when its check character says so; null when it is not ours at all. */
export function readOwn(text) {
  const plain = western(text.slice(0, 300).normalize("NFKC")).replace(INVISIBLE, "").toUpperCase();
  const last = plain.replace(ADDRESS, "$1").replace(VERSION, "");
  const code = last.replace(/[OIL]/g, (one) => (one === "O" ? "0" : "1"));
  if (LENGTH[code[0]] !== code.length || [...code].some((one) => !SYMBOLS.includes(one))) return null;
  return weighed(code) === 0 ? { kind: KIND[code[0]], text: code } : { kind: "damaged", text: code };
}

/** The weighted sum over GF(32), as in inventory/codes/own.py. */
function weighed(code) {
  let total = 0;
  for (const symbol of code) {
    total <<= 1;
    if (total & 32) total ^= 0b100101;
    total ^= SYMBOLS.indexOf(symbol);
  }
  return total;
}

/** The one spelling under which a barcode is kept. */
export function barcodeKey(text) {
  const plain = text.normalize("NFKC").replace(/[\p{C}\p{Z}]/gu, "");
  if (!/^\d{12,14}$/.test(plain)) return plain;
  const short = plain.replace(/^0+/, "");
  return short.length <= 13 ? short.padStart(13, "0") : plain;
}

/** Whether a text is a trade number (EAN-8 to GTIN-14) whose check digit is right. */
export function isTradeNumber(text) {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  return [...text.padStart(14, "0")].reduce((sum, digit, place) => sum + Number(digit) * (place % 2 ? 1 : 3), 0) % 10 === 0;
}

/** Whether the check of a text says that it is a code and that nothing lacks. */
export function isWhole(text) {
  const own = readOwn(text);
  return own ? own.kind !== "damaged" : isTradeNumber(text);
}

/** The ways to read a text as two or more codes that are whole, one after the other: [["611…", "PTC…"], …]. */
export function divisions(text) {
  return text.length > LONGEST ? [] : ways(text).filter((way) => way.length > 1);
}

function ways(text) {
  if (!text) return [[]];
  const found = [];
  for (let end = SHORTEST; end <= text.length; end++)
    if (isWhole(text.slice(0, end))) for (const rest of ways(text.slice(end))) found.push([text.slice(0, end), ...rest]);
  return found;
}
