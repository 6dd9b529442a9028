// Look up: scan anything and see what it is, where it lies, how much of it, what moved lately. Changes nothing.
import { named, readAnswer } from "./finding.js";
import { Intake } from "./intake.js";
import * as quantity from "./quantity.js";

const ARROW = document.dir === "rtl" ? "←" : "→";
const day = (iso) => `\u2066${iso.split("-").reverse().join("/")}\u2069`;
const amount = (text) => { const read = quantity.fromServer(text); return read === null ? "" : quantity.shown(read); };

class Lookup extends Intake {
  meaning(code) {
    return this.courier.lookUp(code);
  }

  found(answer) {
    return readAnswer(answer.body.found);
  }

  async take({ code, answer }) {
    if (this.isRefused(answer)) return undefined;
    const told = answer.isGood ? answer.body : { found: { kind: "unknown" } };
    const { found } = told;
    if (found.kind === "details") return this.banner("already", this.word("isDetails"));
    if (found.kind === "unknown") return this.banner("refused", this.whyUnknown(readAnswer(found), code));
    const card = new Card(this, told);
    this.part("seen").replaceChildren(card.shown);
    this.part("empty").hidden = true;
    this.part("asOf").hidden = !found.as_of;
    if (found.as_of) this.part("asOf").querySelector("[data-words]").textContent = this.agedWords(found.as_of);
    return this.banner(found.label_is_old ? "already" : "accepted", card.title, card.total);
  }
}

/** One thing as one sees it. */
class Card {
  constructor(page, { found, items, movements, elsewhere }) {
    Object.assign(this, { page, found, movements, elsewhere, title: "", total: "" });
    this.items = new Map(items.map((item) => [item.code, item]));
    this.shown = page.part("card").content.firstElementChild.cloneNode(true);
    this.#put("kind", page.word(`kind-${found.kind}`));
    this.shown.querySelector('[data-part="old"]').hidden = !found.label_is_old;
    if (found.item) this.#goods();
    else if (found.location) this.#place();
    else this.#paper();
  }

