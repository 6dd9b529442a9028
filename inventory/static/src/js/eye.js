// The camera of the station: opened on demand, its torch, and a code on a picture from a file.
import { Camera } from "./camera.js";

export class Eye {
  constructor(station) {
    this.station = station;
    this.camera = new Camera(station.part("video"), { worker: station.set.worker, found: (text) => station.scan(text) });
    station.part("picture").addEventListener("change", (event) => this.readPicture(event.target));
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
    } catch (refusal) {
      this.camera.stop();
      room.hidden = true;
      this.station.banner("refused", this.station.word(refusal.name === "NotAllowedError" ? "cameraDenied" : "cameraMissing"));
    }
    return button.setAttribute("aria-pressed", String(this.camera.isOn));
  }

  close() {
    if (!this.camera.isOn) return;
    this.camera.stop();
    this.station.part("eye").hidden = true;
    this.station.root.querySelector("[data-act=look]").setAttribute("aria-pressed", "false");
  }

  torch(button) {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isOn));
    this.camera.torch(isOn);
  }

  async readPicture(input) {
    const texts = input.files.length ? await this.camera.readPicture(input.files[0]).catch(() => []) : [];
    input.value = "";
    if (!texts.length) this.station.banner("refused", this.station.word("noCode"));
    for (const text of texts) this.station.scan(text);
  }
}
