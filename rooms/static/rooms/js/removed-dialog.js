/** Who was removed, and the way to let them back in. */

import { toast } from "./announce.js";
import { ask } from "./api.js";
import { openDialog } from "./dialog.js";
import { h, nameOf } from "./dom.js";
import { face } from "./faces.js";

const PAGE = 1000;
const MOST_PAGES = 40;

/** @param {{attempt: Function, state: () => object}} room */
export async function open({ attempt, state }) {
  const place = h("div", { class: "removed", "aria-live": "polite" }, h("p", { class: "quiet", text: "Looking…" }));
  const dialog = openDialog({ title: "Removed people", body: [place], actions: [h("button", { class: "button", type: "button", text: "Close", on: { click: () => dialog.close() } })], testid: "removed-dialog" });
  try {
    const out = await removedFrom(state().id);
    place.replaceChildren(out.length > 0 ? h("ul", { class: "removed-list" }, ...out.map((person) => row(person, attempt))) : h("p", { class: "quiet", text: "Nobody was removed." }));
  } catch (problem) {
    place.replaceChildren(h("p", { class: "problem", text: problem.words ?? problem.message }));
  }
}

function row(person, attempt) {
  const back = h("button", { class: "button button-small", type: "button", testid: "let-back", "aria-label": `Let ${person.name} back in`, text: "Let back in" });
  const item = h("li", { class: "hand", testid: "removed-person" }, face(person, "small"), h("span", { class: "hand-words" }, nameOf(person.name), h("span", { class: "quiet hand-since", dir: "auto", text: person.reason || (person.blocked ? "blocked" : "no reason given") })), back);
  back.addEventListener("click", async () => {
    if (!(await attempt(person.blocked ? "participant.unblock" : "removal.lift", { account_id: person.account_id }))) return;
    item.remove();
    toast("They may come in again.");
  });
  return item;
}

/** The room's own history says who is out. */
async function removedFrom(roomId) {
  const out = new Map();
  for (let after = 0, page = 0; page < MOST_PAGES; page++) {
    const { events } = await ask("GET", `rooms/${roomId}/events?after=${after}&limit=${PAGE}`);
    for (const { type, data } of events) {
      if (type === "participant.removed" || type === "participant.blocked") out.set(data.account_id, { ...data, blocked: type === "participant.blocked" });
      if (type === "removal.lifted" || type === "participant.unblocked") out.delete(data.account_id);
    }
    if (events.length < PAGE) break;
    after = events.at(-1).seq;
  }
  return [...out.values()];
}
