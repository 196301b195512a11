/** The lobby: what is live now, fresh every five seconds while somebody looks. */

import { showAccount } from "./account-menu.js";
import { ask } from "./api.js";
import { h, keyed, write } from "./dom.js";
import { createCard, updateCard } from "./lobby-card.js";
import { forgetSession, goAndSignIn, session } from "./session.js";
import { openStartDialog } from "./start-room.js";

const EVERY_MS = 5000;
const cards = document.getElementById("cards");
const count = document.getElementById("lobby-count");
const notice = document.getElementById("lobby-notice");
let timer = 0;

showAccount();
if (session()) begin();
else goAndSignIn();

function begin() {
  const start = document.getElementById("start-room");
  start.hidden = false;
  start.addEventListener("click", openStartDialog);
  cards.append(...[1, 2, 3].map(() => h("li", { class: "card card-ghost", "aria-hidden": "true" })));
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
  refresh();
}

async function refresh() {
  clearTimeout(timer);
  try {
    const page = await ask("GET", "rooms?state=live&limit=50");
    show(page.results);
    notice.replaceChildren();
  } catch (problem) {
    if (problem.status === 401) {
      forgetSession();
      goAndSignIn();
      return;
    }
    showTrouble(problem);
  }
  if (!document.hidden) timer = setTimeout(refresh, EVERY_MS);
}

function show(rooms) {
  cards.removeAttribute("aria-busy");
  for (const ghost of cards.querySelectorAll(".card-ghost, .empty")) ghost.remove();
  keyed(cards, rooms, { key: (room) => room.id, create: createCard, update: updateCard });
  if (rooms.length === 0) cards.append(emptyState());
  write(count, rooms.length === 0 ? "Quiet for now." : rooms.length === 1 ? "One room is open." : `${rooms.length} rooms are open.`);
}

function emptyState() {
  return h(
    "li",
    { class: "empty", testid: "empty" },
    h("p", { class: "empty-title", text: "Nobody is talking yet" }),
    h("p", { class: "quiet", text: "Rooms show up here by themselves the moment they start." }),
  );
}

function showTrouble(problem) {
  if (notice.firstChild) return;
  for (const ghost of cards.querySelectorAll(".card-ghost")) ghost.remove();
  cards.removeAttribute("aria-busy");
  const again = h("button", { class: "button button-small", type: "button", text: "Try now", on: { click: refresh } });
  notice.append(h("div", { class: "notice", role: "alert", testid: "lobby-trouble" }, h("p", { text: `${problem.words} We keep trying.` }), again));
  if (!cards.firstChild) write(count, "Out of reach.");
}
