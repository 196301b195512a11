/** REST: one way to ask, one kind of refusal. */

import { session } from "./session.js";

export const API = "/api/v1";

/** A refusal as the server words it (RFC 9457), or as we do when there was no server. */
export class Problem extends Error {
  constructor(document) {
    super(document.detail || document.title || "Something went wrong.");
    this.name = "Problem";
    this.status = document.status ?? 0;
    this.code = document.code ?? "";
    this.title = document.title ?? "";
    this.errors = document.errors ?? [];
    this.facts = document;
  }

  /** Return one text for a person: the title, then what the refusal's facts add. */
  get words() {
    const { detail, retry_after_s: seconds } = this.facts;
    if (this.code === "may-not-host") return mayNotHost(this.facts);
    return [
      this.title || this.message,
      detail !== this.title && detail,
      seconds > 0 && `Try again in ${seconds} s.`,
    ].filter(Boolean).join(" ");
  }
}

/** Why somebody may not host, with its numbers, and what they can do. */
function mayNotHost({ title, detail, followers, followers_needed: needed, test_group_only: chosen }) {
  if (detail && detail !== title) return detail;
  if (chosen) return "Only people who were chosen for it may host here. Ask whoever runs this server to choose you.";
  if (!(needed > followers)) return `${title} Ask whoever runs this server.`;
  return `Hosting needs ${needed} ${needed === 1 ? "follower" : "followers"} here, and you have ${followers}. Ask whoever runs this server to let you host.`;
}

/**
 * Ask the API; resolves to the answer's body, or throws a Problem.
 * @param {string} method
 * @param {string} path below /api/v1, without the first slash
 * @param {object} [body]
 */
export async function ask(method, path, body) {
  const response = await request(`${API}/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/**
 * Fetch with the token; throws a Problem for anything but 2xx.
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Response>}
 */
export async function request(url, init) {
  let response;
  try {
    response = await fetch(url, { ...init, headers: { ...authorisation(), ...init.headers } });
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new Problem({ title: "The server cannot be reached.", detail: "Check your connection and try again." });
  }
  if (response.ok) return response;
  throw new Problem(await problemOf(response));
}

/** Return the header that says who asks. */
export function authorisation() {
  const token = session()?.token;
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function problemOf(response) {
  const fallback = { status: response.status, title: `The server answered ${response.status}.` };
  try {
    return { ...fallback, ...(await response.json()) };
  } catch {
    return fallback;
  }
}
