// Goods on the counter, the books say none, a crew waits: the lines for which there is too little leave on a slip to
// regularise, with who took them and a photo. It changes no stock; the rest of the paper stays on the table.
import { now } from "./clock.js";

const SIDE = 1280; // pixels of the longer side: enough to see what was handed out, small enough for a weak network
const QUALITY = 0.8;

export class Regularising {
  #photo = null;
  #seeing = null; // while a photo is being made small

  constructor(station) {
    this.station = station;
    this.room = station.part("regularise");
    this.dialog = station.part("slipDialog");
    if (!this.room) return; // only who issues writes slips
    station.part("slipForm").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#write();
    });
    station.part("slipPhoto").addEventListener("change", ({ target }) => { this.#seeing = this.#see(target); });
  }

  /** The way to a slip stands there only while something is wanting. */
  draw() {
    if (!this.room) return;
    this.room.hidden = !this.station.tally.wanting().length || this.station.isPosting;
  }

  /** Asks who takes them, and for a picture. */
  ask() {
    const { station } = this;
    const wanting = station.tally.wanting();
    if (!wanting.length || station.isPosting) return;
    if (!station.head.party()) {
      station.banner("refused", station.word("partyFirst"));
      station.root.querySelector(`#${station.set.party}`).focus();
      return;
    }
    const missing = wanting.flatMap((line) => station.tally.missing(line)).filter((name) => name !== "reason");
    if (missing.length) station.banner("refused", station.word("fieldsLeft"));
    else this.dialog.showModal();
  }

  async #write() {
    const { station } = this;
    const receiver = station.part("receiver").value.trim();
    const isPhotoWanted = station.part("slipPhoto").files.length > 0;
    await this.#seeing; // whoever is quick loses no photo
    const photo = this.#photo;
    if (!receiver || !this.dialog.open || (isPhotoWanted && !photo)) return; // a photo that is none was told of
    this.dialog.close();
    station.handover.give(async () => {
      const lines = station.tally.wanting();
      if (!lines.length) return null;
      const orders = [...lines].reverse().map((line) => station.tally.order(line));
      const body = {
        warehouse: station.set.warehouse, service: station.head.value("service"), receiver, note: station.head.value("note"), photo,
        made_at: new Date(now()).toISOString(),
        lines: orders.map(({ item, quantity, unit, lot, location, first_number, last_number }) => ({ item, quantity, unit, lot, location, first_number, last_number })),
      };
      return {
        call: "slips", kind: "slip", body, table: { ...station.tally.table(), lines }, left: station.tally.without(lines), moves: [],
        party: station.head.partyName(), done: () => this.#clear(), show: (slip) => this.#show(slip),
      };
    });
  }

  #clear() {
    this.#photo = null;
    this.station.part("slipForm").reset();
    this.station.part("slipSeen").hidden = true;
    if (!this.station.tally.lines.length) this.station.head.clear();
  }

  #show(slip) {
    const { station } = this;
    const room = station.part("slipWritten");
    room.querySelector('[data-field="number"]').textContent = slip.number;
    room.querySelector('[data-field="reference"]').textContent = slip.reference;
    room.querySelector('[data-field="open"]').href = station.set.slips + encodeURIComponent(slip.id);
    const left = station.tally.lines.length;
    room.querySelector('[data-field="left"]').textContent = left ? station.word("linesLeft", { count: left }) : "";
    room.hidden = false;
    room.scrollIntoView({ block: "start" });
    room.querySelector("[data-act=next]").focus({ preventScroll: true });
    station.banner("accepted", station.word("slipWritten", { number: slip.number }));
  }

  /** The picture as it will be sent: small, in base64; shown before it is. */
  async #see(input) {
    const [file] = input.files;
    this.#photo = null;
    const shown = this.station.part("slipSeen");
    shown.hidden = true;
    if (!file) return;
    try {
      const picture = await small(file);
      this.#photo = picture.slice(picture.indexOf(",") + 1);
      const seen = Object.assign(document.createElement("img"), { src: picture, alt: shown.dataset.alt });
      shown.replaceChildren(seen);
      shown.hidden = false;
    } catch {
      this.station.banner("refused", this.station.word("badPhoto"));
      input.value = "";
    }
  }
}

async function small(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const ground = document.createElement("canvas");
  [ground.width, ground.height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const pen = ground.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, ground.width, ground.height);
  pen.drawImage(picture, 0, 0, ground.width, ground.height);
  picture.close();
  return ground.toDataURL("image/jpeg", QUALITY);
}
