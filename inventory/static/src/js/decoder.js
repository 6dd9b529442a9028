// The worker: pictures in, texts out. Script and wasm come from one package, both from our own address.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";

// Made ready at once, before the first picture comes.
prepareZXingModule({ overrides: { locateFile: () => new URL(wasm, import.meta.url).href }, fireImmediately: true });

self.addEventListener("message", async ({ data }) => {
  let texts = [];
  try {
    const found = await readBarcodes(data.image, {
      formats: ["QRCode", "DataMatrix", "EANUPC", "Code128", "Code39", "ITF"],
      textMode: "Plain", // the separators of a GS1 code stay as they are; the server reads them
      tryHarder: true,
      maxNumberOfSymbols: 8,
    });
    texts = found.filter((code) => code.isValid).map((code) => code.text);
  } finally {
    self.postMessage({ turn: data.turn, texts });
  }
});
