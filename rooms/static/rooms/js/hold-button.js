/** A button that must be held: a slip does nothing. The space bar is held as well as a finger. A click, Enter or a reader's tap asks instead. */

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
  const begin = () => {
    clearTimeout(timer);
    done = false;
    button.classList.add("is-held");
    timer = setTimeout(() => {
      done = true;
      release();
      held();
    }, HOLD_MS);
  };
  button.addEventListener("pointerdown", (event) => event.button === 0 && begin());
  button.addEventListener("keydown", (event) => event.key === " " && !event.repeat && begin()); // its click comes when it is let go
  for (const type of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) button.addEventListener(type, release);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!done) pressed();
    done = false;
  });
  return button;
}
