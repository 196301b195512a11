/** A button that must be held: a slip does nothing. A click, a key or a reader's tap asks instead. */

import { h } from "./dom.js";

const HOLD_MS = 1000;

/**
 * Make a button that acts after one second, or asks when it was only pressed.
 * @param {{label: string, hint: string, testid: string, face: Node[], held: () => void, pressed: () => void}} options
 */
export function holdButton({ label, hint, testid, face, held, pressed }) {
  const button = h("button", { class: "dock-button hold", type: "button", testid, "aria-label": label, title: hint }, ...face);
  let timer = 0;
  let done = false;
  const release = () => {
    clearTimeout(timer);
    button.classList.remove("is-held");
  };
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    done = false;
    button.classList.add("is-held");
    timer = setTimeout(() => {
      done = true;
      release();
      held();
    }, HOLD_MS);
  });
  for (const type of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(type, release);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!done) pressed();
    done = false;
  });
  return button;
}
