/** The rooms that are live, all or those that one looks for, fresh every five seconds. */

import { announce } from "./announce.js";
import { ask } from "./api.js";
import { h, keyed, write } from "./dom.js";
import { createCard, updateCard } from "./lobby-card.js";
import { forgetSession, goAndSignIn } from "./session.js";

const EVERY_MS = 5000;
const MOST = 50;

/** Make the list, its count and the place where trouble is told. */
export function liveRooms() {
  const count = h("p", { class: "lobby-count", text: "Looking for rooms…" });
  const notice = h("div", {});
  const list = h("ul", { class: "cards", testid: "cards", "aria-label": "Live rooms", "aria-busy": "true" }, ...ghosts());
  let timer = 0;
  let query = "";
  let turn = 0;
  let paused = false;

  async function refresh() {
    clearTimeout(timer);
    paused = false;
    const mine = ++turn;
    try {
      const page = await ask("GET", `rooms?state=live&limit=${MOST}${query ? `&query=${encodeURIComponent(query)}` : ""}`);
      if (mine !== turn) return; // something else is looked for by now
      show(page.results);
      notice.replaceChildren();
    } catch (problem) {
      if (mine !== turn) return;
      if (problem.status === 401) {
        forgetSession();
        goAndSignIn();
        return;
      }
      trouble(problem);
    }
    if (!document.hidden && !paused) timer = setTimeout(refresh, EVERY_MS);
  }

  function show(rooms) {
    list.removeAttribute("aria-busy");
    for (const stale of list.querySelectorAll(".card-ghost, .empty")) stale.remove();
    keyed(list, rooms, { key: (room) => room.id, create: createCard, update: updateCard });
    if (rooms.length === 0) list.append(query ? nothingFound(query) : quiet());
    write(count, inWords(rooms.length, query));
  }

  function trouble(problem) {
    for (const ghost of list.querySelectorAll(".card-ghost")) ghost.remove();
    list.removeAttribute("aria-busy");
    if (!list.firstChild) write(count, "Out of reach.");
    if (notice.firstChild) return;
    const again = h("button", { class: "button button-small", type: "button", text: "Try now", on: { click: refresh } });
    notice.append(h("div", { class: "notice", role: "alert", testid: "lobby-trouble" }, h("p", { text: `${problem.words ?? problem.message} We keep trying.` }), again));
  }

  return {
    count,
    notice,
    list,
    refresh,
    async search(words) {
      if (words === query) return;
      query = words;
      list.setAttribute("aria-busy", "true");
      await refresh();
      announce(count.textContent);
    },
    pause() {
      paused = true;
      clearTimeout(timer);
    },
  };
}

function inWords(number, query) {
  const many = number === MOST ? `${MOST} or more rooms` : number === 1 ? "One room" : `${number} rooms`;
  if (query) return number === 0 ? "No room was found." : `${many} found.`;
  if (number === 0) return "Quiet for now.";
  return `${many} ${number === 1 ? "is" : "are"} open.`;
}

const ghosts = () => [1, 2, 3].map(() => h("li", { class: "card card-ghost", "aria-hidden": "true" }));

function quiet() {
  return h("li", { class: "empty", testid: "empty" }, h("p", { class: "empty-title", text: "Nobody is talking yet" }), h("p", { class: "quiet", text: "Rooms show up here by themselves the moment they start." }));
}

function nothingFound(query) {
  return h("li", { class: "empty", testid: "nothing-found" }, h("p", { class: "empty-title", dir: "auto", text: `Nothing live about “${query}”` }), h("p", { class: "quiet", text: "Try a word of the title, a topic, or the host's name." }));
}
