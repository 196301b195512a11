/** The page of a room: what its session tells becomes what one sees. */

import { h } from "./dom.js";
import { createLevels } from "./levels.js";
import { go } from "./navigation.js";
import { roomView } from "./room-view.js";

/**
 * Show a room.
 * @param {HTMLElement} place
 * @param {{enter: (roomId: string) => Promise<object>, leave: () => Promise<void>}} shell
 * @param {string} roomId
 * @returns {Promise<{close: () => void}>}
 */
export async function open(place, shell, roomId) {
  const frame = place.querySelector(".room") ?? place.appendChild(h("div", { class: "room", "aria-busy": "true" }, h("div", { class: "room-loading", role: "status", text: "Opening the room…" })));
  const session = await shell.enter(roomId);
  const leave = async () => {
    await shell.leave();
    go("/");
  };
  session.leave = leave;
  const view = roomView({ ...session.actions, ...session.speaking, toggleMic: session.speaking.toggle, leave: async () => (await session.actions.mayLeave()) && leave(), play: () => session.audio.play() });
  const levels = createLevels(view.stage);
  const unwatch = session.watch({
    changed: render,
    levels: levels.take,
    silenced: levels.silence,
    reactions: view.reactions.show,
    ended: (kind, more) => showEnd(frame, kind, more),
  });
  const clock = setInterval(() => session.state() && !session.over && view.tick(session.state()), 1000);
  if (session.state()) render();

  function render() {
    if (!view.element.isConnected) {
      frame.replaceChildren(view.element);
      frame.removeAttribute("aria-busy");
    }
    view.render(session.state(), session.audio, session.line());
  }

  return {
    close() {
      unwatch();
      clearInterval(clock);
      view.close();
    },
  };
}

async function showEnd(frame, kind, more) {
  const { statePage } = await import("./states-view.js");
  document.body.classList.remove("in-room");
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const menu of document.querySelectorAll(":popover-open")) menu.hidePopover();
  const page = statePage(kind, more);
  frame.removeAttribute("aria-busy");
  frame.replaceChildren(page);
  document.getElementById("toasts").replaceChildren(); // they were about the room
  page.querySelector("h1").focus();
}
