/** Where a guest becomes a person like all others: asked when something takes a name. */

import { showAccount } from "./account-menu.js";
import { announce } from "./announce.js";
import { ask, Problem } from "./api.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { field, showErrors } from "./form.js";
import { keepSession } from "./session.js";

/**
 * Ask for name, handle and password; the room and its sound go on meanwhile.
 * @returns {Promise<boolean>} whether the person has a name now
 */
export function askForName() {
  const form = h(
    "form",
    { class: "form", id: "name-form", novalidate: true },
    h("div", { class: "problem", role: "alert", hidden: true, testid: "name-problem" }),
    field({ name: "name", label: "Your name", hint: "As others see it on stage.", autocomplete: "name", maxlength: 50 }),
    field({ name: "handle", label: "Handle", autocomplete: "username", maxlength: 30, hint: "3 to 30 letters, digits or _.", autocapitalize: "none", spellcheck: "false" }),
    field({ name: "password", label: "Password", type: "password", autocomplete: "new-password", hint: "At least 8 characters." }),
  );
  const no = h("button", { class: "button", type: "button", testid: "name-cancel", text: "Not now" });
  const yes = h("button", { class: "button button-primary", type: "submit", form: "name-form", testid: "name-submit", text: "Go on" });
  const dialog = openDialog({ title: "What is your name?", body: [h("p", { class: "quiet", text: "Who speaks here has a name. You stay in the room." }), form], actions: [no, yes], testid: "name-dialog" });
  let named = false;
  no.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    yes.disabled = true;
    named = await sent(form);
    yes.disabled = false;
    if (named) dialog.close();
  });
  form.elements.name.focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(named)));
}

/** Choose the name; a refusal is shown beside the word that it is about. */
async function sent(form) {
  const values = Object.fromEntries(new FormData(form));
  values.handle = values.handle.trim().replace(/^@/, "").toLowerCase();
  const empty = Object.keys(values).filter((name) => !values[name].trim());
  showErrors(form, null);
  try {
    if (empty.length > 0) throw new Problem({ title: "Please fill in every field.", errors: empty.map((name) => ({ pointer: `/${name}`, detail: "Please fill this in." })) });
    keepSession(await ask("PUT", "accounts/me/name", values));
  } catch (problem) {
    showErrors(form, problem);
    return false;
  }
  showAccount();
  announce(`You are ${values.name.trim()} now.`);
  return true;
}
