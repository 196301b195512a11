/** A room before one is inside, to somebody who is not signed in: what it is, and one button. */

import { ask } from "./api.js";
import { h, nameOf, write } from "./dom.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";
import { goAndSignIn, keepSession } from "./session.js";

const FACES = 6;

/**
 * Show the door of a room that everybody may listen to; of any other the way in is to sign in.
 * @param {HTMLElement} place
 * @param {string} roomId
 * @param {() => void} enter what to do once one is a guest
 */
export async function openDoor(place, roomId, enter) {
  const room = await ask("GET", `rooms/${roomId}/door`).catch(() => null);
  if (!room) return goAndSignIn();
  const before = [...place.childNodes];
  const words = h("span", { text: "Listen" });
  const listen = h("button", { class: "button button-primary button-large", type: "button", testid: "listen" }, icon("sound"), words);
  const problem = h("p", { class: "problem", role: "alert", hidden: true, testid: "door-problem" });
  listen.addEventListener("click", async () => {
    listen.disabled = true;
    write(words, "Coming in…");
    try {
      keepSession(await ask("POST", "accounts/guests", {}));
      place.replaceChildren(...before);
      place.focus({ preventScroll: true });
      enter();
    } catch (refusal) {
      problem.hidden = false;
      write(problem, refusal.words ?? refusal.message);
      listen.disabled = false;
      write(words, "Listen");
      listen.focus();
    }
  });
  document.title = `${room.title} · Spaces`;
  place.replaceChildren(shown(room, problem, listen));
}

function shown(room, problem, listen) {
  const others = room.on_stage.filter(({ account_id: id }) => id !== room.host_id);
  const count = room.participant_count;
  const signIn = h("button", { class: "button", type: "button", testid: "door-sign-in", text: "Sign in", on: { click: goAndSignIn } });
  return h(
    "div",
    { class: "state", testid: "door" },
    h("div", { class: "pile pile-large", "aria-hidden": "true" }, ...room.on_stage.slice(0, FACES).map((person) => face(person, "medium"))),
    h("h1", { dir: "auto", text: room.title, tabindex: "-1" }),
    h("p", { testid: "door-host" }, "Hosted by ", nameOf(room.host.name)),
    others.length > 0 && h("p", { class: "quiet", testid: "door-speakers" }, "On stage: ", ...listed(others)),
    h("p", { class: "quiet", testid: "door-count", text: count === 1 ? "One person is here" : `${count} people are here` }),
    problem,
    h("div", { class: "state-actions" }, listen, signIn),
    h("p", { class: "quiet", text: "Listening takes no name. You choose one when you want to speak." }),
  );
}

const listed = (people) => people.flatMap(({ name }, index) => (index > 0 ? [", ", nameOf(name)] : [nameOf(name)]));
