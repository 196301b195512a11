/** Telling people what happened: to ears through a live region, to eyes through a toast. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const STAYS_MS = 6000;
const queue = [];
let speaking = false;

/**
 * Say a sentence to assistive technology, one after the other.
 * @param {string} sentence
 */
export function announce(sentence) {
  queue.push(sentence);
  if (queue.length > 6) queue.splice(0, queue.length - 6); // a burst: the newest matter
  if (!speaking) speakNext();
}

function speakNext() {
  const region = document.getElementById("announcer");
  const sentence = queue.shift();
  speaking = sentence !== undefined;
  if (!speaking || !region) return;
  region.textContent = "";
  // Two steps: a reader notices the change even when the same words come twice.
  setTimeout(() => { region.textContent = sentence; }, 40);
  setTimeout(speakNext, 1200);
}

/**
 * Show a short message above the dock and say it.
 * @param {string} sentence
 * @param {"plain"|"warning"} [tone]
 * @param {{text: string, testid: string, act: () => void}} [way] what one may do about it; then it stays longer
 */
export function toast(sentence, tone = "plain", way) {
  announce(sentence);
  const close = h("button", { class: "icon-button", type: "button", "aria-label": "Close this message" }, icon("close"));
  const element = h("div", { class: `toast toast-${tone}`, testid: "toast" }, h("p", { text: sentence }), way && h("button", { class: "toast-way", type: "button", testid: way.testid, text: way.text, on: { click: () => { element.remove(); way.act(); } } }), close);
  const parent = document.getElementById("toasts");
  close.addEventListener("click", () => element.remove());
  parent.append(element);
  while (parent.children.length > 3) parent.firstElementChild.remove();
  const timer = () => setTimeout(() => element.remove(), way ? 2 * STAYS_MS : STAYS_MS);
  let running = timer();
  element.addEventListener("pointerenter", () => clearTimeout(running));
  element.addEventListener("pointerleave", () => { running = timer(); });
}
