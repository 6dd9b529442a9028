// One warehouse as this device keeps it: what a code means, and the other sides of papers, when the house cannot be asked.
import * as satchel from "./satchel.js";
import { now } from "./clock.js";
import { barcodeKey, readOwn } from "./codes.js";
import { readTrade } from "./trade.js";

const MOST_BALANCES = 50; // as the house tells
const FRESH = 300000; // ms before it is asked again

export class Snapshot {
  #kept = null;

  constructor({ api, username, warehouse, language }) {
    Object.assign(this, { api, username, warehouse, language });
  }

  /** Brings what is kept up to date when it is old; quietly keeps the old when nobody answers. */
  async refresh(isForced = false) {
    const [known] = (await satchel.names(this.username, "snapshot")).filter((one) => one.name === this.warehouse);
    if (known && !isForced && now() - known.at < FRESH) return;
    const asked = now();
    const headers = { Accept: "application/json" };
    const mark = known && (await satchel.readValue(this.username, "mark", this.warehouse));
    if (mark) headers["If-None-Match"] = mark;
    const answer = await fetch(`${this.api}/station/snapshot?${new URLSearchParams({ warehouse: this.warehouse })}`, { headers, cache: "no-store", credentials: "same-origin" }).catch(() => null);
    if (answer?.status === 304) return this.#again(asked);
    if (!answer?.ok || !/json/.test(answer.headers.get("content-type") ?? "")) return;
    await satchel.keep(this.username, "snapshot", this.warehouse, await answer.text(), asked);
    await satchel.keep(this.username, "mark", this.warehouse, JSON.stringify(answer.headers.get("etag")));
    this.#kept = null;
  }

