// Bundles the browser code into one script and gathers the licenses of all that went into it.
//
//     node report/build.mjs OUTPUT_DIRECTORY [FIRST_LINE]
//
// The script is a plain (non-module) one, so that it can be inlined in a report and opened
// from disk. FIRST_LINE becomes its first comment: hatch_build.py recognizes a bundle by it.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { licensesOf, packageOf } from "../licenses.mjs";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const [output, firstLine = "built by hand"] = process.argv.slice(2);
if (!output) {
  console.error("usage: node report/build.mjs OUTPUT_DIRECTORY [FIRST_LINE]");
  process.exit(2);
}

const result = await build({
  absWorkingDir: web,
  entryPoints: ["report/echarts.js"],
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
  const name = packageOf(path);
  if (name && bytesInOutput > 0) packages.add(name);
}

mkdirSync(output, { recursive: true });
save("THIRD_PARTY_LICENSES.txt", `Packages bundled in echarts.min.js, with their licenses.\n\n${licensesOf(packages, join(web, "node_modules"))}`);
save("echarts.min.js", script);
console.log(`${[...packages].sort().join(", ")}: ${(script.length / 1024).toFixed(0)} KiB`);

/** Writes beside the target, then renames: a build cut short leaves no half a file. */
function save(name, text) {
  const target = join(output, name);
  writeFileSync(`${target}.part`, text);
  renameSync(`${target}.part`, target);
}
