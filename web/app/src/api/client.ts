// Asks the API. Paths, parameters, bodies and answers are typed from its description: a change
// there that this page does not know of fails the type check of the build.
import type { components, paths } from "#schema";

export const PREFIX = "/api/v1";

export type Schemas = components["schemas"];
type Paths = {
  [Path in keyof paths as Path extends `/api/v1${infer Rest}` ? Rest : never]: paths[Path];
};
export type Method = "get" | "post" | "put" | "patch" | "delete";
export type PathOf<M extends Method> = {
  [P in keyof Paths]: Paths[P] extends Record<M, { responses: object }> ? P : never;
}[keyof Paths];
type Operation<M extends Method, P> = P extends keyof Paths
  ? Paths[P] extends Record<M, infer Found>
    ? Found
    : never
  : never;
type Content<R> = R extends { content: { "application/json": infer Body } } ? Body : unknown;
export type Answer<M extends Method, P> =
  Operation<M, P> extends { responses: infer R }
    ? Content<R[Extract<keyof R, 200 | 201 | 202>]>
    : never;
export type Body<M extends Method, P> =
  Operation<M, P> extends { requestBody?: infer B }
    ? NonNullable<B> extends { content: { "application/json": infer Sent } }
      ? Sent
      : undefined
    : undefined;
type Parameters<M extends Method, P> =
  Operation<M, P> extends { parameters: infer Found } ? Found : never;
export type Path<M extends Method, P> =
  Parameters<M, P> extends { path: infer Found } ? Found : Record<string, never>;
export type Query<M extends Method, P> =
  Parameters<M, P> extends { query?: infer Found } ? NonNullable<Found> : Record<string, never>;

export interface Asked<M extends Method, P> {
  path?: Path<M, P>;
  query?: Query<M, P>;
  body?: Body<M, P>;
  signal?: AbortSignal;
}

export type Problem = Schemas["Problem"];

/** An answer that is no answer: what went wrong, where, and what to do. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

let key: string | undefined; // lives as long as the tab; never written anywhere

/** Carry a key with every request from now on; nothing ends that. */
export function carry(given: string | undefined) {
  key = given;
}

/** Ask, and get the answer; a problem is thrown as `ProblemError`. */
export async function ask<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  { path: places, query, body, signal }: Asked<M, P> = {},
): Promise<Answer<M, P>> {
  const answer = await send(method, address(path as string, places as object, query as object), {
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    signal,
  });
  return (answer.status === 204 ? undefined : await answer.json()) as Answer<M, P>;
}

/** The address of a question. */
export function address(path: string, places: object = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((places as Record<string, unknown>)[name])),
  );
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const each of Array.isArray(value) ? value : [value]) asked.append(name, String(each));
  }
  return PREFIX + filled + (asked.size ? `?${asked}` : "");
}

/** Send a request with what proves who asks, and that this page asks. */
export async function send(method: string, to: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (key) headers.set("Authorization", `Bearer ${key}`);
  const proof = cookie("csrf");
  if (method !== "get" && proof) headers.set("X-CSRF-Token", proof);
  let answer: Response;
  try {
    answer = await fetch(to, { ...init, method: method.toUpperCase(), headers, credentials: "same-origin" });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ProblemError(unreachable);
  }
  if (!answer.ok) throw new ProblemError(await problemOf(answer));
  return answer;
}

/** Takes a file from the API and hands it to the browser as a download. */
export async function download(to: string, name: string, init: RequestInit & { method?: string } = {}) {
  const answer = await send(init.method ?? "get", to, init);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

const unreachable: Problem = {
  type: "urn:segmentry:unreachable",
  title: "",
  status: 0,
  code: "unreachable",
  detail: "",
};

async function problemOf(answer: Response): Promise<Problem> {
  try {
    const body = (await answer.json()) as Problem;
    if (body.detail) return body;
  } catch {
    // not ours: a proxy in between, say
  }
  return { ...unreachable, status: answer.status, title: answer.statusText, code: "http", detail: `${answer.status} ${answer.statusText}` };
}

function cookie(name: string): string | undefined {
  return document.cookie
    .split("; ")
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
