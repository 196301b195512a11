/** What people feel: emoji that rise from the dock and are counted; counted only, under reduced motion. */

import { h, write } from "./dom.js";

/** The set, as the server has it (rooms/domain/reactions.py), and what a screen reader says. */
export const REACTIONS = { "👏": "Applause", "❤️": "Heart", "😂": "Laughter", "😮": "Surprise", "😢": "Sadness", "🙏": "Thanks", "👍": "Thumbs up", "👎": "Thumbs down", "🔥": "Fire", "🎉": "Celebration", "💯": "Hundred", "👋": "Wave" };

const SHOWN_MS = 5000;
const MOST_FLOATING = 24;
const MOST_OF_ONE = 5; // of one emoji in one frame; the number beside it tells the rest

/** Make the place where reactions are shown. */
export function reactionsView() {
  const floats = h("div", { class: "floats", "aria-hidden": "true" });
  const tally = h("ul", { class: "tally", "aria-label": "Reactions" });
  const element = h("div", { class: "reactions", testid: "reactions" }, floats, tally);
  const counts = new Map();

  function count(emoji, more) {
    const entry = counts.get(emoji) ?? { total: 0, timer: 0, item: h("li", { class: "tally-chip", testid: "reaction-chip", data: { emoji } }, h("span", { text: emoji }), h("span", { class: "tally-number" })) };
    clearTimeout(entry.timer);
    entry.total += more;
    entry.timer = setTimeout(() => { counts.delete(emoji); entry.item.remove(); }, SHOWN_MS);
    counts.set(emoji, entry);
    write(entry.item.querySelector(".tally-number"), String(entry.total));
    if (!entry.item.isConnected) tally.append(entry.item);
  }

  function rise(emoji, many) {
    for (let index = 0; index < Math.min(many, MOST_OF_ONE) && floats.children.length < MOST_FLOATING; index++) {
      const float = h("span", { class: "float", text: emoji });
      float.style.setProperty("--place", `${8 + Math.random() * 84}%`);
      float.style.setProperty("--wait", `${Math.round(Math.random() * 700)}ms`);
      float.style.setProperty("--sway", `${Math.round(Math.random() * 40 - 20)}px`);
      float.addEventListener("animationend", () => float.remove());
      floats.append(float);
    }
  }

  return {
    element,
    /** Show a frame of counts: how often each emoji was sent in the last second. */
    show(frame) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      for (const [emoji, many] of Object.entries(frame ?? {})) {
        if (!Object.hasOwn(REACTIONS, emoji) || !(many > 0)) continue;
        count(emoji, many);
        if (!calm) rise(emoji, many);
      }
    },
    close() {
      for (const { timer } of counts.values()) clearTimeout(timer);
    },
  };
}
