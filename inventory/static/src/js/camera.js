// The eye itself: frames and pictures go to the browser's own detector where it has one, else to zxing in a worker.
import { Sight } from "./sight.js";

const FORMATS = ["qr_code", "data_matrix", "code_128", "code_39", "ean_13", "ean_8", "upc_a", "upc_e", "itf"];
const CERTAIN = ["qr_code", "data_matrix"];
const PAUSE = 80; // ms between two looks
const SIDE = 1600; // dots of the longer side in which codes are looked for first,
const LARGEST = 4096; // then up to all of them,
const SMALLEST = 1000; // and a picture smaller than this once more twice as large

async function nativeDetector() {
  if (!("BarcodeDetector" in window)) return null;
  const known = await window.BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.includes("qr_code")) return null;
  const detector = new window.BarcodeDetector({ formats });
  return async (source) => (await detector.detect(source)).map(({ rawValue, format }) => ({ text: rawValue, isCertain: CERTAIN.includes(format) }));
}

const sides = (source) => [source.videoWidth || source.width, source.videoHeight || source.height];

/** zxing in a worker: (source, longest side in dots) → codes. */
function workerDetector(address) {
  const worker = new Worker(address, { type: "module" });
  const waiting = new Map();
  let turn = 0;
  worker.addEventListener("message", ({ data }) => {
    waiting.get(data.turn)?.answer(data.codes);
    waiting.delete(data.turn);
  });
  worker.addEventListener("error", (event) => {
    for (const { refuse } of waiting.values()) refuse(event);
    waiting.clear();
  });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (source, side = Math.min(SIDE, Math.max(...sides(source)))) => {
    const [width, height] = sides(source);
    const scale = side / Math.max(width, height);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return new Promise((answer, refuse) => {
      waiting.set(++turn, { answer, refuse });
      worker.postMessage({ turn, image }, [image.data.buffer]);
    });
  };
}

export class Camera {
  #stream = null;
  #wish = null; // the start that is wanted; a later one, or a stop, takes its place
  #sight = new Sight();
  #native;
  #worker = null;
  isPaused = false;

  /** @param {{worker: string, found: function, again: function, ended: function}} calls `worker`: the decoder's address;
   *  `found`: called with the texts that came into view together; `again`: with one that came back too soon;
   *  `ended`: when the camera went away by itself */
  constructor(video, calls) {
    Object.assign(this, { video, calls });
  }

  /** On, or about to be. */
  get isOn() {
    return Boolean(this.#wish);
  }

  /** Throws what getUserMedia throws; the station says it in words. */
  async start() {
    if (!navigator.mediaDevices) throw new DOMException("no camera on this address", "NotFoundError");
    const wish = (this.#wish = {});
    this.#awake(); // while the camera itself wakes, which takes as long
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false,
    });
    if (this.#wish !== wish) return stream.getTracks().forEach((track) => track.stop()); // closed while it was asked for
    this.#stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => this.#stream === stream && this.calls.ended());
    if (this.#abilities.focusMode?.includes("continuous")) this.#apply({ focusMode: "continuous" });
    this.video.srcObject = stream;
    await this.video.play();
    this.#look();
    return undefined;
  }

  stop() {
    this.#wish = null;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.video.srcObject = null;
  }

  get #abilities() {
    return this.#stream?.getVideoTracks()[0]?.getCapabilities?.() ?? {};
  }

  #apply(wish) {
    return this.#stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [wish] }).catch(() => {});
  }

  get hasTorch() {
    return Boolean(this.#abilities.torch);
  }

  torch(isOn) {
    return this.#apply({ torch: isOn });
  }

  /** {min, max, step, value} of the zoom, null where the camera has none. */
  get zoomRange() {
    const { zoom } = this.#abilities;
    if (!zoom || !(zoom.max > zoom.min)) return null;
    return { min: zoom.min, max: zoom.max, step: zoom.step || 0.1, value: this.#stream.getVideoTracks()[0].getSettings().zoom ?? zoom.min };
  }

  zoom(value) {
    return this.#apply({ zoom: value });
  }

  /** The texts of the codes on a picture from a file. It need not be quick, so it is looked at in every way there is. */
  async readPicture(file) {
    const picture = await createImageBitmap(file);
    const longest = Math.max(picture.width, picture.height);
    const sizes = [...new Set([Math.min(SIDE, longest), Math.min(LARGEST, longest)])];
    if (longest < SMALLEST) sizes.push(longest * 2);
    const ways = [async () => ((await this.#own()) ?? (() => []))(picture), ...sizes.map((side) => () => this.#zxing(picture, side))];
    for (const way of ways) {
      const codes = await way().catch(() => []);
      if (codes.length) return [...new Set(codes.map((code) => code.text))];
    }
    return [];
  }

  async #awake() {
    if (!(await this.#own())) this.#worker ??= workerDetector(this.calls.worker);
  }

  #own() {
    this.#native ??= nativeDetector().catch(() => null);
    return this.#native;
  }

  #zxing(source, side) {
    this.#worker ??= workerDetector(this.calls.worker);
    return this.#worker(source, side);
  }

  async #codes() {
    const native = await this.#own();
    if (!native) return this.#zxing(this.video);
    return native(this.video).catch(() => {
      this.#native = Promise.resolve(null); // it says that it is there, and is not
      return [];
    });
  }

  async #look() {
    const stream = this.#stream;
    while (this.#stream === stream) {
      if (this.video.readyState >= 2 && !document.hidden && !this.isPaused) {
        const codes = await this.#codes().catch(() => []);
        const { counted, again } = this.#sight.look(codes, performance.now());
        if (this.#stream !== stream) return;
        if (counted.length) this.calls.found(counted);
        for (const text of again) this.calls.again(text);
      }
      await new Promise((next) => setTimeout(next, PAUSE));
    }
  }
}
