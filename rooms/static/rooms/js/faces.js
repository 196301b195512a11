/** What stands for a person who has no picture: initials on colours of their own. */

import { h } from "./dom.js";

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Return one or two initials; an emoji counts as one letter, control characters as none.
 * @param {string} name
 */
export function initials(name) {
  const words = [...(name ?? "").replace(/\p{Cc}|(?!\u200d)\p{Cf}|[<>"'&]/gu, "").trim().split(/\s+/u)].filter(Boolean);
  if (words.length === 0) return "?";
  const first = (word) => [...segments.segment(word)][0].segment.toLocaleUpperCase();
  return words.length === 1 ? first(words[0]) : first(words[0]) + first(words.at(-1));
}

/** Pairs of hues in degrees, from the upper corner to the lower; white on them is at least 4.5 : 1. */
const HUES = [[20, -8], [48, 24], [135, 165], [160, 190], [190, 220], [218, 248], [245, 275], [270, 300], [298, 328], [335, 362]];

/**
 * Return the colours of an account: the same on every page and for every viewer.
 * @param {string} accountId
 */
export function hues(accountId) {
  let hash = 2166136261; // FNV-1a, 32 bits
  for (const letter of accountId) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619) >>> 0;
  return HUES[((hash ^ (hash >>> 15)) >>> 0) % HUES.length];
}

/**
 * Make the avatar of a person.
 * @param {{account_id?: string, id?: string, name: string}} person
 * @param {string} [size] a class: small, medium, large
 */
export function face(person, size = "medium") {
  const element = h("span", { class: `face face-${size}`, "aria-hidden": "true", text: initials(person.name) });
  colour(element, person.account_id ?? person.id ?? person.name);
  return element;
}

/** Give an element the colours of an account, for its face and its ring. */
export function colour(element, accountId) {
  const [upper, lower] = hues(accountId);
  element.style.setProperty("--hue", String(upper));
  element.style.setProperty("--hue-low", String(lower));
}
