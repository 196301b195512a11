/** The fold of whoever looks: role, place in line, invitations, warnings. */

import { seatOf } from "./fold-parts.js";

const AWAY = new Set(["participant.left", "seat.lapsed", "host.handed_over", "removal.lifted"]);
const OUT = { "participant.removed": "removed", "participant.blocked": "blocked" };
const OUT_FOR_GOOD = new Set(["removed", "blocked"]);
const INSIDE = new Set(["host", "cohost", "speaker", "listener", "requested"]);
const SEATED = new Set(["host", "cohost", "speaker"]);
const ANSWERED = /^speak_invitation\./;
const MAY_ASK_AGAIN_MS = { withdrawn: 60_000, refused: 300_000 }; // what an event does not say, as of old

/** Return the viewer's role; kept while others move, for a large room does not list every listener. */
export function roleAfter(state, before, { type, data }) {
  const { account_id: me, role } = before.viewer;
  const mine = data?.account_id === me;
  const out = role === "removed" || role === "blocked";
  if (out) return mine && type === "removal.lifted" ? null : role;
  if (type === "room.ended") return null;
  if (mine && OUT[type]) return OUT[type];
  const seat = seatOf(state, me);
  if (seat) return seat.role;
  if (SEATED.has(role)) return type === "speaker.demoted" && !seatOf(before, me)?.away ? "listener" : null;
  if (!mine) return role;
  if (type === "participant.joined") return "listener";
  if (type === "hand.raised") return "requested";
  if (type === "hand.lowered") return role === "requested" ? "listener" : role; // gone in the same breath
  return AWAY.has(type) ? null : role;
}

/** Return the viewer after an event, but for the rights. */
export function viewerAfter(state, before, place, frame) {
  const { viewer } = before;
  const mine = frame.data?.account_id === viewer.account_id;
  const next = { ...state.viewer, role: place, hand_position: placeInLine(state, before, place), hand_raised_at: place === "requested" ? viewer.hand_raised_at : null };
  if (mine) Object.assign(next, ownChange(next, viewer, frame));
  if (!INSIDE.has(place) && !OUT_FOR_GOOD.has(place)) next.role = next.invited || (next.speak_invitation && frame.type !== "room.ended") ? "invited" : null;
  next.warnings = next.warnings.filter(({ account_id }) => seatOf(state, account_id));
  return frame.type === "room.ended" ? { ...next, speak_invitation: null } : next;
}

/** What an event about the viewer changes beside the role. */
function ownChange(next, before, { type, at, actor, data }) {
  if (type === "hand.raised") return { hand_raised_at: at };
  if (type === "hand.lowered" || type === "participant.left") return handDown(next, before, { at, actor, data });
  if (type === "speaker.invited") return { speak_invitation: { expires_at: data.expires_at, by: actor } };
  if (type === "person.invited") return { invited: true };
  if (type === "person.uninvited" || type === "invitation.declined") return { invited: false };
  return ANSWERED.test(type) ? { speak_invitation: null } : {};
}

/** Who withdraws, or goes with a hand up, may ask again soon; whom a leader refused, later. */
function handDown(next, before, { at, actor, data }) {
  if (before.role !== "requested") return {};
  if (data.may_ask_from) return { may_ask_from: data.may_ask_from };
  const pause = actor && actor !== before.account_id ? MAY_ASK_AGAIN_MS.refused : MAY_ASK_AGAIN_MS.withdrawn;
  return { may_ask_from: new Date(Date.parse(at) + pause).toISOString() };
}

/** The viewer's place in line, also behind the gap; null for whose hand is down, or whose place is not known. */
function placeInLine({ hands, hand_count: count }, before, role) {
  if (role !== "requested") return null;
  const listed = hands.findIndex((hand) => hand.account_id === before.viewer.account_id) + 1;
  if (listed > 0) return listed;
  if (before.viewer.role !== "requested") return count;
  const passed = before.hands.length - hands.length; // who is listed waits before those who are not
  return before.viewer.hand_position && Math.max(1, before.viewer.hand_position - passed);
}
