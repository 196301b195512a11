/** Changing what a live room is about, and who may come in. */

import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { field, showErrors } from "./form.js";
import { AUDIENCE, policyChoice, SPEAK } from "./policies.js";
import { mendCard, topicsOf } from "./room-card.js";

/** @param {{command: Function, attempt: Function, state: () => object}} parts */
export function open({ command, attempt, state }) {
  const room = state();
  const policies = [
    policyChoice({ id: "audience-policy", name: "audience_policy", label: "Who may listen", options: AUDIENCE, change: (policy) => attempt("policies.change", policy) }),
    policyChoice({ id: "speak-policy", name: "speak_policy", label: "Who may ask to speak", options: SPEAK, change: (policy) => attempt("policies.change", policy) }),
  ];
  const form = h(
    "form",
    { class: "form", id: "card-form", novalidate: true },
    h("div", { class: "problem", role: "alert", hidden: true }),
    field({ name: "title", label: "Title", limit: 70, value: room.title }),
    field({ name: "description", label: "Description", rows: 3, limit: 1000, optional: true }),
    field({ name: "topics", label: "Topics", optional: true, hint: "At most three, with commas between them.", value: room.topic_ids.join(", ") }),
  );
  form.description.value = room.description;
  const close = h("button", { class: "button", type: "button", text: "Close", on: { click: () => dialog.close() } });
  const save = h("button", { class: "button button-primary", type: "submit", form: "card-form", testid: "card-submit", text: "Save" });
  const dialog = openDialog({ title: "Edit the room", body: [form, h("div", { class: "dialog-aside" }, h("p", { class: "quiet", text: "These count as soon as you choose:" }), ...policies.map(({ element }) => element))], actions: [close, save], testid: "card-dialog" });
  for (const policy of policies) policy.render(room);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    showErrors(form, null);
    const change = changed(form, room);
    try {
      mendCard(form);
      if (Object.keys(change).length > 0) await command("card.change", change);
      dialog.close();
    } catch (problem) {
      showErrors(form, problem);
    }
  });
  form.querySelector("input").focus();
}


/** Only what is different is sent: two people may edit at once. */
function changed(form, room) {
  const now = { title: form.title.value.trim(), description: form.description.value.trim(), topic_ids: topicsOf(form.topics.value) };
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => String(value) !== String(room[name])));
}
