// The camera of the station: opened on demand, its torch and zoom, several codes in view, and codes on a picture from a file.
import { Camera } from "./camera.js";
import { Choice } from "./choice.js";

export class Eye {
  constructor(station) {
    this.station = station;
    this.choice = new Choice(station);
    this.camera = new Camera(station.part("video"), {
      worker: station.set.worker, found: (texts) => this.see(texts), ended: () => this.close(),
      again: (text) => station.banner("already", station.word("already", { name: text })),
    });
    station.part("picture").addEventListener("change", (event) => this.readPicture(event.target));
    station.part("zoom").addEventListener("input", (event) => this.camera.zoom(event.target.valueAsNumber));
    // A camera left on in a pocket empties the battery, and some phones give a black picture afterwards.
    document.addEventListener("visibilitychange", () => document.hidden && this.close());
  }

  async turn(button) {
    if (this.camera.isOn) return this.close();
    const room = this.station.part("eye");
    room.hidden = false;
    try {
      await this.camera.start();
      this.station.part("torch").hidden = !this.camera.hasTorch;
      this.showZoom(this.camera.zoomRange);
    } catch (refusal) {
      this.camera.stop();
      room.hidden = true;
      this.station.banner("refused", this.station.word(refusal.name === "NotAllowedError" ? "cameraDenied" : "cameraMissing"));
    }
    return button.setAttribute("aria-pressed", String(this.camera.isOn));
  }

  showZoom(range) {
    const slider = this.station.part("zoom");
    slider.closest("label").hidden = !range;
    if (range) Object.assign(slider, { min: range.min, max: range.max, step: range.step, value: range.value });
  }

  close() {
    this.camera.stop();
    this.station.part("eye").hidden = true;
    this.station.part("torch").setAttribute("aria-pressed", "false");
    this.station.root.querySelector("[data-act=look]").setAttribute("aria-pressed", "false");
  }

  torch(button) {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isOn));
    this.camera.torch(isOn);
  }

  /** The camera looks away while it is asked which of several codes is meant. */
  see(texts) {
    const number = this.station.typedBefore();
    this.camera.isPaused = texts.length > 1;
    return this.station.takeAll(() => this.choice.of(texts, number)).then(() => { this.camera.isPaused = false; });
  }

  async readPicture(input) {
    const texts = input.files.length ? await this.camera.readPicture(input.files[0]).catch(() => []) : [];
    input.value = "";
    if (texts.length) this.see(texts);
    else this.station.banner("refused", this.station.word("noCode"));
  }
}
