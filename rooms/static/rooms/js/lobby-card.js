/** One live room as a card. */

import { h, nameOf, write } from "./dom.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";

const FACES = 5;

/** Make the card of a room; updateCard fills it. */
export function createCard(room) {
  return h(
    "li",
    { class: "card", testid: "room-card", data: { roomId: room.id } },
    h("div", { class: "card-top" }, h("span", { class: "live" }, h("span", { class: "live-bars", "aria-hidden": "true" }, h("i"), h("i"), h("i")), "Live"), h("span", { class: "card-count" }, icon("people"), h("span", { class: "card-number" }))),
    h("h2", { class: "card-title" }, h("a", { href: `/rooms/${room.id}`, class: "card-link", dir: "auto" })),
    h("p", { class: "card-text", dir: "auto" }),
    h("div", { class: "card-people" }, h("span", { class: "pile" }), h("span", { class: "card-names" })),
  );
}

/** Bring a card up to date. */
export function updateCard(card, room) {
  const seats = room.seats ?? [];
  const host = seats.find((seat) => seat.role === "host");
  write(card.querySelector(".card-link"), room.title);
  write(card.querySelector(".card-text"), room.description ?? "");
  card.querySelector(".card-text").hidden = !room.description;
  const number = card.querySelector(".card-number");
  write(number, String(room.participant_count ?? seats.length));
  number.parentElement.title = `${number.textContent} here`;
  const shown = seats.map((seat) => `${seat.account_id}:${seat.name}`).join();
  if (card.dataset.shown === shown) return;
  card.dataset.shown = shown;
  const more = seats.length - FACES;
  card.querySelector(".pile").replaceChildren(
    ...seats.slice(0, FACES).map((seat) => face(seat, "small")),
    ...(more > 0 ? [h("span", { class: "face face-small face-more", text: `+${more}` })] : []),
  );
  const others = seats.length - 1;
  card.querySelector(".card-names").replaceChildren(
    ...(host ? [nameOf(host.name)] : []),
    h("span", { class: "quiet", text: !host ? "The stage is empty" : others > 0 ? `Host, with ${others} more on stage` : "Host" }),
  );
}
