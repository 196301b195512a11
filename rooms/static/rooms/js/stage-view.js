/** The stage: who speaks, in the order in which they took their seats. */

import { h, keyed, nameOf, write } from "./dom.js";
import { colour, face } from "./faces.js";
import { icon } from "./icons.js";
import { micOf, muterOf } from "./sentences.js";

const ROLES = { host: "Host", cohost: "Co-host", speaker: "Speaker" };
const ORDER = { host: 0, cohost: 1, speaker: 2 };
const MIC_WORDS = { on: "Microphone on", off: "Microphone off" };

/**
 * Make the stage.
 * @param {{openPerson: (button: HTMLElement, person: object) => void}} options
 */
export function stageView({ openPerson }) {
  const list = h("ul", { class: "stage-seats", "aria-labelledby": "stage-title" });
  const places = h("p", { class: "stage-places quiet" });
  const element = h("section", { class: "stage", "aria-labelledby": "stage-title" }, h("div", { class: "section-head" }, h("h2", { id: "stage-title", text: "On stage" }), places), list);

  function create(seat) {
    const more = h("button", { class: "icon-button seat-more", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", testid: "person-menu" }, icon("more"));
    more.addEventListener("click", () => openPerson(more, seat));
    const item = h(
      "li",
      { class: "seat", testid: "stage-seat", data: { accountId: seat.account_id } },
      h("div", { class: "seat-halo" }, face(seat, "large"), h("span", { class: "seat-crown", hidden: true }, icon("crown")), h("span", { class: "seat-mic" })),
      h("p", { class: "seat-name" }),
      h("p", { class: "seat-role" }),
      more,
    );
    colour(item, seat.account_id);
    return item;
  }

  return {
    element,
    list,
    render(room) {
      const order = new Map(room.cohost_ids.map((id, index) => [id, index]));
      const seats = [...room.seats].sort((one, other) => (ORDER[one.role] ?? 2) - (ORDER[other.role] ?? 2) || (order.get(one.account_id) ?? 0) - (order.get(other.account_id) ?? 0));
      list.dataset.size = seats.length <= 3 ? "few" : "many";
      keyed(list, seats.map((seat) => ({ seat, room })), {
        key: ({ seat }) => seat.account_id,
        create: ({ seat }) => create(seat),
        update,
      });
      write(places, `${seats.length} of ${room.stage_size ?? 12} seats`);
    },
  };
}

function update(item, { seat, room }) {
  const mine = seat.account_id === room.viewer.account_id;
  const mic = micOf(seat);
  const away = Boolean(seat.away) && room.state === "live";
  const micWords = MIC_WORDS[mic] ?? `Muted by ${muterOf(room, seat.muted_by)}`;
  const shown = [seat.name, seat.role, micWords, mine, away].join("|");
  const more = item.querySelector(".seat-more");
  more.hidden = mine;
  if (item.dataset.shown === shown) return;
  Object.assign(item.dataset, { shown, mic, role: seat.role, away });
  more.setAttribute("aria-label", `Actions for ${seat.name}`);
  item.querySelector(".seat-crown").hidden = seat.role === "speaker";
  item.querySelector(".seat-name").replaceChildren(nameOf(seat.name), ...(mine ? [h("span", { class: "quiet", text: " (you)" })] : []));
  write(item.querySelector(".seat-role"), away ? "Reconnecting…" : mic === "muted" ? micWords : ROLES[seat.role] ?? "Speaker");
  item.querySelector(".seat-mic").replaceChildren(icon(away ? "away" : mic === "on" ? "mic" : "micOff"), h("span", { class: "unseen", text: away ? "Away" : micWords }));
}
