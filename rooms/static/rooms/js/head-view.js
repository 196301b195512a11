/** The top of a room: what it is about, and since when. Trouble with the line is told in the dock, which stays in sight. */

import { h, keyed, nameOf, write } from "./dom.js";
import { icon } from "./icons.js";
import { shareButton } from "./share.js";

const LINE = { connecting: "Connecting…", good: "Connected" };

/**
 * Make the head of a room.
 * @param {{openRoomMenu: (button: HTMLElement) => void}} options
 */
export function headView({ openRoomMenu }) {
  const live = h("span", { class: "live" }, h("span", { class: "live-bars", "aria-hidden": "true" }, h("i"), h("i"), h("i")), "Live");
  const since = h("span", { class: "room-since quiet" });
  const chip = h("span", { class: "chip", testid: "connected-chip" }, h("span", { class: "chip-dot", "aria-hidden": "true" }), h("span", { class: "chip-word" }));
  const title = h("h1", { class: "room-title", dir: "auto" });
  const host = h("p", { class: "room-host" });
  const text = h("p", { class: "room-text", dir: "auto" });
  const back = h("a", { class: "back", href: "/" }, h("span", { "aria-hidden": "true", class: "back-arrow" }), h("span", { class: "back-word", text: "All rooms" }));
  const topics = h("ul", { class: "topics", "aria-label": "Topics", hidden: true });
  const menu = h("button", { class: "button button-small room-menu", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", testid: "room-menu" }, icon("sliders"), h("span", { class: "share-word", text: "Manage" }));
  menu.addEventListener("click", () => openRoomMenu(menu));
  const element = h("header", { class: "room-head" }, h("div", { class: "room-facts" }, back, live, since, chip, h("span", { class: "room-tools" }, menu, shareButton("share-head"))), title, host, text, topics);

  const tick = (room) => write(since, room.state === "live" ? lasted(room.started_at) : "");

  return {
    element,
    tick,
    render(room, line) {
      live.hidden = room.state !== "live";
      tick(room);
      menu.hidden = !["change_card", "pin", "invite"].some((word) => room.viewer.can.includes(word));
      write(title, room.title);
      document.title = `${room.title} · Spaces`;
      write(text, room.description ?? "");
      text.hidden = !room.description;
      showHost(host, room);
      topics.hidden = room.topic_ids.length === 0;
      keyed(topics, room.topic_ids.map((topic) => ({ topic })), { key: ({ topic }) => topic, create: ({ topic }) => h("li", { class: "topic", dir: "auto", text: topic }), update: () => undefined });
      chip.dataset.status = line;
      chip.hidden = !(line in LINE);
      write(chip.querySelector(".chip-word"), LINE[line] ?? "");
    },
  };
}

function showHost(host, room) {
  const seat = room.seats.find((one) => one.role === "host");
  host.hidden = !seat;
  if (!seat || host.dataset.name === seat.name) return;
  host.dataset.name = seat.name;
  host.replaceChildren(icon("crown"), h("span", {}, "Hosted by ", nameOf(seat.name), h("span", { class: "quiet", text: seat.handle ? ` @${seat.handle}` : "" })));
}

/** Return how long something has lasted, in words. */
export function lasted(from, to = Date.now()) {
  const minutes = Math.max(0, Math.floor((to - Date.parse(from)) / 60_000));
  if (minutes < 1) return "just started";
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
