/** Choosing one of twelve emoji: a grid that arrows move in. */

import { h } from "./dom.js";
import { keepNear } from "./menu.js";
import { REACTIONS } from "./reactions-view.js";

const COLUMNS = 4;

/**
 * Open the grid; it stays open, as nobody claps once.
 * @param {HTMLElement} button
 * @param {(emoji: string) => void} choose
 */
export function openReactions(button, choose) {
  const grid = h(
    "div",
    { class: "menu reaction-grid", role: "menu", popover: "auto", "aria-label": "React", testid: "reaction-grid" },
    ...Object.entries(REACTIONS).map(([emoji, name]) => h("button", { class: "reaction", role: "menuitem", type: "button", tabindex: "-1", "aria-label": name, text: emoji, data: { emoji }, on: { click: () => choose(emoji) } })),
  );
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
  grid.addEventListener("keydown", (event) => {
    if (event.key === "Tab") grid.hidePopover();
    if (!(event.key in steps)) return;
    event.preventDefault();
    const items = [...grid.children];
    const mirrored = getComputedStyle(grid).direction === "rtl" && Math.abs(steps[event.key]) === 1 ? -1 : 1;
    items.at((items.indexOf(document.activeElement) + mirrored * steps[event.key] + items.length) % items.length).focus();
  });
  keepNear(grid, button);
}
