// REST: one request, its answer, and the noes.

import type { Problem } from "./types.js";

export interface Options {
  /** Names the wish: asked again under the same key, it happens once. */
  idempotencyKey?: string;
  /** Only if what is commanded has still this ETag. */
  ifMatch?: string;
  /** Answer 304 if it has still this ETag. */
  ifNoneMatch?: string;
  /** Wait until what is read has reached this position. */
  minPosition?: string;
  onBehalfOf?: string;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  status: number;
  etag: string | null;
  position: string | null;
  location: string | null;
  replayed: boolean;
}

export interface Wish {
  method: string;
  path: string;
  body?: unknown;
  bodyType?: string;
  query?: Record<string, string | number | boolean | null | undefined> | undefined;
}

/** A no (RFC 9457); go by its `code`. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfterS: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
    this.name = "ProblemError";
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

export interface HttpSettings {
  baseUrl: string;
  token?: () => string | null | Promise<string | null>;
  fetch?: typeof fetch;
}

export class Http {
  constructor(private readonly settings: HttpSettings) {}

  async send<T>(wish: Wish, options: Options = {}): Promise<Answer<T>> {
    const url = new URL(wish.path, this.settings.baseUrl);
    for (const [name, value] of Object.entries(wish.query ?? {})) {
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    }
    const type = wish.bodyType ?? "application/json";
    const body = wish.body === undefined ? null : type === "application/json" ? JSON.stringify(wish.body) : String(wish.body);
    const response = await (this.settings.fetch ?? fetch)(url, {
      method: wish.method,
      headers: await this.headers(options, body === null ? null : type),
      body,
      signal: options.signal ?? null,
    });
    const text = await response.text();
    if (!response.ok && response.status !== 304) throw problemOf(response, text);
    const isJson = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
    return {
      data: (isJson && text ? JSON.parse(text) : text || undefined) as T,
      status: response.status,
      etag: response.headers.get("ETag"),
      position: response.headers.get("Position"),
      location: response.headers.get("Location"),
      replayed: response.headers.get("Idempotent-Replayed") === "true",
    };
  }

  private async headers(options: Options, type: string | null): Promise<Headers> {
    const headers = new Headers();
    const token = await this.settings.token?.();
    const known: Array<[string, string | null | undefined]> = [
      ["Authorization", token ? `Bearer ${token}` : null],
      ["Content-Type", type],
      ["Idempotency-Key", options.idempotencyKey],
      ["If-Match", options.ifMatch],
      ["If-None-Match", options.ifNoneMatch],
      ["Min-Position", options.minPosition],
      ["On-Behalf-Of", options.onBehalfOf],
    ];
    for (const [name, value] of known) if (value) headers.set(name, value);
    return headers;
  }
}

function problemOf(response: Response, text: string): ProblemError {
  const after = response.headers.get("Retry-After");
  let problem: Problem = { type: "about:blank", title: response.statusText, status: response.status, code: "unknown" };
  try {
    problem = { ...problem, ...(JSON.parse(text) as Problem) };
  } catch {
    // Something between us and the server answered.
  }
  return new ProblemError(problem, after === null ? null : Number(after));
}
