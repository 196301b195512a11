/** The inbox: who asks one to come, or to speak. */

import { toast } from "./announce.js";
import { ask } from "./api.js";
import { h, keyed, nameOf } from "./dom.js";
import { face } from "./faces.js";
import { go } from "./navigation.js";

const ASKS = { room: "invites you to listen", speak: "invites you to speak", followers: "told all followers" };

/** Make the inbox; it is shown when there is something in it. */
export function inboxView() {
  const list = h("ul", { class: "inbox-list", "aria-labelledby": "inbox-title" });
  const element = h("section", { class: "inbox", "aria-labelledby": "inbox-title", testid: "inbox", hidden: true }, h("h2", { id: "inbox-title", text: "Invitations" }), list);
  let items = [];

  function show(next) {
    items = next;
    element.hidden = items.length === 0;
    keyed(list, items, { key: ({ kind, room }) => `${kind}-${room.id}`, create, update: () => undefined });
  }

  function create(item) {
    const { room, by, kind } = item;
    const yes = h("button", { class: "button button-small button-primary", type: "button", testid: "inbox-accept", "aria-label": `Accept: ${room.title}`, text: kind === "followers" ? "Listen" : "Accept" });
    const no = h("button", { class: "button button-small", type: "button", testid: "inbox-decline", "aria-label": `Decline: ${room.title}`, text: kind === "followers" ? "Not now" : "Decline" });
    yes.addEventListener("click", () => go(`/rooms/${room.id}`)); // an invitation to speak is answered there, by consent
    no.addEventListener("click", () => decline(item));
    return h("li", { class: "inbox-item", testid: "inbox-item" }, face(by, "small"), h("p", { class: "inbox-words" }, nameOf(by.name), ` ${ASKS[kind] ?? ASKS.room}: `, h("span", { class: "inbox-room", dir: "auto", text: room.title })), h("span", { class: "inbox-answers" }, no, yes));
  }

  async function decline(item) {
    try {
      if (item.kind === "followers") hide(item);
      else await ask("POST", `rooms/${item.room.id}/invitations/decline`, {});
      show(items.filter((one) => one !== item));
    } catch (problem) {
      toast(problem.words ?? problem.message, "warning");
    }
  }

  return {
    element,
    /** Look what has come; without an inbox on the server there is nothing to show. */
    async refresh() {
      try {
        const { results } = await ask("GET", "accounts/me/inbox?limit=20");
        show(results.filter((item) => !isHidden(item)));
      } catch (problem) {
        if (problem.status === 0) return; // the list of rooms tells it
        element.hidden = true;
      }
    },
  };
}

/** An announcement to all followers has nobody who waits for an answer: putting it away is between me and this tab. */
const KEY = "spaces.put-away";
const nameOfItem = ({ room, at }) => `${room.id} ${at}`;
const putAway = () => JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
const isHidden = (item) => putAway().includes(nameOfItem(item));
const hide = (item) => sessionStorage.setItem(KEY, JSON.stringify([...putAway(), nameOfItem(item)].slice(-100)));
