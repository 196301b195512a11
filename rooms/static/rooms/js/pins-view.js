/** What is pinned to the room: texts and links, for everybody to see. */

import { h, keyed } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Make the row of pins.
 * @param {{unpin: (pin: object) => void}} options
 */
export function pinsView({ unpin }) {
  const list = h("ul", { class: "pins-list", "aria-label": "Pinned" });
  const element = h("section", { class: "pins", "aria-label": "Pinned", hidden: true }, list);

  function create({ pin }) {
    const safe = safeLink(pin.url);
    const words = h("span", { class: "pin-words" }, pin.text && h("span", { class: "pin-text", dir: "auto", text: pin.text }), pin.url && h("span", { class: "pin-host", dir: "ltr", text: safe ? safe.host : pin.url }));
    const card = safe ? h("a", { class: "pin-card", href: safe.href, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, icon("link"), words, h("span", { class: "unseen", text: "(opens in a new tab)" })) : h("span", { class: "pin-card" }, icon("pin"), words);
    const off = h("button", { class: "icon-button pin-off", type: "button", testid: "unpin", "aria-label": `Take down: ${pin.text || pin.url}` }, icon("close"));
    off.addEventListener("click", () => unpin(pin));
    return h("li", { class: "pin", testid: "pin" }, card, off);
  }

  return {
    element,
    render(room) {
      element.hidden = room.pins.length === 0;
      keyed(list, room.pins.map((pin) => ({ pin, room })), {
        key: ({ pin }) => pin.pin_id,
        create,
        update: (item) => { item.querySelector(".pin-off").hidden = !room.viewer.can.includes("pin"); },
      });
    },
  };
}

/**
 * Return a link that may be followed: https, and without a name that pretends to be another host's.
 * @param {string|null} url anybody on stage could have written it
 */
export function safeLink(url) {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" && !parsed.username && !parsed.password ? { href: parsed.href, host: parsed.host } : null;
  } catch {
    return null;
  }
}
