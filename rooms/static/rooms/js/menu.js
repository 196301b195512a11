/** A menu button after the ARIA pattern: arrows, Home, End, Escape, first letters. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Open a menu below a button.
 * @param {HTMLElement} button
 * @param {{label: string, icon: string, testid?: string, danger?: boolean, choose: () => void}[]} items
 */
export function openMenu(button, items) {
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", "aria-label": button.getAttribute("aria-label") });
  menu.append(...items.map((item) => menuItem(item, menu)));
  menu.addEventListener("keydown", (event) => moveWithin(menu, event));
  keepNear(menu, button);
}

/**
 * Show a popover beside its button until it is closed; focus goes in, and back.
 * @param {HTMLElement} menu
 * @param {HTMLElement} button
 */
export function keepNear(menu, button) {
  (button.closest("main, header") ?? document.body).append(menu); // in a landmark
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    button.setAttribute("aria-expanded", "false");
    if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    setTimeout(() => menu.remove());
  });
  menu.showPopover();
  place(menu, button);
  button.setAttribute("aria-expanded", "true");
  menu.firstElementChild.focus();
}

function menuItem({ label, icon: name, testid, danger, choose }, menu) {
  const element = h(
    "button",
    { class: `menu-item${danger ? " menu-item-danger" : ""}`, role: "menuitem", type: "button", tabindex: "-1", testid },
    icon(name),
    h("span", { text: label }),
  );
  element.addEventListener("click", () => {
    menu.hidePopover();
    choose();
  });
  return element;
}

function moveWithin(menu, event) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key === "Tab") menu.hidePopover();
  let target = event.key in steps ? items.at(steps[event.key] % items.length) : undefined;
  if (/^\p{L}$/u.test(event.key)) {
    const later = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    target = later.find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()));
  }
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function place(menu, button) {
  const anchor = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const gap = 6;
  const left = Math.min(Math.max(8, anchor.left + anchor.width / 2 - box.width / 2), innerWidth - box.width - 8);
  const below = anchor.bottom + gap + box.height < innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? anchor.bottom + gap : Math.max(8, anchor.top - gap - box.height)}px`;
}
