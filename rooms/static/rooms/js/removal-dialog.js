/** Putting somebody out: why, and the way back. */

import { toast } from "./announce.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { field } from "./form.js";
import { isolated } from "./sentences.js";

/**
 * Ask for a reason, remove, and offer to take it back.
 * @param {{person: object, command: Function, attempt: Function, mayUndo: boolean}} parts
 */
export function openRemoval({ person, command, attempt, mayUndo }) {
  const cancel = h("button", { class: "button", type: "button", testid: "confirm-no", text: "Cancel", on: { click: () => dialog.close() } });
  const yes = h("button", { class: "button button-danger", type: "submit", form: "removal-form", testid: "confirm-yes", text: "Remove" });
  const form = h("form", { class: "form", id: "removal-form", novalidate: true }, h("p", { text: "They leave now and cannot come back to this room." }), field({ name: "reason", label: "Reason", optional: true, limit: 200, hint: "They and the other leaders can read it." }));
  const dialog = openDialog({ title: `Remove ${isolated(person.name)}?`, body: [form], actions: [cancel, yes], testid: "confirm" });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = form.reason.value.trim();
    dialog.close();
    if (!(await attempt("participant.remove", { account_id: person.account_id, ...(reason ? { reason } : {}) }))) return;
    const undo = { text: "Undo", testid: "undo", act: () => command("removal.lift", { account_id: person.account_id }).then(() => toast(`${isolated(person.name)} may come in again.`), (problem) => toast(problem.words ?? problem.message, "warning")) };
    toast(`${isolated(person.name)} was removed.`, "plain", mayUndo ? undo : undefined);
  });
  cancel.focus();
}
