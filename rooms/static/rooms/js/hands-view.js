/** Raised hands: for those who lead a queue to answer, for everybody else who waits. */

import { left, minutes } from "./countdown.js";
import { h, keyed, nameOf, write } from "./dom.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";
import { policyChoice, SPEAK } from "./policies.js";

/**
 * Make the queue. "Later" is between a leader and this page: the hand stays up, behind the others.
 * @param {{accept: (person: object) => void, dismiss: (person: object) => void, cancelInvitation: (person: object) => void, changePolicy: (policy: object) => void}} options
 */
export function handsView({ accept, dismiss, cancelInvitation, changePolicy }) {
  const later = new Set();
  const list = h("ol", { class: "hands-list", "aria-labelledby": "hands-title" });
  const title = h("h2", { id: "hands-title", tabindex: "-1", text: "Raised hands" });
  const count = h("span", { class: "count", testid: "hand-count" });
  const more = h("p", { class: "quiet hands-more", testid: "hands-more" });
  const empty = h("p", { class: "quiet hands-empty" });
  const offers = offersList(cancelInvitation);
  const policy = policyChoice({ id: "hands-speak-policy", name: "speak_policy", label: "Who may ask to speak", options: SPEAK, change: changePolicy });
  const element = h("section", { class: "hands", "aria-labelledby": "hands-title", testid: "hands" }, h("div", { class: "section-head" }, title, count), list, more, empty, offers.element, policy.element);
  let last = null;

  function create({ hand }) {
    const yes = h("button", { class: "button button-small button-primary", type: "button", testid: "accept-hand", "aria-label": `Accept ${hand.name}`, text: "Accept" });
    const wait = h("button", { class: "icon-button", type: "button", testid: "later-hand", "aria-label": `Later: ${hand.name}`, title: "Later" }, icon("clock"));
    const no = h("button", { class: "icon-button", type: "button", testid: "dismiss-hand", "aria-label": `Refuse ${hand.name}`, title: "Refuse" }, icon("close"));
    yes.addEventListener("click", () => accept(hand));
    wait.addEventListener("click", () => { later.delete(hand.account_id); later.add(hand.account_id); render(last); });
    no.addEventListener("click", () => dismiss(hand));
    return h("li", { class: "hand", testid: "hand", data: { accountId: hand.account_id } }, face(hand, "small"), h("span", { class: "hand-words" }, nameOf(hand.name), h("span", { class: "hand-since quiet" })), h("span", { class: "hand-answers" }, yes, wait, no));
  }

  function update(item, { hand, room }) {
    const mine = hand.account_id === room.viewer.account_id;
    item.querySelector(".hand-answers").hidden = !room.viewer.can.includes("promote");
    item.classList.toggle("is-mine", mine);
    write(item.querySelector(".hand-since"), mine ? "you" : `${later.has(hand.account_id) ? "later · " : ""}${waiting(hand.raised_at)}`);
  }

  function render(room) {
    last = room;
    const leads = room.viewer.can.includes("promote");
    const answering = list.contains(document.activeElement);
    const inLine = [...room.hands].sort((one, other) => [...later].indexOf(one.account_id) - [...later].indexOf(other.account_id));
    keyed(list, inLine.map((hand) => ({ hand, room })), { key: ({ hand }) => hand.account_id, create, update });
    // The hand that was answered is gone: go on with the next one.
    if (answering && !list.contains(document.activeElement)) (list.querySelector("button") ?? title).focus();
    const behind = room.hand_count - room.hands.length;
    write(count, String(room.hand_count));
    count.classList.toggle("count-lit", leads && room.hand_count > 0);
    more.hidden = behind === 0;
    write(more, `and ${behind} more behind them`);
    empty.hidden = room.hand_count > 0;
    write(empty, leads ? "When somebody wants to speak, you answer here." : "Nobody waits to speak.");
    element.classList.toggle("is-idle", !leads && room.hand_count === 0);
    offers.render(room);
    policy.render(room);
  }

  return { element, render, tick: render };
}

/** Who was invited to speak and has not answered yet. */
function offersList(cancel) {
  const list = h("ul", { class: "hands-list", "aria-labelledby": "offers-title" });
  const element = h("div", { class: "offers", hidden: true }, h("h3", { id: "offers-title", text: "Invited to speak" }), list);
  const create = (offer) => {
    const no = h("button", { class: "icon-button", type: "button", testid: "cancel-invitation", "aria-label": `Take the invitation of ${offer.name} back` }, icon("close"));
    no.addEventListener("click", () => cancel(offer));
    return h("li", { class: "hand", testid: "offer" }, face(offer, "small"), h("span", { class: "hand-words" }, nameOf(offer.name), h("span", { class: "hand-since quiet" })), h("span", { class: "hand-answers" }, no));
  };
  return {
    element,
    render(room) {
      element.hidden = room.speak_invitations.length === 0;
      keyed(list, room.speak_invitations, { key: (offer) => offer.account_id, create, update: (item, offer) => write(item.querySelector(".hand-since"), `answers within ${minutes(left(offer.expires_at))}`) });
    },
  };
}

/** Return how long ago something was, in words. */
export const ago = (at) => {
  const words = waiting(at);
  return words === "just now" ? words : `${words} ago`;
};

function waiting(since) {
  const passed = Math.floor((Date.now() - Date.parse(since)) / 60_000);
  if (!(passed >= 1)) return "just now";
  if (passed >= 60) return `${Math.floor(passed / 60)} h ${passed % 60} min`;
  return passed === 1 ? "1 minute" : `${passed} minutes`;
}
