/** The tray: people one follows who host or speak now, each with a ring. */

import { h, keyed, nameOf, write } from "./dom.js";
import { face } from "./faces.js";

/** Make the tray; it is shown when there is somebody in it. */
export function trayView() {
  const list = h("ul", { class: "tray-list", "aria-labelledby": "tray-title" });
  const element = h("section", { class: "tray", "aria-labelledby": "tray-title", testid: "tray", hidden: true }, h("h2", { class: "unseen", id: "tray-title", text: "People you follow, live now" }), list);

  return {
    element,
    show(entries) {
      element.hidden = entries.length === 0;
      keyed(list, entries, { key: (entry) => `${entry.account_id}-${entry.room.id}`, create, update });
    },
  };
}

function create(entry) {
  const link = h("a", { class: "tray-link", href: `/rooms/${entry.room.id}` }, h("span", { class: "tray-ring" }, face(entry, "medium")), nameOf(entry.name, "tray-name"), h("span", { class: "tray-role quiet" }), h("span", { class: "unseen tray-room", dir: "auto" }));
  return h("li", { class: "tray-entry", testid: "tray-entry", data: { accountId: entry.account_id } }, link);
}

function update(item, { role, room }) {
  write(item.querySelector(".tray-role"), role === "speaker" ? "speaks" : "hosts");
  write(item.querySelector(".tray-room"), `in ${room.title}`);
  item.querySelector(".tray-link").title = room.title;
}
