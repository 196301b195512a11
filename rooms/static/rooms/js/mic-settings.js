/** The microphone's own dialog: which one, and how loud. */

import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { micCheck } from "./mic-check.js";
import { showFix } from "./mic-fix.js";

/** @param {{changed: () => void}} options what to do when another microphone was chosen */
export async function openMicSettings({ changed }) {
  let check;
  try {
    check = await micCheck();
  } catch (problem) {
    showFix(problem, () => openMicSettings({ changed }));
    return;
  }
  const done = h("button", { class: "button button-primary", type: "button", testid: "mic-done", text: "Done", on: { click: () => dialog.close() } });
  const dialog = openDialog({ title: "Your microphone", body: [check.element], actions: [done], testid: "mic-dialog" });
  dialog.addEventListener("close", () => {
    check.close();
    changed();
  });
}
