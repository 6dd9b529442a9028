// The worker: pictures in, codes out. Script and wasm come from one package, both from our own address.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";
import { withoutSlivers } from "./slivers.js";

// Made ready at once, before the first picture comes.
prepareZXingModule({ overrides: { locateFile: () => new URL(wasm, import.meta.url).href }, fireImmediately: true });

const CERTAIN = ["QRCode", "DataMatrix"]; // they correct errors or show none; bars may be misread
const TRADE_UNIT = 14; // digits; shorter ones of interleaved bars are found in any fence

const isLikely = (code) => code.isValid && !(code.format === "ITF" && code.text.length !== TRADE_UNIT);

/** With the prefix of its kind a maker's code is read for certain as one; its separators stay as they are. */
const told = ({ contentType, symbologyIdentifier, text, format }) => ({
  text: contentType === "GS1" ? `${symbologyIdentifier}${text}` : text, isCertain: CERTAIN.includes(format),
});

self.addEventListener("message", async ({ data }) => {
  let codes = [];
  try {
    const found = await readBarcodes(data.image, {
      formats: ["QRCode", "DataMatrix", "EANUPC", "Code128", "Code39", "ITF"], textMode: "Plain", tryHarder: true, maxNumberOfSymbols: 8,
    });
    codes = withoutSlivers(found.filter(isLikely)).map(told);
  } finally {
    self.postMessage({ turn: data.turn, codes });
  }
});
