/** Labelled fields, and saying what is wrong with which of them. */

import { h, write } from "./dom.js";

const NEAR = 0.8; // of a limit: from here on it is counted

/**
 * Make a field with its label, hint and room for its own error.
 * @param {{name: string, label: string, hint?: string, type?: string, rows?: number, limit?: number, [attribute: string]: unknown}} parts
 *   limit is the most characters; what is longer is counted and refused, but never cut
 */
export function field({ name, label, hint, rows, optional, limit, ...attributes }) {
  const id = `field-${name}`;
  const control = h(rows ? "textarea" : "input", {
    id, name, rows, class: "input", testid: `field-${name}`, dir: "auto", required: !optional,
    "aria-describedby": [hint && `${id}-hint`, limit && `${id}-count`, `${id}-error`].filter(Boolean).join(" "),
    ...(rows ? {} : { type: "text" }), ...attributes,
  });
  const count = limit && h("p", { class: "hint", id: `${id}-count`, testid: `count-${name}`, hidden: true });
  if (limit) control.addEventListener("input", () => showCount(control, count, limit));
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label, optional && h("span", { class: "quiet", text: " (optional)" })),
    control,
    hint && h("p", { class: "hint", id: `${id}-hint`, text: hint }),
    count,
    h("p", { class: "field-error", id: `${id}-error` }),
  );
}

/** Characters as the server counts them: a code point is one. */
const lengthOf = (control) => [...control.value.trim()].length;

function showCount(control, count, limit) {
  const length = lengthOf(control);
  const over = length - limit;
  count.hidden = length < limit * NEAR;
  count.classList.toggle("hint-over", over > 0);
  write(count, over > 0 ? `${length} of ${limit} characters: ${over} too many` : `${length} of ${limit} characters`);
  if (over > 0) control.setAttribute("aria-invalid", "true");
  else if (control.hasAttribute("data-over")) {
    control.removeAttribute("aria-invalid");
    count.nextElementSibling.textContent = ""; // what was wrong with it is mended
  }
  control.toggleAttribute("data-over", over > 0);
}

/**
 * Make a group of radio buttons that look like a list of choices.
 * @param {{name: string, legend: string, choices: {value: string, label: string, hint?: string}[]}} parts
 */
export function choices({ name, legend, choices: options }) {
  return h(
    "fieldset",
    { class: "choices" },
    h("legend", { text: legend }),
    ...options.map(({ value, label }, index) =>
      h("label", { class: "choice" }, h("input", { type: "radio", name, value, checked: index === 0, testid: `${name}-${value}` }), h("span", { text: label }))),
  );
}

/**
 * Show a problem beside the fields that it names, or above the form where it names none; null clears.
 * @param {HTMLFormElement} form
 * @param {import("./api.js").Problem|null} problem
 */
export function showErrors(form, problem) {
  const errors = problem?.errors ?? [];
  const at = ({ pointer }) => pointer?.replace(/^[#/]+/, "");
  const elsewhere = errors.length === 0 || errors.some((error) => !form.querySelector(`.input[name="${CSS.escape(at(error) ?? "")}"]`));
  const box = form.querySelector(".problem");
  box.hidden = !problem || !elsewhere;
  box.textContent = box.hidden ? "" : problem.words;
  for (const control of form.querySelectorAll(".input")) {
    const error = errors.find((one) => at(one) === control.name);
    control.toggleAttribute("aria-invalid", false);
    if (error) control.setAttribute("aria-invalid", "true");
    form.querySelector(`#${control.id}-error`).textContent = error?.detail ?? "";
  }
  form.querySelector("[aria-invalid=true]")?.focus();
}
