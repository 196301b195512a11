/** What a room's card may say: checked here so that nobody waits for an answer to hear it. */

import { Problem } from "./api.js";

const MOST_TOPICS = 3;

/** Return the topics of a line of words with commas. */
export function topicsOf(text) {
  return [...new Set(text.split(",").map((topic) => topic.trim().replace(/^#/, "")).filter(Boolean))];
}

/**
 * Complain about what is missing or too long.
 * @param {HTMLFormElement} form
 * @throws {Problem} that names the fields
 */
export function mendCard(form) {
  const errors = [...form.querySelectorAll("[data-over]")].map(({ name }) => ({ pointer: `/${name}`, detail: "Please shorten this." }));
  if (!form.title.value.trim()) errors.push({ pointer: "/title", detail: "A room needs a title." });
  if (topicsOf(form.topics?.value ?? "").length > MOST_TOPICS) errors.push({ pointer: "/topics", detail: "Three topics at most." });
  if (errors.length > 0) throw new Problem({ title: "This needs mending.", errors });
}
