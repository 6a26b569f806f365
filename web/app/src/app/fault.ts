// What is told of a fault to those who mend it: where it was, and nothing of what was shown.

/** Parts of the page did not arrive: the server stopped answering, or has newer ones by now. */
export class NotLoadedError extends Error {
  override name = "NotLoadedError";
}

const TELLING = new Set(["TypeError", "ReferenceError", "RangeError"]); // others may quote data
const LINES = 12;

/** The kind of fault, the page's first word and the lines of code; without ids, names and values. */
export function reportOf(error: unknown, path: string, components = "", at = new Date()): string {
  const found = error instanceof Error ? error : new Error();
  const said = TELLING.has(found.name) ? `: ${blanked(found.message)}` : "";
  const frames = (found.stack ?? "").split("\n").filter((line) => /:\d+:\d+\)?$/.test(line));
  const parts = components.split("\n").filter((line) => line.trim());
  const lines = [...frames, ...parts].slice(0, LINES).map((line) => `  ${withoutHost(line.trim())}`);
  const page = `/${path.split("/")[1] ?? ""}`;
  return [`${found.name}${said}`, `page ${page}`, `at ${at.toISOString()}`, ...lines].join("\n");
}

/** What stands in quotes and every number may be data. */
function blanked(message: string): string {
  return message
    .replace(/(["'`“‘]).*["'`”’]/gs, "$1…$1")
    .replace(/\d+/g, "0")
    .slice(0, 200);
}

function withoutHost(line: string): string {
  return line.replace(/https?:\/\/[^/\s]+/g, "").replace(/\?[^:\s)]*/g, "");
}
