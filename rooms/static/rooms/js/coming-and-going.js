/** The moments at a room's door: coming in, being sent away, saying goodbye. */

import { toast } from "./announce.js";
import { API, ask, authorisation } from "./api.js";

const REJOIN_MS = 500;
const CLOSED_DOOR = new Set([403, 404, 409, 410]);

/**
 * Make what brings the viewer in, once.
 *
 * Who opens the page comes in. Who is told to have left comes back a moment later: the former page's
 * last word may arrive after this page did. But a removal is told in two events, and it is the second
 * that says so.
 * @param {{wishes: () => boolean, join: () => Promise<number>, refused: (problem: Error) => void}} parts
 */
export function comeIn({ wishes, join, refused }) {
  let asking = false;
  let leftAt = 0;

  async function knock() {
    if (asking || !wishes()) return;
    asking = true;
    try {
      await join();
      asking = false;
    } catch (problem) { // a refusal is not asked again
      if (CLOSED_DOOR.has(problem.status) && wishes()) refused(problem);
      else toast(problem.words ?? problem.message, "warning");
    }
  }

  return {
    in(frame) {
      if (frame.type === "participant.left") leftAt = Date.now();
      const early = leftAt + REJOIN_MS - Date.now();
      if (early <= 0) knock();
      else setTimeout(knock, early);
    },
  };
}

/**
 * Return which page tells why a socket was closed for good. The code says no; the room itself says
 * why, to those who may know.
 * @param {number} code
 * @param {string} roomId
 * @param {object|null} state the room as it was known last
 * @returns {Promise<[string, object?]>}
 */
export async function whyClosed(code, roomId, state) {
  const shown = await ask("GET", `rooms/${roomId}`).catch((problem) => ({ problem }));
  if (code === 4410 || shown.state === "ended") return ["ended", { room: shown.state ? shown : state, people: state?.seats }];
  if (shown.problem?.status === 0) return ["unclear"];
  const role = shown.viewer?.role ?? state?.viewer.role;
  if (role === "removed" || role === "blocked") return [role];
  return [state ? "removed" : "forbidden", { room: shown.id ? shown : state, problem: shown.problem }];
}

/**
 * Knock again where the door was closed; who is still out stays where they are and is told so.
 * @param {string} roomId
 */
export async function knockAgain(roomId) {
  const shown = await ask("GET", `rooms/${roomId}`).catch((problem) => ({ problem }));
  const role = shown.viewer?.role;
  if (role === "removed" || role === "blocked") toast("The host has not let you back in.", "warning");
  else if (shown.problem) toast(shown.problem.words ?? shown.problem.message, "warning");
  else location.reload();
}

/**
 * Say the last word of a document that goes; it outlives it.
 *
 * Who listens expects no more than to be back after a reload, and that the others see an empty chair
 * after closing. Who is on stage expects to be on stage after a reload; a seat given away by mistake is
 * worse than one that is empty for a while. So a seat is kept, with its voice closed, and only the
 * Leave button gives it back.
 * @param {string} roomId
 * @param {object} state
 */
export function sayGoodbye(roomId, { seats, viewer }) {
  if (seats.some((seat) => seat.account_id === viewer.account_id) || !viewer.can.includes("leave")) return;
  fetch(`${API}/rooms/${roomId}/leave`, { method: "POST", keepalive: true, headers: { ...authorisation(), "Content-Type": "application/json" }, body: "{}" }).catch(() => undefined);
}
