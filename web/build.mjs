// Bundles the browser code into one script and gathers the licenses of all that went into it.
//
//     node build.mjs OUTPUT_DIRECTORY [FIRST_LINE]
//
// The script is a plain (non-module) one, so that it can be inlined in a report and opened
// from disk. FIRST_LINE becomes its first comment: hatch_build.py recognizes a bundle by it.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const [output, firstLine = "built by hand"] = process.argv.slice(2);
if (!output) {
  console.error("usage: node build.mjs OUTPUT_DIRECTORY [FIRST_LINE]");
  process.exit(2);
}

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/echarts.js"],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "iife",
  target: "es2020",
  charset: "ascii",
  legalComments: "none", // the licenses are written to a file of their own, below
  banner: { js: `/* ${firstLine} */` },
  define: { "process.env.NODE_ENV": '"production"' },
});

const script = result.outputFiles[0].text;
for (const unsafe of ["</script", "<!--"]) {
  // Either would end or swallow the rest of a page that inlines the script.
  if (script.toLowerCase().includes(unsafe)) throw new Error(`the bundle contains ${unsafe}`);
}

// Only packages that gave at least one byte to the bundle are named.
const [outputOf] = Object.values(result.metafile.outputs);
const packages = new Set();
for (const [path, { bytesInOutput }] of Object.entries(outputOf.inputs)) {
  const [, name] = path.match(/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/) ?? [];
  if (name && bytesInOutput > 0) packages.add(name);
}

const rule = "=".repeat(80);
const sections = [...packages].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = licenseFiles(folder).map((file) => {
    const text = readFileSync(file, "utf8").trim();
    return `--- ${relative(folder, file)}\n\n${text}`;
  });
  if (texts.length === 0) throw new Error(`${name} ships no license text`);
  return `${rule}\n${name} ${version} (${license})\n${rule}\n\n${texts.join("\n\n")}\n`;
});

mkdirSync(output, { recursive: true });
save("THIRD_PARTY_LICENSES.txt", `Packages bundled in echarts.min.js, with their licenses.\n\n${sections.join("\n")}`);
save("echarts.min.js", script);
console.log(`${[...packages].sort().join(", ")}: ${(script.length / 1024).toFixed(0)} KiB`);

/** License and notice files of a package: at its root, and in a folder named `licenses`. */
function licenseFiles(folder) {
  const named = (name) => /^(licen[cs]e|notice|copyright)/i.test(name);
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && named(entry.name))
    .map((entry) => join(folder, entry.name));
  const more = join(folder, "licenses");
  if (existsSync(more)) found.push(...readdirSync(more).map((name) => join(more, name)));
  return found.sort();
}

/** Writes beside the target, then renames: a build cut short leaves no half a file. */
function save(name, text) {
  const target = join(output, name);
  writeFileSync(`${target}.part`, text);
  renameSync(`${target}.part`, target);
}
