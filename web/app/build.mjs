// Builds the page: types of the API, type check, bundle, packed copies, licenses.
//
//     node app/build.mjs OUTPUT_DIRECTORY [FIRST_LINE]
//
// FIRST_LINE becomes a comment in the first line of index.html: hatch_build.py recognizes a build
// by it. index.html is written last, so a build cut short is not taken for a finished one.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "vite";

import { licensesOf } from "../licenses.mjs";
import { writeTypes } from "./types.mjs";

const app = dirname(fileURLToPath(import.meta.url));
const modules = join(app, "..", "node_modules");
const [output, firstLine = "built by hand"] = process.argv.slice(2);
if (!output) {
  console.error("usage: node app/build.mjs OUTPUT_DIRECTORY [FIRST_LINE]");
  process.exit(2);
}

await writeTypes();
const checked = spawnSync(
  process.execPath,
  [join(modules, "typescript", "bin", "tsc"), "--project", app],
  { stdio: "inherit" },
);
if (checked.status !== 0) process.exit(1);

rmSync(output, { recursive: true, force: true });
const { packages, index } = await bundled();
const files = readdirSync(join(output, "assets"));
files.filter((name) => /\.(js|css|svg)$/.test(name)).forEach((name) => pack(join(output, "assets", name)));
writeFileSync(
  join(output, "THIRD_PARTY_LICENSES.txt"),
  `Packages bundled in the page, with their licenses.\n\n${licensesOf(packages, modules)}`,
);
writeFileSync(
  join(output, "index.html"),
  index.replace("<!doctype html>", `<!doctype html><!-- ${firstLine} -->`),
);

/** Bundles with vite; gives the packages that went in, and the page itself. */
async function bundled() {
  mkdirSync(output, { recursive: true });
  await build({ root: app, configFile: join(app, "vite.config.ts"), logLevel: "warn", build: { outDir: output } });
  const list = join(output, "packages.json");
  const page = join(output, "index.html");
  const found = { packages: JSON.parse(readFileSync(list, "utf8")), index: readFileSync(page, "utf8") };
  rmSync(list);
  rmSync(page);
  return found;
}

/** Puts packed copies beside a file, so that the server need not pack it for each visitor. */
function pack(path) {
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
}
