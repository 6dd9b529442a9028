// Unpack the browser that the npm package @sparticuz/chromium carries: no download, no root, no system library.
// node tests/browser/chromium.mjs FOLDER        leaves FOLDER/chromium and FOLDER/lib (Linux on x86-64 with glibc).
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const target = path.resolve(process.argv[2] ?? ".cache/chromium");
const packed = path.resolve(import.meta.dirname, "../../node_modules/@sparticuz/chromium/bin");

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log("This browser package is for Linux on x86-64 only: set BROWSER_PATH, or put chromium on the PATH.");
  await mkdir(target, { recursive: true });
  process.exit(0);
}

const unpack = (name, place, mode = 0o644) =>
  pipeline(createReadStream(path.join(packed, name)), createBrotliDecompress(), createWriteStream(place, { mode }));

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
// Under another name until it is whole: an interrupted run leaves nothing that looks like a browser.
await unpack("chromium.br", path.join(target, "unfinished"), 0o755);
for (const archive of ["al2023.tar", "swiftshader.tar"]) {
  const place = path.join(target, archive);
  await unpack(`${archive}.br`, place);
  execFileSync("tar", ["--extract", "--file", place, "--directory", target, "--no-same-owner"]);
  await rm(place);
}
await rename(path.join(target, "unfinished"), path.join(target, "chromium"));
