/** Raised hands: for the host a queue to answer, for everybody else who waits. */

import { h, keyed, nameOf, write } from "./dom.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";

/**
 * Make the queue.
 * @param {{accept: (person: object) => void, dismiss: (person: object) => void, changePolicy: (policy: string) => void}} options
 */
export function handsView({ accept, dismiss, changePolicy }) {
  const list = h("ol", { class: "hands-list", "aria-labelledby": "hands-title" });
  const title = h("h2", { id: "hands-title", tabindex: "-1", text: "Raised hands" });
  const count = h("span", { class: "count", testid: "hand-count" });
  const more = h("p", { class: "quiet hands-more", testid: "hands-more" });
  const empty = h("p", { class: "quiet hands-empty" });
  const policy = policyChoice(changePolicy);
  const element = h("section", { class: "hands", "aria-labelledby": "hands-title", testid: "hands" }, h("div", { class: "section-head" }, title, count), list, more, empty, policy.element);

  function create({ hand }) {
    const yes = h("button", { class: "button button-small button-primary", type: "button", testid: "accept-hand", "aria-label": `Accept ${hand.name}`, text: "Accept" });
    const no = h("button", { class: "icon-button", type: "button", testid: "dismiss-hand", "aria-label": `Dismiss ${hand.name}` }, icon("close"));
    yes.addEventListener("click", () => accept(hand));
    no.addEventListener("click", () => dismiss(hand));
    return h("li", { class: "hand", testid: "hand", data: { accountId: hand.account_id } }, face(hand, "small"), h("span", { class: "hand-words" }, nameOf(hand.name), h("span", { class: "hand-since quiet" })), h("span", { class: "hand-answers" }, yes, no));
  }

  function update(item, { hand, room }) {
    const mine = hand.account_id === room.viewer.account_id;
    item.querySelector(".hand-answers").hidden = !room.viewer.can.includes("promote");
    item.classList.toggle("is-mine", mine);
    write(item.querySelector(".hand-since"), mine ? "you" : waiting(hand.raised_at));
  }

  return {
    element,
    render(room) {
      const leads = room.viewer.can.includes("promote");
      const answering = list.contains(document.activeElement);
      keyed(list, room.hands.map((hand) => ({ hand, room })), { key: ({ hand }) => hand.account_id, create, update });
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
      policy.render(room);
    },
  };
}

function waiting(since) {
  const minutes = Math.floor((Date.now() - Date.parse(since)) / 60_000);
  if (!(minutes >= 1)) return "just now";
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

function policyChoice(changePolicy) {
  const select = h("select", { class: "input", id: "speak-policy", testid: "speak-policy" }, ...Object.entries({ everyone: "Everyone", followed_by_host: "People I follow", invited: "Only people I invite" }).map(([value, text]) => h("option", { value, text })));
  select.addEventListener("change", () => changePolicy(select.value));
  const element = h("div", { class: "hands-policy" }, h("label", { for: "speak-policy", text: "Who may ask to speak" }), select);
  return {
    element,
    render(room) {
      element.hidden = !room.viewer.can.includes("change_policies");
      if (document.activeElement !== select) select.value = room.speak_policy;
    },
  };
}
