// Writes the types of the API from its description, for the type check of the page.
//
//     node app/types.mjs
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";

const web = dirname(dirname(fileURLToPath(import.meta.url)));

/** Writes node_modules/.api/schema.ts; the path stands in tsconfig.json. */
export async function writeTypes() {
  const description = JSON.parse(
    readFileSync(join(web, "..", "docs", "reference", "openapi.json"), "utf8"),
  );
  const folder = join(web, "node_modules", ".api");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "schema.ts"), astToString(await openapiTS(description)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeTypes();
