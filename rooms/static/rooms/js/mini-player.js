/** The room that one is in, at the foot of every other page. */

import { h, write } from "./dom.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";
import { micState, MIC } from "./mic-state.js";

/**
 * Make the mini player; it is in the document while there is something to play.
 * @param {{leave: () => Promise<void>}} shell
 */
export function miniPlayer({ leave }) {
  const title = h("span", { class: "mini-title", dir: "auto" });
  const people = h("span", { class: "mini-people" });
  const pile = h("span", { class: "pile", "aria-hidden": "true" });
  const back = h("a", { class: "mini-back", testid: "mini-back" }, pile, h("span", { class: "mini-words" }, title, people));
  const mic = h("button", { class: "icon-button mini-button", type: "button", testid: "mini-mic" });
  const out = h("button", { class: "icon-button mini-button", type: "button", "aria-label": "Leave the room", testid: "mini-leave", on: { click: leave } }, icon("leave"));
  const element = h("section", { class: "mini", "aria-label": "The room you are in", testid: "mini-player" }, back, mic, out);
  let room = null;
  let page = { name: null, roomId: null };
  mic.addEventListener("click", () => room?.speaking.toggle());

  function place() {
    const shown = room?.state() && !(page.name === "room" && page.roomId === room.roomId);
    if (shown && !element.isConnected) document.getElementById("main").after(element);
    if (!shown) element.remove();
  }

  return {
    /** Say which page is shown; the room's own needs no mini player. */
    showOn(name, roomId) {
      page = { name, roomId };
      render(room);
    },
    render,
  };

  function render(next) {
    room = next;
    place();
    const state = room?.state();
    if (!state || !element.isConnected) return;
    back.href = `/rooms/${room.roomId}`;
    write(title, state.title);
    write(people, spoken(state));
    renderPile(pile, state.seats);
    renderMic(mic, state, room.audio);
  }
}

function spoken({ seats, participant_count: count }) {
  const open = seats.filter((seat) => !seat.muted);
  const names = (open.length ? open : seats.slice(0, 1)).slice(0, 2).map(({ name }) => name).join(", ");
  return `${names || "Nobody on stage"} · ${count} here`;
}

function renderPile(pile, seats) {
  const shown = seats.slice(0, 3).map((seat) => seat.account_id).join();
  if (pile.dataset.shown === shown) return;
  pile.dataset.shown = shown;
  pile.replaceChildren(...seats.slice(0, 3).map((seat) => face(seat, "small")));
}

function renderMic(mic, state, audio) {
  const seat = state.seats.find((one) => one.account_id === state.viewer.account_id);
  mic.hidden = !seat;
  if (!seat) return;
  const shown = micState(seat, audio);
  if (mic.dataset.state === shown) return;
  mic.dataset.state = shown;
  mic.setAttribute("aria-label", MIC[shown].does);
  mic.replaceChildren(icon(MIC[shown].icon));
}
