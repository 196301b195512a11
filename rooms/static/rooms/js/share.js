/** Passing a room's address on: by the phone's own sheet, or over the clipboard. */

import { toast } from "./announce.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

/** Whether this is a phone or tablet with a sheet to share by. */
const hasSheet = () => Boolean(navigator.share) && matchMedia("(pointer: coarse)").matches;

/**
 * Make a button that passes the address of this page on.
 * @param {string} className
 */
export function shareButton(className) {
  const button = h("button", { class: `button button-small share ${className}`, type: "button", testid: "copy-link" }, icon("link"), h("span", { class: "share-word", text: hasSheet() ? "Share link" : "Copy link" }));
  button.addEventListener("click", share);
  return button;
}

async function share() {
  const url = location.origin + location.pathname;
  if (!hasSheet()) return copy(url);
  try {
    await navigator.share({ title: document.title, url });
  } catch (problem) {
    if (problem.name !== "AbortError") await copy(url); // closing the sheet is an answer
  }
}

async function copy(text) {
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (done || copyOldWay(text)) toast("Link copied.");
  else toast(`Copy the link from here: ${text}`, "warning");
}

/** The clipboard is for secure pages only; a server at home may have no certificate. */
function copyOldWay(text) {
  const before = document.activeElement;
  const field = h("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
