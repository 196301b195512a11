/** The room when there is no room to show: over, gone, closed to this person. */

import { h } from "./dom.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";
import { lasted } from "./head-view.js";

const WORDS = {
  missing: { icon: "door", title: "There is no such room", text: "The address may be mistyped, or the room is not open to you." },
  forbidden: { icon: "door", title: "This room is not open to you", text: "The host chose who may listen." },
  refused: { icon: "door", title: "You cannot come in now", text: "Try again in a while." },
  removed: { icon: "door", title: "You were removed from this room", text: "The host decided that. You can come back only if the host lets you." },
  unclear: { icon: "door", title: "The room was closed to you", text: "Why could not be asked, as the line is down. Try again in a while." },
  blocked: { icon: "ban", title: "The host has blocked you", text: "Rooms of this host are closed to you." },
  elsewhere: { icon: "sound", title: "You opened this room somewhere else", text: "It goes on there, as you can be in a room in one place at a time. Here it is silent, and your microphone is closed." },
};

/** Why the door stays closed, by the code of the refusal. */
const CLOSED = {
  "followers-only": { title: "This room is for followers", text: "Follow the host, then come back." },
  "invited-only": { title: "This room is private", text: "Only people whom the host invited may come in." },
  "ticket-needed": { title: "This room needs a ticket", text: "Only people with a ticket may come in." },
  "room-is-full": { title: "The room is full", text: "Try again when somebody has left." },
  "room-not-live": { title: "The room has not started yet", text: "Come back when the host goes live." },
  "removed-from-room": WORDS.removed,
};

const ENDED = {
  empty: "Everybody had left.",
  host_absent: "The host did not come back.",
  longest: "It reached the longest time that a room may last.",
};

/**
 * Make the page for a state.
 * @param {keyof typeof WORDS | "ended"} state
 * @param {{room?: object, people?: object[], reason?: string, problem?: object, again?: () => void, againText?: string}} [more]
 */
export function statePage(state, { room, people = [], reason, problem, again, againText = "Try again" } = {}) {
  const first = again && ["elsewhere", "refused", "unclear"].includes(state); // whom the host put out is not urged to knock
  const words = state === "ended" ? endedWords(room, reason) : wordsFor(state, problem, reason);
  return h(
    "div",
    { class: "state", testid: `state-${state}` },
    people.length > 0 ? h("div", { class: "pile pile-large", "aria-hidden": "true" }, ...people.slice(0, 6).map((person) => face(person, "medium"))) : h("span", { class: "state-icon" }, icon(words.icon)),
    h("h1", { dir: "auto", text: words.title, tabindex: "-1" }),
    words.room && h("p", { class: "state-room", dir: "auto", text: words.room }),
    h("p", { class: "quiet", text: words.text }),
    h("div", { class: "state-actions" }, again && h("button", { class: `button${first ? " button-primary" : ""}`, type: "button", testid: "again", text: againText, on: { click: again } }), h("a", { class: `button${first ? "" : " button-primary"}`, href: "/", text: "See what is live" })),
  );
}

function wordsFor(state, problem, reason) {
  const known = CLOSED[problem?.code];
  if (known) return { ...WORDS[state], ...known };
  if (state === "refused" && problem) return { ...WORDS.refused, text: problem.words };
  return state === "removed" && reason ? { ...WORDS.removed, text: `The reason given: “${reason}” You can come back only if the host lets you.` } : WORDS[state];
}

function endedWords(room, reason) {
  const length = room?.started_at && room?.ended_at ? ` It lasted ${lasted(room.started_at, Date.parse(room.ended_at)).replace("just started", "less than a minute")}.` : "";
  return { icon: "power", title: "This room has ended", room: room?.title, text: `${ENDED[reason] ?? "Thank you for being here."}${length}` };
}
