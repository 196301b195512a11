/** Saying why there is no microphone, and what helps in this browser. */

import { openDialog } from "./dialog.js";
import { h } from "./dom.js";

/**
 * Show what helps.
 * @param {import("./mic.js").MicBlocked} problem
 * @param {() => void} again
 */
export function showFix(problem, again) {
  const retry = h("button", { class: "button button-primary", type: "button", testid: "mic-retry", text: "Try again" });
  const close = h("button", { class: "button", type: "button", text: "Close" });
  const dialog = openDialog({ title: problem.message, body: [h("p", { text: problem.fix })], actions: [close, retry], testid: "mic-fix" });
  close.addEventListener("click", () => dialog.close());
  retry.addEventListener("click", () => {
    dialog.close();
    again();
  });
}
