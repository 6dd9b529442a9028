// What papers that wait here will change: the balances that a device shows before the house has heard of them.
import * as quantity from "./quantity.js";

/** What a paper of the table moves, kept with it. `side`: "out", "in" or "move"; base units in thousandths. */
export function movesOf(tally) {
  const side = tally.isMoving ? "move" : tally.isArriving ? "in" : "out";
  return tally.lines.map((line) => ({
    side, item: line.item.code, lot: line.lot || null, expiresOn: line.expiresOn ?? null, amount: tally.inBase(line) ?? 0n,
    place: line.place?.code ?? null, target: line.target?.code ?? null, isUse: tally.isUsing,
  }));
}

/** An answer about goods (as the API gives it) with what waits taken away or added. `place`: the default of the warehouse. */
export function corrected(body, moves, today, place = "MAG") {
  const mine = moves.filter((one) => one.item === body.item?.code);
  if (!mine.length || !body.balances) return body;
  const balances = body.balances.map((one) => ({ ...one, quantity: quantity.fromServer(one.quantity) }));
  const change = { hand: 0n, free: 0n };
  const isFree = (one) => one.location_kind === "shelf" && !(one.expires_on && one.expires_on < today);
  const count = (one, amount) => {
    one.quantity += amount;
    if (one.location_kind === "shelf" || one.location_kind === "quarantine") change.hand += amount;
    if (isFree(one)) change.free += amount;
  };
  const put = (move, location, amount, lot, expires) => {
    let found = balances.find((one) => one.location === location && one.lot === lot);
    if (!found) balances.push((found = { item: move.item, lot, expires_on: expires, location, location_kind: "shelf", quantity: 0n }));
    count(found, amount);
  };
  for (const move of mine) {
    let left = move.amount;
    if (move.side === "in") put(move, move.place ?? place, left, move.lot, move.expiresOn);
    else
      for (const one of balances) {
        const isThere = (move.place ? one.location === move.place : one.location_kind === "shelf") && (!move.lot || one.lot === move.lot);
        if (left <= 0n || !isThere || one.quantity <= 0n || (move.isUse && !isFree(one))) continue;
        const taken = one.quantity < left ? one.quantity : left;
        left -= taken;
        count(one, -taken);
        if (move.side === "move" && move.target) put(move, move.target, taken, one.lot, one.expires_on);
      }
  }
  const told = (figure, by) => (figure === null || figure === undefined ? figure : quantity.text(quantity.fromServer(figure) + by));
  return {
    ...body,
    on_hand: told(body.on_hand, change.hand),
    available: told(body.available, change.free),
    balances: balances.filter((one) => one.quantity > 0n).map((one) => ({ ...one, quantity: quantity.text(one.quantity) })),
  };
}
