// The licenses of npm packages, gathered for what is shipped inside the Python package.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const RULE = "=".repeat(80);

/** The name of the package that a bundled module comes from; nothing for our own. */
export function packageOf(path) {
  const [, name] =
    path.match(/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/) ?? [];
  return name;
}

/** Every named package with its version and the texts of its licenses, by name. */
export function licensesOf(packages, modules) {
  const sections = [...packages].sort().map((name) => {
    const folder = join(modules, name);
    const { version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const texts = licenseFiles(folder).map(
      (file) => `--- ${relative(folder, file)}\n\n${readFileSync(file, "utf8").trim()}`,
    );
    if (texts.length === 0) {
      if (license !== "MIT") throw new Error(`${name} ships no license text`);
      texts.push(`By ${author?.name ?? author}; the package ships no text of its license.`);
    }
    return `${RULE}\n${name} ${version} (${license})\n${RULE}\n\n${texts.join("\n\n")}\n`;
  });
  return sections.join("\n");
}

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
