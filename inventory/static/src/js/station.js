// The station: place first, then items; each scan is a line, newest on top; posted once.
import { Camera } from "./camera.js";
import { Courier } from "./courier.js";
import { listenToKeys } from "./scanner.js";
import { Tally } from "./tally.js";
import * as quantity from "./quantity.js";
import { isSilent, setSilent, sound, wake } from "./tones.js";

const LEAVING = ["issue", "transfer", "write_off"];
const UNCERTAIN = [400, 401, 403, 429]; // said before the key is looked at: they tell nothing about an earlier attempt
const ARROW = document.dir === "rtl" ? "←" : "→"; // from what was to what will be, in reading order
const TONE = { accepted: "good", refused: "bad", already: "info" };

class Station {
  constructor(root) {
    this.root = root;
    this.set = root.dataset;
    this.courier = new Courier(this.set.api);
    this.tally = new Tally(this.set.keep, LEAVING.includes(this.set.kind));
    this.isDoubtful = this.tally.isLocked;
    this.turn = Promise.resolve();
    this.camera = new Camera(this.part("video"), { worker: this.set.worker, found: (text) => this.scan(text) });
    this.listen();
    this.draw();
    if (this.isDoubtful) this.banner("refused", this.word("doubtful"));
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  /** A sentence of the template, its {places} filled in. */
  word(name, values = {}) {
    return this.part("words").querySelector(`[data-word="${name}"]`).textContent.trim().replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  }

  listen() {
    listenToKeys((physical, typed) => this.scan(physical, typed));
    this.root.addEventListener("pointerdown", wake, { once: true });
    this.part("entry").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = this.part("code");
      if (field.value.trim()) this.scan(field.value.trim());
      field.value = "";
      field.focus();
    });
    this.part("picture").addEventListener("change", (event) => this.readPicture(event.target));
    this.part("lines").addEventListener("click", (event) => this.onLine(event));
    this.part("lines").addEventListener("change", (event) => this.onQuantity(event));
    this.part("lines").addEventListener("focusin", (event) => event.target.select?.());
    this.root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act) this[act]?.(event.target.closest("[data-act]"));
    });
    this.root.addEventListener("picked", () => this.draw());
    this.root.addEventListener("change", (event) => event.target.closest("[data-part=party]") && this.draw());
  }

  // – scanning ------------------------------------------------------------------------------------------------------

  /** One after the other, so that two codes in one burst keep their order. `typed`: what the layout made of the keys. */
  scan(code, typed = "") {
    this.turn = this.turn.then(() => this.take(code, typed)).catch(() => this.banner("refused", this.word("unanswered")));
    return this.turn;
  }

  async take(code, typed) {
    if (this.tally.isLocked) return this.banner("refused", this.word("doubtful"));
    let answer = await this.courier.resolve(code, this.set.warehouse);
    const isUnknown = answer.is === "answered" && (answer.body?.kind === "unknown" || answer.status === 404);
    if (isUnknown && typed && typed !== code) answer = await this.courier.resolve(typed, this.set.warehouse);
    if (answer.is === "unanswered") return this.banner("refused", this.word("unanswered"));
    const found = answer.body;
    if (!answer.isGood && answer.status !== 404) return this.banner("refused", found?.detail ?? this.word("unanswered"));
    if (found.kind === "location") return this.takePlace(found.location ?? found);
    if (["item", "lot", "unit"].includes(found.kind) && found.item) return this.takeItem(found);
    if (found.kind === "document") return this.banner("already", this.word("paper", { number: found.number ?? code }), "", found.href);
    const isAgain = this.tally.noteUnknown(code);
    this.banner(isAgain ? "already" : "refused", this.word("unknown", { code }));
    this.draw();
  }

  takePlace(place) {
    this.tally.place = { code: place.code, name: place.name ?? place.code };
    this.tally.keep();
    this.draw();
    this.banner("accepted", this.word("placed", { name: this.tally.place.name }));
  }

  takeItem(found) {
    if (!this.tally.place) return this.banner("refused", this.word("placeFirst"));
    if (found.is_expired && LEAVING.includes(this.set.kind)) return this.banner("refused", this.word("expired", { name: found.item.name }));
    const { line, isAgain } = this.tally.add(found);
    const isUnitAgain = isAgain && found.unit;
    this.draw(line.id);
    const after = this.tally.after(line);
    const isShort = after !== null && after < 0n;
    const name = isUnitAgain ? "already" : isShort ? "refused" : "accepted";
    const words = isUnitAgain ? this.word("already", { name: line.item.name }) : isShort ? this.short(line) : line.item.name;
    this.banner(name, words, this.change(line));
  }

  short(line) {
    return this.word("short", { name: line.item.name, held: quantity.shown(line.onHand) });
  }

  change(line) {
    const after = this.tally.after(line);
    return after === null ? `+ ${quantity.shown(line.quantity)}` : `${quantity.shown(line.onHand)} ${ARROW} ${quantity.shown(after)}`;
  }

  /** Says by tone, vibration and words the same thing, in a room of its own: nothing jumps, nothing is covered. */
  banner(name, words, change = "", href = "") {
    sound(name);
    const banner = this.part("banner");
    banner.className = `banner is-${TONE[name]}`;
    banner.querySelector(".words").textContent = words;
    banner.querySelector(".change").textContent = change;
    const door = banner.querySelector("a");
    door.hidden = !href;
    if (href) door.href = href;
    banner.querySelectorAll("[data-sign]").forEach((sign) => sign.toggleAttribute("hidden", sign.dataset.sign !== name));
    this.part("announce").textContent = `${words} ${change.replace(ARROW, this.word("to"))}`;
  }

  // – the tools of the eye ------------------------------------------------------------------------------------------

  async eye(button) {
    const eye = this.part("eye");
    if (this.camera.isOn) {
      this.camera.stop();
      eye.hidden = true;
    } else {
      eye.hidden = false;
      try {
        await this.camera.start();
        this.part("torch").hidden = !this.camera.hasTorch;
      } catch (refusal) {
        eye.hidden = true;
        this.banner("refused", this.word(refusal.name === "NotAllowedError" ? "cameraDenied" : "cameraMissing"));
      }
    }
    button.setAttribute("aria-pressed", String(this.camera.isOn));
  }

  torch(button) {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isOn));
    this.camera.torch(isOn);
  }

  async readPicture(input) {
    const texts = input.files.length ? await this.camera.readPicture(input.files[0]).catch(() => []) : [];
    input.value = "";
    if (!texts.length) this.banner("refused", this.word("noCode"));
    for (const text of texts) this.scan(text);
  }

  quiet(button) {
    setSilent(!isSilent());
    button.setAttribute("aria-pressed", String(isSilent()));
  }

  /** For a warehouse without labels on its shelves: its own default place. */
  anyPlace() {
    this.takePlace({ code: null, name: this.word("defaultPlace") });
  }

  changePlace() {
    this.tally.place = null;
    this.tally.keep();
    this.draw();
  }

  // – lines ---------------------------------------------------------------------------------------------------------

  onLine(event) {
    const id = event.target.closest("[data-line]")?.dataset.line;
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (!id || !act || this.tally.isLocked) return;
    if (act === "more") this.tally.step(id, 1n);
    if (act === "less") this.tally.step(id, -1n);
    if (act === "remove") this.tally.remove(id);
    this.draw(id, act);
  }

  onQuantity(event) {
    const id = event.target.closest("[data-line]")?.dataset.line;
    if (!id || !event.target.matches("input")) return;
    const line = this.tally.line(id);
    const amount = quantity.parse(event.target.value, line.item.decimals ?? 0);
    if (amount === null || amount === 0n) {
      event.target.value = quantity.text(line.quantity);
      this.banner("refused", this.word(line.item.decimals ? "badQuantity" : "wholeOnly", { name: line.item.name }));
      return;
    }
    this.tally.set(id, amount);
    this.draw(id);
  }

  dropUnknown(button) {
    this.tally.dropUnknown(button.dataset.code);
    this.draw();
  }

  draw(focusOn = null, act = null) {
    const { tally } = this;
    const place = this.part("place");
    place.classList.toggle("is-set", Boolean(tally.place));
    this.part("placeName").textContent = tally.place?.name ?? this.word("placeFirst");
    place.querySelectorAll("[data-when]").forEach((one) => { one.hidden = (one.dataset.when === "set") !== Boolean(tally.place); });
    this.part("lines").replaceChildren(...tally.lines.map((line, index) => this.drawLine(line, index === 0)));
    this.part("empty").hidden = tally.lines.length > 0;
    this.part("unknown").hidden = tally.unknown.length === 0;
    this.part("unknownList").replaceChildren(...tally.unknown.map((code) => this.drawUnknown(code)));
    this.part("count").textContent = String(tally.lines.length);
    this.part("countWord").textContent = this.word(tally.lines.length === 1 ? "line" : "lines");
    const isShort = tally.lines.some((line) => (tally.after(line) ?? 0n) < 0n);
    this.part("post").disabled = !tally.isLocked && (!tally.lines.length || isShort || tally.unknown.length > 0 || !this.party());
    this.part("blocker").textContent = this.blocker(isShort);
    this.part("silent").setAttribute("aria-pressed", String(isSilent()));
    if (focusOn && act) this.root.querySelector(`[data-line="${CSS.escape(focusOn)}"] [data-do="${act}"]`)?.focus();
  }

  /** Why Post is not ready, in words; empty when it is. */
  blocker(isShort) {
    const { tally } = this;
    if (tally.isLocked) return this.word("doubtful");
    if (!tally.lines.length) return "";
    if (tally.unknown.length) return this.word("unknownLeft");
    if (isShort) return this.word("shortLeft");
    return this.party() ? "" : this.word("partyFirst");
  }

  drawLine(line, isNewest) {
    const shown = this.part("line").content.firstElementChild.cloneNode(true);
    const put = (name, text) => { shown.querySelector(`[data-field="${name}"]`).textContent = text; };
    const after = this.tally.after(line);
    const isShort = after !== null && after < 0n;
    shown.dataset.line = line.id;
    shown.classList.toggle("is-newest", isNewest);
    shown.classList.toggle("is-refused", isShort || Boolean(line.why));
    put("name", line.item.name);
    put("code", line.unit?.number ?? line.item.code);
    const details = [line.lot?.code && `${this.word("lot")} ${line.lot.code}`, line.lot?.expires_on && `${this.word("until")} ${line.lot.expires_on}`, line.place?.code];
    put("detail", details.filter(Boolean).map((detail) => ` · \u2068${detail}\u2069`).join(""));
    put("change", this.change(line));
    put("unit", line.item.unit ?? "");
    put("packaging", line.packaging ? `× ${line.packaging.name} (${quantity.shown(quantity.fromServer(line.packaging.contains))})` : "");
    put("why", line.why || (isShort ? this.short(line) : ""));
    const photo = shown.querySelector("img");
    if (line.item.photo) {
      photo.src = line.item.photo;
      photo.hidden = false;
      photo.nextElementSibling.hidden = true;
    }
    const field = shown.querySelector("input");
    field.value = quantity.text(line.quantity);
    field.inputMode = line.item.decimals ? "decimal" : "numeric";
    field.setAttribute("aria-label", `${this.word("quantity")} – ${line.item.name}`);
    if (line.unit) shown.querySelectorAll(".stepper input, .stepper button").forEach((part) => { part.disabled = true; });
    return shown;
  }

  drawUnknown(code) {
    const shown = this.part("unknownLine").content.firstElementChild.cloneNode(true);
    shown.querySelector("bdi").textContent = code;
    shown.querySelector("button").dataset.code = code;
    const door = shown.querySelector("a");
    if (door) door.href = `${door.getAttribute("href")}${encodeURIComponent(code)}`;
    return shown;
  }

  // – posting -------------------------------------------------------------------------------------------------------

  /** The other side of the paper, as the API names it: {"target": {"service": "BH-ANFA"}}; null while it is not chosen. */
  party() {
    const { side, party } = this.set;
    if (!party) return {};
    const value = this.root.querySelector(`[name="${party}"]`)?.value;
    return value ? { [side]: { [party]: value } } : null;
  }

  /** Asks once, in words; an unanswered paper goes again as it is. */
  ask() {
    if (this.tally.isLocked) return this.post();
    this.part("question").textContent = this.word("confirm", { count: this.tally.lines.length });
    this.part("confirm").showModal();
    return null;
  }

  async post() {
    const button = this.part("post");
    this.part("confirm").close();
    const note = this.root.querySelector("[name=note]")?.value ?? "";
    const frame = { kind: this.set.kind, warehouse: this.set.warehouse, on: this.root.querySelector("[name=on]")?.value || this.set.on, ...(this.party() ?? {}), note };
    if (this.set.origin) frame.origin = this.set.origin;
    const { key, paper } = this.tally.send(frame);
    button.disabled = true;
    const answer = await this.courier.post(paper, key);
    if (answer.is === "answered" && answer.isGood) this.posted(answer.body);
    else if (answer.is === "unanswered" || (this.isDoubtful && UNCERTAIN.includes(answer.status))) this.doubt(answer);
    else this.refuse(answer.body);
    this.draw();
  }

  doubt(answer) {
    this.isDoubtful = true;
    this.banner("refused", answer.body?.detail ?? this.word("doubtful"));
  }

  refuse(problem) {
    this.isDoubtful = false;
    const reasons = (problem?.errors ?? []).map((error) => ({ index: Number(/\/lines\/(\d+)/.exec(error.pointer ?? "")?.[1] ?? -1), text: error.detail ?? error.message ?? "" }));
    this.tally.refused(reasons);
    this.banner("refused", problem?.detail ?? problem?.title ?? this.word("unanswered"));
  }

  posted(paper) {
    this.isDoubtful = false;
    const names = new Map(this.tally.lines.map((line) => [line.item.code, line.item.name]));
    this.tally.done();
    if (this.camera.isOn) this.eye(this.root.querySelector("[data-act=eye]"));
    const result = this.part("result");
    result.querySelector("[data-field=number]").textContent = paper.number;
    result.querySelector("[data-field=reference]").textContent = paper.reference ?? "";
    result.querySelector("[data-field=open]").href = `${this.set.papers}${encodeURIComponent(paper.id)}`;
    result.querySelector("[data-field=print]").href = `${this.set.api}/documents/${encodeURIComponent(paper.id)}.pdf`;
    result.querySelector("tbody").replaceChildren(...paper.lines.map((line) => this.drawPosted(line, names)));
    result.hidden = false;
    this.part("work").hidden = true;
    result.querySelector("[data-act=next]").focus();
    this.banner("accepted", this.word("posted", { number: paper.number }));
  }

  drawPosted(line, names) {
    const row = this.part("postedLine").content.firstElementChild.cloneNode(true);
    const texts = { name: names.get(line.item) ?? line.item, quantity: line.quantity, balance: line.balance };
    for (const [name, text] of Object.entries(texts)) {
      const amount = name === "name" ? null : quantity.fromServer(text);
      row.querySelector(`[data-field="${name}"]`).textContent = amount === null ? (text ?? "") : quantity.shown(amount);
    }
    return row;
  }

  next() {
    this.part("result").hidden = true;
    this.part("work").hidden = false;
    this.draw();
    this.part("code").focus();
  }
}

document.querySelectorAll("[data-station]").forEach((root) => new Station(root));
