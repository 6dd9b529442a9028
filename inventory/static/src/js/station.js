// The scan page: codes from the camera. The reader and its wasm come from one package, and from us.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";

prepareZXingModule({ overrides: { locateFile: () => new URL(wasm, import.meta.url).href } });

export { readBarcodes };