  async #again(at) {
    const found = await satchel.read(this.username, "snapshot", this.warehouse);
    if (found) await satchel.keep(this.username, "snapshot", this.warehouse, found.text, at);
    this.#kept = null;
  }

  /** What is kept, with its indexes; null when there is nothing. */
  async load() {
    if (this.#kept) return this.#kept;
    const found = await satchel.read(this.username, "snapshot", this.warehouse);
    if (!found) return null;
    this.#kept = indexed(JSON.parse(found.text), found.at);
    return this.#kept;
  }

  /** What a code means, in the shape of the API's own answer, with the instant of which it tells as `as_of`. One that
   *  leads nowhere is tried in capitals, as the house does. */
  async resolve(text) {
    const found = await this.#meaning(text);
    const capitals = text.toUpperCase();
    if (found?.kind !== "unknown" || capitals === text) return found;
    const again = await this.#meaning(capitals);
    return again.kind === "unknown" ? found : { ...again, code: found.code };
  }

  async #meaning(text) {
    const kept = await this.load();
    if (!kept) return null;
    const typed = text.trim();
    const own = readOwn(text);
    if (own?.kind === "document") return unknown(kept, typed, "needs_network");
    if (own?.kind === "location") return kept.placeByLabel.has(own.text) ? this.#place(kept, kept.placeByLabel.get(own.text), typed) : unknown(kept, typed);
    return this.#goods(kept, typed, own) ?? this.#byTrade(kept, typed) ?? this.#byPlaceOrLot(kept, typed, own);
  }

  #goods(kept, typed, own) {
    const label = own && own.kind !== "damaged" ? own.text : "";
    if (kept.itemByLabel.has(label)) return this.#item(kept, kept.itemByLabel.get(label), typed);
    if (kept.lotByLabel.has(label)) return this.#lot(kept, kept.lotByLabel.get(label), typed);
    const barcode = kept.barcodes.get(barcodeKey(typed));
    if (barcode) return this.#item(kept, kept.items.get(barcode.item), typed, barcode.packaging);
    if (kept.items.has(typed)) return this.#item(kept, kept.items.get(typed), typed);
    const thing = (kept.lotsByNumber.get(typed) ?? []).find((one) => kept.items.get(one.item)?.tracking === "unit");
    return thing ? this.#lot(kept, thing, typed) : null;
  }

  /** A maker's long code: its item, with the lot, expiry and serial number that it says. */
  #byTrade(kept, typed) {
    const said = readTrade(typed);
    const barcode = said && kept.barcodes.get(barcodeKey(said.gtin));
    if (!barcode) return null;
    const item = kept.items.get(barcode.item);
    const { lot, serial, expiresOn, elements } = said;
    const isCounted = item.tracking === "none" || item.tracking === "lot";
    const isOfBase = isCounted && said.pieces === null && said.amount !== null;
    return {
      ...this.#item(kept, item, typed, isOfBase ? null : barcode.packaging), lot: item.tracking === "unit" ? serial ?? lot : lot,
      expires_on: expiresOn, serial, elements, quantity: isCounted ? said.pieces ?? said.amount : null,
    };
  }

  #byPlaceOrLot(kept, typed, own) {
    if (kept.placeByCode.has(typed)) return this.#place(kept, kept.placeByCode.get(typed), typed);
    const lots = kept.lotsByNumber.get(typed) ?? [];
    if (lots.length === 1) return this.#lot(kept, lots[0], typed);
    if (lots.length) return unknown(kept, typed, "several_items");
    return unknown(kept, typed, own?.kind === "damaged" ? "damaged_code" : "unknown_code");
  }

  #item(kept, item, code, packaging = null) {
    const balances = (kept.balances.get(item.code) ?? []).slice(0, MOST_BALANCES);
    const first = item.tracking === "lot" ? balances.find((one) => one.location_kind === "shelf" && !(one.expires_on && one.expires_on < kept.today)) : null;
    return { ...this.#about(kept, item), kind: "item", code, unit: packaging ?? item.unit, unit_name: this.#unitName(kept, packaging ?? item.unit), contains: packaging ? kept.contains.get(`${item.code}\n${packaging}`) ?? null : "1", lot: first?.lot ?? null, expires_on: first?.expires_on ?? null, balances };
  }

  #lot(kept, lot, code) {
    const item = kept.items.get(lot.item);
    const balances = (kept.balances.get(lot.item) ?? []).filter((one) => one.lot === lot.number).slice(0, MOST_BALANCES);
    return { ...this.#about(kept, item), kind: item.tracking === "unit" ? "unit" : "lot", code, unit: item.unit, unit_name: this.#unitName(kept, item.unit), contains: "1", lot: lot.number, expires_on: lot.expires_on, balances };
  }

  #about(kept, item) {
    return { item: { ...item, unit_name: this.#unitName(kept, item.unit) }, warehouse: this.warehouse, on_hand: item.on_hand, available: item.available, projected: null, location: null, document: null, choices: [], reason: null, actions: [], as_of: kept.at };
  }

  #place(kept, place, code) {
    return { kind: "location", code, item: null, location: { ...place, warehouse: this.warehouse }, warehouse: this.warehouse, balances: [], actions: [], as_of: kept.at };
  }

  /** The same as the house tells to who looks a thing up; what moved, and where else it lies, only the house knows. */
  async lookUp(text) {
    const kept = await this.load();
    const found = await this.resolve(text);
    const place = found.location?.code;
    if (place) found.balances = [...kept.balances.values()].flat().filter((one) => one.location === place).slice(0, MOST_BALANCES);
    const codes = new Set(found.balances.map((one) => one.item));
    const items = [...codes].map((code) => kept.items.get(code)).filter(Boolean).map((item) => ({ ...item, unit_name: this.#unitName(kept, item.unit) }));
    return { found, items, movements: null, elsewhere: [] };
  }

  /** What people call a unit, or what things are packed in. */
  #unitName(kept, code) {
    const unit = kept.units.get(code);
    return unit?.[`name_${this.language}`] || unit?.name_fr || unit?.name_ar || unit?.name_en || code;
  }

  /** The code of the shelf on which goods lie when no other is said. */
  async defaultPlace() {
    return (await this.load())?.places.find((one) => one.is_default)?.code ?? undefined;
  }

  /** The services, suppliers… whose name or code holds all the words: [{code, name}]. */
  async parties(kind, words) {
    const asked = folded(words).split(" ");
    const all = (await this.load())?.[`${kind}s`] ?? [];
    const said = (one) => one[`name_${this.language}`] || one.name_fr || one.name_ar || one.name_en || one.code;
    const isMeant = (one) => asked.every((word) => folded([one.code, one.name_fr, one.name_ar, one.name_en].join(" ")).includes(word));
    return all.filter(isMeant).slice(0, 12).map((one) => ({ code: one.code, name: said(one) }));
  }
}

function indexed(kept, at) {
  const by = (rows, key) => new Map(rows.map((row) => [row[key], row]));
  const groups = (rows, key) => rows.reduce((all, row) => all.set(row[key], [...(all.get(row[key]) ?? []), row]), new Map());
  return {
    ...kept, at,
    units: by(kept.units, "code"), items: by(kept.items, "code"), itemByLabel: by(kept.items, "label"),
    barcodes: by(kept.barcodes, "code"), lotByLabel: by(kept.lots, "label"), lotsByNumber: groups(kept.lots, "number"),
    balances: groups(kept.balances, "item"), placeByLabel: by(kept.places, "label"), placeByCode: by(kept.places, "code"),
    contains: new Map(kept.packagings.map((one) => [`${one.item}\n${one.name}`, one.contains])),
  };
}

const unknown = (kept, code, reason = "unknown_code") => ({ kind: "unknown", code, reason, item: null, location: null, balances: [], actions: [], as_of: kept.at });

const ALIKE = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ؤ: "و", ئ: "ي", ء: "", ة: "ه", ى: "ي", "’": "'", œ: "oe", æ: "ae" };

/** One spelling for search, as the house folds it. */
export function folded(text) {
  const plain = text.normalize("NFKC").toLowerCase().replace(/[أإآٱؤئءةى’œæ]/g, (one) => ALIKE[one]);
  return plain.normalize("NFD").replace(/[\p{M}\p{Cf}ـ]/gu, "").split(/\s+/).filter(Boolean).join(" ");
}
