// Build the face: inventory/static/src → inventory/static/dist, every name with the hash of its content, and manifest.json
// that says which is which ("main.css" → "main-ABCDEFGH.css"). Run by `make assets`; `--watch` builds at every change.
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createHash } from "node:crypto";
import { build as buildOnce, context } from "esbuild";

const house = import.meta.dirname;
const source = path.join(house, "inventory/static/src");
const target = path.join(house, "inventory/static/dist");
const printed = path.join(house, "node_modules/@expo-google-fonts/ibm-plex-sans-arabic");

// What a page may ask for by name. Everything else is reached from these.
const entries = [
  "css/main.css", "js/main.js", "js/station.js", "js/lookup.js", "js/count.js", "js/waiting.js", "js/trial.js", "js/lock.js", "js/decoder.js",
  "icons.svg", "mark.svg",
  "icon-192.png", "icon-512.png", "maskable-512.png",
];

const targets = ["es2020", "chrome90", "firefox90", "safari15"];

/** The name a page asks for: an entry's own, or that of a copied file (font, wasm). */
const nameOf = (output) => path.basename(output.entryPoint ?? Object.keys(output.inputs)[0] ?? "");

const manifest = {
  name: "manifest",
  setup(build) {
    build.onEnd(async ({ errors, metafile }) => {
      if (errors.length) return;
      const made = Object.entries(metafile.outputs).map(([file, output]) => [path.basename(file), output]);
      const named = made.filter(([file, output]) => output.entryPoint || !/\.(js|css|txt)$/.test(file));
      const names = Object.fromEntries(named.map(([file, output]) => [nameOf(output), file]).sort());
      const worker = await buildWorker(made.map(([file]) => file).filter((file) => !file.endsWith(".txt")).sort());
      names["worker.js"] = worker;
      const kept = new Set([...made.map(([file]) => file), worker]);
      // A page that was served a moment ago may still ask for the names of the build before: only a full build clears.
      if (!watching)
        for (const old of await readdir(target, { withFileTypes: true }))
          if (old.isFile() && !kept.has(old.name)) await rm(path.join(target, old.name));
      const draft = path.join(target, "manifest.draft");
      await writeFile(draft, JSON.stringify(names, null, 1));
      await rename(draft, path.join(target, "manifest.json"));
    });
  },
};

/** The service worker: one file, which knows by name all the others that were built. */
async function buildWorker(files) {
  const name = createHash("sha256").update(files.join()).digest("hex").slice(0, 8);
  const made = await buildOnce({
    absWorkingDir: house, entryPoints: [path.join(source, "js/worker.js")], outdir: target, entryNames: "[name]-[hash]",
    bundle: true, format: "iife", target: targets, minify: true, metafile: true, logLevel: "warning",
    define: { "self.BUILT_FILES": JSON.stringify(files), "self.BUILD": JSON.stringify(name) },
  });
  return path.basename(Object.keys(made.metafile.outputs)[0]);
}

/** The same family as TTF for the printed papers: the PDF engine reads no woff2. */
async function copyPrintedFonts() {
  await rm(path.join(target, "ttf"), { recursive: true, force: true });
  for (const weight of ["400Regular", "500Medium", "600SemiBold", "700Bold"])
    await cp(path.join(printed, weight, `IBMPlexSansArabic_${weight}.ttf`), path.join(target, "ttf", `${weight}.ttf`));
}

const watching = process.argv.includes("--watch");
await mkdir(target, { recursive: true });
await copyPrintedFonts();
const building = await context({
  absWorkingDir: house,
  entryPoints: entries.map((entry) => path.join(source, entry)),
  outdir: target,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm", // import.meta.url finds the wasm beside the script, wherever the application is mounted
  target: targets,
  minify: true,
  metafile: true,
  legalComments: "linked",
  loader: { ".woff2": "file", ".wasm": "file", ".mp3": "file", ".svg": "copy", ".png": "copy" },
  logLevel: "warning",
  plugins: [manifest],
});
if (watching) await building.watch();
else {
  await building.rebuild();
  await building.dispose();
}
