/** The dialog that opens a room and takes its host there. */

import { ask } from "./api.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { choices, field, showErrors } from "./form.js";
import { go } from "./navigation.js";
import { AUDIENCE, SPEAK } from "./policies.js";
import { mendCard, topicsOf } from "./room-card.js";

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
    field({ name: "topics", label: "Topics", optional: true, hint: "At most three, with commas between them." }),
    choices({ name: "speak_policy", legend: "Who may ask to speak", choices: listed(SPEAK) }),
    choices({ name: "audience_policy", legend: "Who may listen", choices: listed(AUDIENCE) }),
  );
  form.addEventListener("submit", (event) => send(event, form, submit, dialog));
  const dialog = openDialog({ title: "Start a room", body: [form], actions: [cancel, submit], testid: "start-dialog" });
  form.querySelector("input").focus();
  tellWhoMayNot(form);
}

const listed = (options) => Object.entries(options).map(([value, label]) => ({ value, label }));

/** Whoever may not host is told so, and what is missing, before anything is typed. */
async function tellWhoMayNot(form) {
  const standing = await ask("GET", "accounts/me/hosting").catch(() => null);
  if (standing?.may_host !== false) return;
  const box = form.querySelector(".problem");
  box.hidden = false;
  box.textContent = standing.detail ?? "You may not host a room yet.";
}

async function send(event, form, submit, dialog) {
  event.preventDefault();
  const { topics, ...wish } = Object.fromEntries(new FormData(form));
  showErrors(form, null);
  submit.disabled = true;
  submit.setAttribute("aria-busy", "true");
  try {
    mendCard(form);
    const room = await ask("POST", "rooms", { ...wish, topic_ids: topicsOf(topics) });
    await ask("POST", `rooms/${room.id}/start`, {});
    dialog.close();
    go(`/rooms/${room.id}`);
  } catch (problem) {
    showErrors(form, problem);
    submit.disabled = false;
    submit.removeAttribute("aria-busy");
  }
}
