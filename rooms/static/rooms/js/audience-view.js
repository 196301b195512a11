/** The audience: faces with names, and a count for those who do not fit. */

import { h, keyed, nameOf, write } from "./dom.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";
import { shareButton } from "./share.js";

const SHOWN = 50;
const BIG = 1000; // from here on the server names those whom the viewer follows, and counts the rest

const isBig = (total) => total > BIG;
const bigWords = (total, named) => (named > 0 ? `These are the people you follow, and ${total - named} more.` : `${total} people listen. Those whom you follow would be shown here.`);

/** Return how many listen. */
export function listenerCount(room) {
  return Math.max(room.listeners.length, room.participant_count - room.seats.length, 0);
}

/**
 * Make the audience.
 * @param {{openPerson: (button: HTMLElement, person: object) => void}} options
 */
export function audienceView({ openPerson }) {
  const list = h("ul", { class: "audience-people", "aria-labelledby": "audience-title" });
  const count = h("span", { class: "count", testid: "listener-count" });
  const more = h("p", { class: "quiet audience-more", testid: "audience-more" });
  const empty = h("div", { class: "audience-empty" }, h("p", { class: "quiet", text: "Nobody else yet. Share the address to fill the seats." }), shareButton("share-here"));
  const element = h("section", { class: "audience", "aria-labelledby": "audience-title" }, h("div", { class: "section-head" }, h("h2", { id: "audience-title", text: "Listening" }), count), list, more, empty);

  function create({ person }) {
    const button = h("button", { class: "icon-button listener-more", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Actions for ${person.name}`, testid: "person-menu" }, icon("more"));
    button.addEventListener("click", () => openPerson(button, person));
    return h("li", { class: "listener", testid: "listener", data: { accountId: person.account_id } }, h("span", { class: "listener-face" }, face(person, "medium"), h("span", { class: "listener-hand", hidden: true }, icon("hand"), h("span", { class: "unseen", text: "hand raised" }))), h("span", { class: "listener-name" }, nameOf(person.name)), button);
  }

  function update(item, { person, room }) {
    const mine = person.account_id === room.viewer.account_id;
    const hand = room.hands.some((one) => one.account_id === person.account_id);
    item.querySelector(".listener-hand").hidden = !hand;
    item.querySelector(".listener-more").hidden = mine;
    item.classList.toggle("is-mine", mine);
  }

  return {
    element,
    render(room) {
      const total = listenerCount(room);
      const shown = room.listeners.slice(0, SHOWN);
      keyed(list, shown.map((person) => ({ person, room })), { key: ({ person }) => person.account_id, create, update });
      write(count, total.toLocaleString("en"));
      more.hidden = total <= shown.length;
      write(more, isBig(total) ? bigWords(total, shown.length) : `and ${total - shown.length} more`);
      empty.hidden = total > 0;
    },
  };
}
