// What a maker's code says beside its item – lot, expiry, serial number – laid into a line. Knows nothing of the page.

const ONE = 1000n;

/** The number that this item is kept by, as a code says it; null for goods without lots. */
const numberOf = (item, said) => ({ lot: said.lot, unit: said.serial ?? said.lot })[item.tracking] ?? null;

/** A lot's expiry is the one known here, then the code's, then what stood there: what a code lacks wipes nothing. */
export function fill(line, said) {
  const number = numberOf(line.item, said);
  if (number && !line.lot) Object.assign(line, { lot: number, isLotScanned: true });
  if (!line.item.hasExpiry) return;
  const known = line.lot && line.balances?.find((one) => one.lot === line.lot)?.expiresOn;
  line.expiresOn = known || said.expiresOn || line.expiresOn;
}

/** Whether what the code says belongs to this line: it contradicts nothing that stands there. */
export function fits(line, said) {
  const number = numberOf(line.item, said);
  const isOther = Boolean(number && line.lot && line.lot !== number) || Boolean(said.expiresOn && line.expiresOn && line.expiresOn !== said.expiresOn);
  return !isOther && Boolean(number || (said.expiresOn && line.item.hasExpiry) || (said.quantity && line.quantity === ONE));
}

/** A code without an item completes the line scanned last; null when it does not belong there, and waits for the next. */
export function complete(lines, said) {
  const [line] = lines;
  if (!line || !fits(line, said)) return null;
  fill(line, said);
  if (said.quantity && line.quantity === ONE && line.item.tracking !== "unit") line.quantity = said.quantity;
  return line;
}

/** The goods of a scan with what a code before it said of them. */
export function joined(found, said) {
  const lot = found.lot ?? numberOf(found.item, said);
  const isSame = !found.lot || found.lot === numberOf(found.item, said);
  const expiresOn = found.expiresOn ?? (isSame && found.item.hasExpiry ? said.expiresOn : null);
  return { ...found, lot, expiresOn, quantity: found.quantity ?? said.quantity };
}

/** The newest line, when one piece of these goods was scanned there by a code that said no lot: it is the same piece. */
export function sameWithoutLot(lines, found) {
  const [line] = lines;
  const isSame = line && found.lot && !line.lot && line.quantity === ONE && line.item.code === found.item.code;
  return isSame && line.packaging?.name === found.packaging?.name ? line : null;
}
