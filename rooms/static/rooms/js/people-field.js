/** Naming people by their handles: each is looked up before it counts. */

import { ask } from "./api.js";
import { h, keyed, nameOf, write } from "./dom.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";

/**
 * Make a field that collects people.
 * @param {{most: number}} options
 * @returns {{element: HTMLElement, take: () => Promise<boolean>, tell: (words: string) => void, chosen: () => object[]}}
 */
export function peopleField({ most }) {
  const chosen = [];
  const input = h("input", { class: "input", id: "field-people", testid: "field-people", type: "text", autocomplete: "off", autocapitalize: "none", spellcheck: "false", "aria-describedby": "field-people-hint field-people-error" });
  const add = h("button", { class: "button", type: "button", testid: "add-person", text: "Add" });
  const error = h("p", { class: "field-error", id: "field-people-error", role: "alert" });
  const list = h("ul", { class: "people-chosen", "aria-label": "Chosen people" });
  const show = () => keyed(list, chosen.map((person) => ({ person })), { key: ({ person }) => person.id, create, update: () => undefined });

  function create({ person }) {
    const off = h("button", { class: "icon-button", type: "button", "aria-label": `Do not invite ${person.name}` }, icon("close"));
    off.addEventListener("click", () => { chosen.splice(chosen.indexOf(person), 1); show(); input.focus(); });
    return h("li", { class: "person-chip", testid: "person-chip" }, face(person, "tiny"), nameOf(person.name), off);
  }

  /** Look up what was typed, one handle or several; what nobody is called stays in the field. */
  async function take() {
    const handles = input.value.toLowerCase().split(/[\s,;]+/).map((word) => word.replace(/^@/, "")).filter(Boolean);
    tell("");
    while (handles.length > 0) {
      try {
        await takeOne(handles[0]);
      } catch (problem) {
        tell(problem.words ?? problem.message);
        input.focus();
        return false;
      }
      handles.shift();
      input.value = handles.join(", ");
    }
    return true;
  }

  async function takeOne(handle) {
    const person = (await ask("GET", `accounts?handle=${encodeURIComponent(handle)}`)).results[0];
    if (!person) throw new Error(`Nobody here is called @${handle}.`);
    if (!chosen.some(({ id }) => id === person.id) && chosen.length < most) chosen.push(person);
    show();
  }

  function tell(words) {
    write(error, words);
    input.setAttribute("aria-invalid", String(words !== ""));
  }

  add.addEventListener("click", () => take().then(() => input.focus()));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take();
  });
  const element = h("div", { class: "field" }, h("label", { for: "field-people", text: "Handles" }), h("div", { class: "people-add" }, input, add), h("p", { class: "hint", id: "field-people-hint", text: "Such as @ana, @bo." }), error, list);
  return { element, take, tell, chosen: () => chosen };
}
