// The phone's eye: frames go to the browser's own detector where it has one, else to zxing in a worker.

const COOLDOWN = 3000; // ms in which the same code is not taken again
const AWAY = 700; // ms it must have been out of sight before: a code left lying under the eye counts once
const FORMATS = ["qr_code", "data_matrix", "code_128", "code_39", "ean_13", "ean_8", "upc_a", "upc_e", "itf"];

/** Remembers what was seen; take(text) says whether it counts now. */
export class Cooldown {
  #seen = new Map();

  take(text, now = performance.now()) {
    const before = this.#seen.get(text);
    const isNew = !before || (now - before.takenAt >= COOLDOWN && now - before.seenAt >= AWAY);
    this.#seen.set(text, { takenAt: isNew ? now : before.takenAt, seenAt: now });
    return isNew;
  }
}

async function nativeDetector() {
  if (!("BarcodeDetector" in window)) return null;
  const known = await window.BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.includes("qr_code")) return null;
  const detector = new window.BarcodeDetector({ formats });
  return async (source) => (await detector.detect(source)).map((code) => code.rawValue);
}

function workerDetector(address) {
  const worker = new Worker(address, { type: "module" });
  const waiting = new Map();
  let turn = 0;
  worker.addEventListener("message", ({ data }) => {
    waiting.get(data.turn)?.(data.texts);
    waiting.delete(data.turn);
  });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (source) => {
    const width = source.videoWidth || source.naturalWidth || source.width;
    const height = source.videoHeight || source.naturalHeight || source.height;
    const scale = Math.min(1, 1600 / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return new Promise((answer) => {
      waiting.set(++turn, answer);
      worker.postMessage({ turn, image }, [image.data.buffer]);
    });
  };
}

export class Camera {
  #stream = null;
  #cooldown = new Cooldown();
  #reader = null;

  constructor(video, { worker, found }) {
    Object.assign(this, { video, worker, found });
  }

  get isOn() {
    return Boolean(this.#stream);
  }

  /** Throws what getUserMedia throws; the station says it in words. */
  async start() {
    if (!navigator.mediaDevices) throw new DOMException("no camera on this address", "NotFoundError");
    const reader = this.#awake(); // while the camera itself wakes, which takes as long
    this.#stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false,
    });
    this.video.srcObject = this.#stream;
    await this.video.play();
    this.#look(await reader);
  }

  stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.video.srcObject = null;
  }

  get hasTorch() {
    return Boolean(this.#stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
  }

  torch(isOn) {
    return this.#stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: isOn }] });
  }

  /** Codes on a picture from a file. */
  async readPicture(file) {
    const [read, picture] = await Promise.all([this.#awake(), createImageBitmap(file)]);
    return read(picture);
  }

  /** What reads pictures, made once. */
  #awake() {
    return (this.#reader ??= nativeDetector().catch(() => null).then((native) => native ?? workerDetector(this.worker)));
  }

  async #look(read) {
    while (this.#stream) {
      if (this.video.readyState >= 2 && !document.hidden) {
        const texts = await read(this.video).catch(() => []);
        for (const text of texts) if (this.#stream && this.#cooldown.take(text)) this.found(text);
      }
      await new Promise((next) => setTimeout(next, 80));
    }
  }
}
