// What the server says of a scanned code, in the station's words: names in the page's language, quantities as BigInt.
import * as quantity from "./quantity.js";

const language = () => document.documentElement.lang.slice(0, 2);

const ARABIC = /[\u0590-\u08ff]/;
const LETTER = "A-Za-z\\u00c0-\\u024f";
const ONE = `[0-9${LETTER}²³¹½¼¾µ]`;
const SPACE = "[ \\u00a0\\u202f]";
const JOINED = `${SPACE}?[^\\p{L}\\p{N}\\s()«»·،؛؟]{1,2}${SPACE}?${ONE}+`;
const NAMED = `${SPACE}(?:x${SPACE}[0-9]|[${LETTER}])${ONE}*`;
const RUN = new RegExp(`${ONE}+(?:${JOINED}|${NAMED})+|[0-9]*[${LETTER}]${ONE}*`, "gu");

/** As inventory/names.py: within Arabic, measures and Latin words keep their order. */
const steady = (name) => (ARABIC.test(name) ? name.replace(RUN, "\u2066$&\u2069") : name);

export function named(thing) {
  return steady(thing[`name_${language()}`] || thing.name_fr || thing.name_ar || thing.name_en || thing.code);
}

const EXPIRY = ["17", "7003", "15", "16"];

/** What a GS1 code itself says; whatever it does not say is null. */
function said(body) {
  const says = (...names) => (body.elements ?? []).some((one) => names.includes(one.identifier));
  return { lot: says("10", "21") ? body.lot : null, expiresOn: says(...EXPIRY) ? body.expires_on : null, serial: body.serial ?? null, quantity: quantity.fromServer(body.quantity) };
}

/** `lot` is what the code itself names (a lot's or a unit's label), never the first to expire, which the balances tell. */
export function readAnswer(body) {
  if (body.kind === "location") return { kind: "place", code: body.location.code, name: named(body.location), warehouse: body.location.warehouse };
  if (body.kind === "document") return { kind: "paper", id: body.document.id, number: body.document.number };
  if (body.kind === "details") return { kind: "details", ...said(body) };
  if (!body.item) return { kind: "unknown", reason: body.reason, detail: body.reason === "unknown_code" ? "" : body.detail ?? "", code: body.barcode, asOf: body.as_of };
  const { code, unit, unit_name: unitName, decimals, tracking, has_expiry: hasExpiry, retired_on: retiredOn, photo } = body.item;
  const isPacked = Boolean(body.unit) && body.unit !== unit;
  const one = body.kind === "item" ? said(body) : body;
  return {
    kind: "goods",
    item: { code, name: named(body.item), unit, unitName, decimals: decimals ?? 0, tracking, hasExpiry, isRetired: Boolean(retiredOn), photo },
    packaging: isPacked ? { name: body.unit, said: body.unit_name ?? body.unit, contains: quantity.fromServer(body.contains) } : null,
    lot: tracking === "lot" || tracking === "unit" ? one.lot : null,
    expiresOn: hasExpiry ? one.expires_on ?? one.expiresOn ?? null : null,
    quantity: quantity.fromServer(body.quantity),
    note: body.reason ? body.detail : "",
    isLabelOld: Boolean(body.label_is_old),
    onHand: quantity.fromServer(body.on_hand),
    available: quantity.fromServer(body.available),
    actions: body.actions ?? [],
    asOf: body.as_of,
    balances: (body.balances ?? []).map((one) => ({
      lot: one.lot, expiresOn: one.expires_on, place: one.location, kind: one.location_kind, quantity: quantity.fromServer(one.quantity),
    })),
  };
}
