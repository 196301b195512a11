/** The dialog that opens a room and takes its host there. */

import { ask, Problem } from "./api.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { choices, field, showErrors } from "./form.js";

/** Ask what the room is about, create it, start it, go there. */
export function openStartDialog() {
  const cancel = h("button", { class: "button", type: "button", text: "Cancel", on: { click: () => dialog.close() } });
  const submit = h("button", { class: "button button-primary", type: "submit", form: "start-form", testid: "start-room-submit", text: "Go live" });
  const form = h(
    "form",
    { class: "form", id: "start-form", novalidate: true },
    h("div", { class: "problem", role: "alert", testid: "start-problem", hidden: true }),
    field({ name: "title", label: "What is it about?", limit: 70 }),
    field({ name: "description", label: "Description", rows: 2, limit: 1000, optional: true }),
    choices({ name: "speak_policy", legend: "Who may ask to speak", choices: [
      { value: "everyone", label: "Everyone" },
      { value: "followed_by_host", label: "People I follow" },
      { value: "invited", label: "Only people I invite" },
    ] }),
    choices({ name: "audience_policy", legend: "Who may listen", choices: [
      { value: "public", label: "Everyone" },
      { value: "followers", label: "My followers" },
      { value: "invited", label: "Only people I invite" },
    ] }),
  );
  form.addEventListener("submit", (event) => send(event, form, submit));
  const dialog = openDialog({ title: "Start a room", body: [form], actions: [cancel, submit], testid: "start-dialog" });
  form.querySelector("input").focus();
}

async function send(event, form, submit) {
  event.preventDefault();
  const wish = Object.fromEntries(new FormData(form));
  showErrors(form, null);
  const errors = wrongIn(form, wish);
  if (errors.length > 0) {
    showErrors(form, new Problem({ title: "This needs mending.", errors }));
    return;
  }
  submit.disabled = true;
  submit.setAttribute("aria-busy", "true");
  try {
    const room = await ask("POST", "rooms", wish);
    await ask("POST", `rooms/${room.id}/start`, {});
    location.assign(`/rooms/${room.id}`);
  } catch (problem) {
    showErrors(form, problem);
    submit.disabled = false;
    submit.removeAttribute("aria-busy");
  }
}

function wrongIn(form, wish) {
  const errors = [...form.querySelectorAll("[data-over]")].map(({ name }) => ({ pointer: `/${name}`, detail: "Please shorten this." }));
  if (!wish.title.trim()) errors.push({ pointer: "/title", detail: "A room needs a title." });
  return errors;
}
