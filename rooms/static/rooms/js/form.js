/** Labelled fields, and saying what is wrong with which of them. */

import { h } from "./dom.js";

/**
 * Make a field with its label, hint and room for its own error.
 * @param {{name: string, label: string, hint?: string, type?: string, rows?: number, [attribute: string]: unknown}} parts
 */
export function field({ name, label, hint, rows, optional, ...attributes }) {
  const id = `field-${name}`;
  const control = h(rows ? "textarea" : "input", {
    id, name, rows, class: "input", testid: `field-${name}`, dir: "auto", required: !optional,
    "aria-describedby": [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" "),
    ...(rows ? {} : { type: "text" }), ...attributes,
  });
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label, optional && h("span", { class: "quiet", text: " (optional)" })),
    control,
    hint && h("p", { class: "hint", id: `${id}-hint`, text: hint }),
    h("p", { class: "field-error", id: `${id}-error` }),
  );
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
 * Show a problem above a form and beside the fields that it names; null clears.
 * @param {HTMLFormElement} form
 * @param {import("./api.js").Problem|null} problem
 */
export function showErrors(form, problem) {
  const box = form.querySelector(".problem");
  box.hidden = !problem;
  box.textContent = problem?.words ?? "";
  for (const control of form.querySelectorAll(".input")) {
    const error = problem?.errors?.find(({ pointer }) => pointer?.replace(/^[#/]+/, "") === control.name);
    control.toggleAttribute("aria-invalid", false);
    if (error) control.setAttribute("aria-invalid", "true");
    form.querySelector(`#${control.id}-error`).textContent = error?.detail ?? "";
  }
  form.querySelector("[aria-invalid=true]")?.focus();
}
