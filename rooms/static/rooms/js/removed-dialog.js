/** Who was put out, by whom and when, and the host's way to let them back in. */

import { toast } from "./announce.js";
import { ask } from "./api.js";
import { openDialog } from "./dialog.js";
import { h, nameOf } from "./dom.js";
import { face } from "./faces.js";
import { ago } from "./hands-view.js";

const PAGE = 50;

/** @param {{attempt: Function, state: () => object}} room */
export async function open({ attempt, state }) {
  const place = h("div", { class: "removed", "aria-live": "polite" }, h("p", { class: "quiet", text: "Looking…" }));
  const hosts = state().viewer.can.includes("lift_removal");
  const aside = hosts && h("p", { class: "quiet", text: "Whom you blocked is listed in your profile." });
  const dialog = openDialog({ title: "Removed people", body: [place, aside].filter(Boolean), actions: [h("button", { class: "button", type: "button", text: "Close", on: { click: () => dialog.close() } })], testid: "removed-dialog" });
  const list = h("ul", { class: "removed-list" });
  const more = h("button", { class: "button button-small", type: "button", text: "Show more" });
  let next = `?limit=${PAGE}`;
  more.addEventListener("click", load);
  await load();

  async function load() {
    try {
      const page = await ask("GET", `rooms/${state().id}/removed${next}`);
      list.append(...page.results.map((person) => row(person, attempt)));
      next = page.next && new URL(page.next).search;
      place.replaceChildren(...(list.firstChild ? [list] : [h("p", { class: "quiet", text: "Nobody was removed." })]), ...(next ? [more] : []));
    } catch (problem) {
      place.replaceChildren(h("p", { class: "problem", text: problem.words ?? problem.message }));
    }
  }
}

function row(person, attempt) {
  const back = person.liftable && h("button", { class: "button button-small", type: "button", testid: "let-back", "aria-label": `Let ${person.name} back in`, text: "Let back in" });
  const item = h("li", { class: "hand", testid: "removed-person" }, face(person, "small"), h("span", { class: "hand-words" }, nameOf(person.name), h("span", { class: "quiet hand-since" }, ...(person.by ? ["by ", nameOf(person.by.name), ", "] : []), ago(person.at))), back);
  if (back) back.addEventListener("click", async () => {
    if (!(await attempt("removal.lift", { account_id: person.account_id }))) return;
    const dialog = item.closest("dialog");
    item.remove();
    dialog?.querySelector("h2").focus(); // the button that had the focus is gone
    toast("They may come in again.");
  });
  return item;
}
