/** Asking before something that cannot be taken back, or that opens a microphone. */

import { h } from "./dom.js";

let number = 0;

/**
 * Open a modal dialog; it closes with Escape, and focus goes back where it was.
 * @param {{title: string|Node, body: Node[], actions: Node[], testid?: string}} parts
 * @returns {HTMLDialogElement}
 */
export function openDialog({ title, body, actions, testid }) {
  const id = `dialog-${++number}`;
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": id, testid },
    h("div", { class: "dialog-inside" }, h("h2", { id, tabindex: "-1" }, title), ...body, h("div", { class: "dialog-actions" }, ...actions)),
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) dialog.close(); // the backdrop; the inside is another element
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Ask a yes-or-no question.
 * @param {{title: string, text: string, yes: string, no?: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, yes, no = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const agree = h("button", { class: `button ${danger ? "button-danger" : "button-primary"}`, type: "button", testid: "confirm-yes", text: yes });
    const refuse = h("button", { class: "button", type: "button", testid: "confirm-no", text: no });
    const dialog = openDialog({ title, body: [h("p", { text })], actions: [refuse, agree], testid: "confirm" });
    let answer = false;
    agree.addEventListener("click", () => { answer = true; dialog.close(); });
    refuse.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(answer));
    (danger ? refuse : agree).focus();
  });
}