  #goods() {
    const { found, page } = this;
    const { item } = found;
    this.title = named(item);
    this.total = `${amount(found.on_hand)}`;
    this.#head("goods", this.title, item.code);
    if (item.photo) this.#picture(item.photo);
    const until = found.expires_on && page.word(found.expires_on < page.today() ? "expiredOn" : "until", { day: day(found.expires_on) });
    const about = found.kind === "item" ? [] : [`${page.word("lot")} \u2068${found.lot}\u2069`, found.expires_on && (found.expires_on < page.today() ? until : `${until} ${day(found.expires_on)}`)];
    this.#put("about", [item.retired_on && page.word("retired"), ...about].filter(Boolean).join(" · "));
    this.#figures(item);
    this.#table("places", found.balances.map((one) => ({ first: one.location, under: one.location_kind === "shelf" ? "" : page.word(`kind-${one.location_kind}`), second: this.#lot(one), third: amount(one.quantity) })));
    if (!found.balances.length) this.#say("nowhere");
    this.#moved();
    this.#table("elsewhere", this.elsewhere.map((one) => ({ first: named(one), second: one.code, third: amount(one.on_hand) })));
    this.#way("open", page.set.items + encodeURIComponent(item.code), "openItem");
    this.#way("card", page.set.card + encodeURIComponent(item.code));
    if (page.set.labels) this.#way("label", page.set.labels + encodeURIComponent(item.code));
  }

  #figures(item) {
    const { found, page } = this;
    this.shown.querySelector("[data-figures]").hidden = false;
    this.#put("onHand", amount(found.on_hand));
    this.#put("available", amount(found.available));
    this.#put("unit", item.unit_name ?? item.unit);
    const contains = quantity.fromServer(found.contains);
    if (!found.unit || found.unit === item.unit || !contains) return;
    const [held, one] = [quantity.fromServer(found.on_hand), contains];
    const rest = (held * 1000n) % (one * 1000n);
    this.shown.querySelector("[data-packed]").hidden = false;
    this.#put("packaging", page.word("inPackaging", { name: `\u2068${found.unit_name ?? found.unit}\u2069 (${quantity.shown(one)})` }));
    this.#put("packed", `${quantity.shown((held / one) * 1000n)}${rest ? ` + ${quantity.shown(held % one)}` : ""}`);
  }

  #place() {
    const { found, page } = this;
    this.title = named(found.location);
    this.#head("place", this.title, found.location.code);
    this.#put("about", found.warehouse === page.set.warehouse ? "" : page.word("elsewhere", { name: `\u2068${this.title}\u2069` }));
    const of = (one) => this.items.get(one.item);
    this.#table("content", found.balances.map((one) => ({ first: of(one) ? named(of(one)) : one.item, under: one.item, second: this.#lot(one), third: amount(one.quantity), unit: of(one)?.unit_name ?? "" })));
    if (!found.balances.length) this.#say("emptyPlace");
    this.#way("open", `${page.set.places}${encodeURIComponent(found.warehouse)}/content?location=${encodeURIComponent(found.location.code)}`, "openPlace");
  }

  #paper() {
    const { page } = this;
    const paper = this.found.document;
    this.title = `${page.word(`kind-${paper.kind}`)} \u2066${paper.number}\u2069`;
    this.#head("paper", this.title, paper.reference);
    this.#put("about", [day(paper.on), paper.reversed_by && page.word("reversed")].filter(Boolean).join(" · "));
    const of = (line) => this.items.get(line.item);
    this.#table("lines", paper.lines.slice(0, 20).map((line) => ({ first: of(line) ? named(of(line)) : line.item, under: line.item, second: line.lot ?? "", third: amount(line.quantity), unit: of(line)?.unit === line.unit ? of(line)?.unit_name ?? "" : line.unit ?? "" })));
    this.#way("open", page.set.papers + encodeURIComponent(paper.id), "openPaper");
  }

  #moved() {
    const { page } = this;
    if (this.movements === null) return this.#say("noMovements");
    const other = (one) => {
      if (one.direction === "within") return page.word("inside", { source: `\u2068${one.source.code}\u2069`, target: `\u2068${one.target.code}\u2069` });
      return page.word(one.direction === "in" ? "from" : "toward", { name: `\u2068${named(one.direction === "in" ? one.source : one.target)}\u2069` });
    };
    const sign = { in: "+", out: "−", within: ARROW };
    return this.#table("movements", this.movements.map((one) => ({ first: one.reference, href: page.set.papers + encodeURIComponent(one.document), under: `${day(one.on)} · ${other(one)}`, third: `${sign[one.direction]} ${amount(one.quantity)}` })));
  }

  #lot(one) {
    return [one.lot && `\u2068${one.lot}\u2069`, one.expires_on && day(one.expires_on)].filter(Boolean).join(" · ");
  }

  #head(sign, name, code) {
    this.#put("name", name);
    this.#put("code", code);
    for (const one of this.shown.querySelectorAll("[data-sign-of]")) one.hidden = one.dataset.signOf !== sign;
  }

  #picture(address) {
    const [picture, sign] = this.shown.querySelectorAll(".photo");
    picture.addEventListener("load", () => { [picture.hidden, sign.hidden] = [false, true]; });
    picture.src = address;
  }

  #put(name, text) {
    this.shown.querySelector(`[data-field="${name}"]`).textContent = text;
  }

  #say(name) {
    const room = this.shown.querySelector('[data-room="nothing"]');
    room.hidden = false;
    room.textContent = [room.textContent, this.page.word(name)].filter(Boolean).join(" ");
  }

  #way(name, href, words = "") {
    const way = this.shown.querySelector(`[data-way="${name}"]`);
    way.hidden = false;
    way.href = href;
    if (words) way.querySelector("span").textContent = this.page.word(words);
  }

  #table(name, rows) {
    if (!rows.length) return;
    const room = this.shown.querySelector(`[data-room="${name}"]`);
    room.hidden = false;
    room.querySelector("table").hidden = false;
    room.querySelector("tbody").replaceChildren(...rows.map((row) => this.#row(row)));
  }

  #row({ href, ...texts }) {
    const shown = this.page.part("row").content.firstElementChild.cloneNode(true);
    for (const [name, text] of Object.entries(texts)) shown.querySelector(`[data-cell="${name}"]`).textContent = text;
    if (href) {
      const door = document.createElement("a");
      Object.assign(door, { href, className: "door" });
      const cell = shown.querySelector('[data-cell="first"]');
      door.append(...cell.childNodes);
      cell.append(door);
    }
    return shown;
  }
}

document.querySelectorAll("[data-lookup]").forEach((root) => new Lookup(root));
