// What the server says of a scanned code, in the station's words: names in the page's language, quantities as BigInt.
import * as quantity from "./quantity.js";

const language = () => document.documentElement.lang.slice(0, 2);

export function named(thing) {
  return thing[`name_${language()}`] || thing.name_fr || thing.name_ar || thing.name_en || thing.code;
}

/** `lot` is what the code itself names (a lot's or a unit's label), never the first to expire, which the balances tell. */
export function readAnswer(body) {
  if (body.kind === "location") return { kind: "place", code: body.location.code, name: named(body.location), warehouse: body.location.warehouse };
  if (body.kind === "document") return { kind: "paper", id: body.document.id, number: body.document.number };
  if (!body.item) return { kind: "unknown", detail: body.reason === "unknown_code" ? "" : body.detail ?? "" };
  const { code, unit, unit_name: unitName, decimals, tracking, has_expiry: hasExpiry, photo } = body.item;
  const isPacked = Boolean(body.unit) && body.unit !== unit;
  const isOfOne = body.kind !== "item";
  return {
    kind: "goods",
    item: { code, name: named(body.item), unit, unitName, decimals: decimals ?? 0, tracking, hasExpiry, photo },
    packaging: isPacked ? { name: body.unit, contains: quantity.fromServer(body.contains) } : null,
    lot: isOfOne ? body.lot : null,
    expiresOn: isOfOne ? body.expires_on : null,
    onHand: quantity.fromServer(body.on_hand),
    available: quantity.fromServer(body.available),
    actions: body.actions ?? [],
    balances: (body.balances ?? []).map((one) => ({
      lot: one.lot, expiresOn: one.expires_on, place: one.location, kind: one.location_kind, quantity: quantity.fromServer(one.quantity),
    })),
  };
}
