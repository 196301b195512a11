/** The lobby: whom one follows and hears now, who invited one, what is live. */

import { announce } from "./announce.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { inboxView } from "./inbox-view.js";
import { liveRooms } from "./live-rooms.js";
import { followTray } from "./tray-socket.js";
import { trayView } from "./tray-view.js";

const PAUSE_MS = 300; // after the last key: then one has said what one looks for

/**
 * Show the lobby.
 * @param {HTMLElement} place
 * @returns {{close: () => void}}
 */
export function open(place) {
  document.title = "Live now · Spaces";
  const tray = trayView();
  const inbox = inboxView();
  const rooms = liveRooms();
  const start = h("button", { class: "button button-primary", type: "button", testid: "start-room", text: "Start a room" });
  start.addEventListener("click", async () => (await import("./start-room.js")).openStartDialog());
  const search = searchField(rooms.search);
  const head = h("div", { class: "lobby-head" }, h("div", {}, h("h1", { text: "Live now" }), rooms.count), start);
  place.replaceChildren(h("div", { class: "lobby" }, head, tray.element, inbox.element, search, rooms.notice, rooms.list, footer()));
  const socket = followTray({ tray: tray.show, inbox: (frame) => {
    if (frame.unread > 0 && frame.newest) announce("You have a new invitation.");
    inbox.refresh();
  } });
  const looked = () => (document.hidden ? rooms.pause() : rooms.refresh());
  document.addEventListener("visibilitychange", looked);
  rooms.refresh();
  inbox.refresh();

  return {
    close() {
      document.removeEventListener("visibilitychange", looked);
      socket.close();
      rooms.pause();
    },
  };
}

/** In a tab of its own: the room that one is in goes on. */
const footer = () => h("p", { class: "lobby-foot" }, h("a", { class: "foot-link", href: "/api/docs", target: "_blank", rel: "noopener", testid: "api-docs" }, "API reference", h("span", { class: "unseen", text: " (opens in a new tab)" })));

function searchField(search) {
  const input = h("input", { class: "input", id: "search", type: "search", testid: "search", placeholder: "Title, topic or host", autocomplete: "off", dir: "auto", maxlength: 100 });
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => search(input.value.trim()), PAUSE_MS);
  });
  const form = h("form", { class: "search", role: "search" }, h("label", { class: "unseen", for: "search", text: "Search live rooms" }), icon("search"), input);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search(input.value.trim());
  });
  return form;
}
