/**
 * The room as a pure function of what happened: snapshot + events = the next snapshot.
 *
 * The state has the shape of the room in REST and in the snapshot, so one can be checked
 * against the other; only `away` is added: who has a seat and is not here, which nobody sees.
 * A seat lasts until the event that ends it. Whoever was here is told to have left before anything
 * else, so leaving alone counts. An event of an unknown type only moves seq.
 *
 * A long line is told in part: `hands` are its first ones, `hand_count` is all of it. Hands that
 * come behind a gap are counted and not listed; a new snapshot closes the gap.
 */

import { rights } from "./rights.js";

/**
 * Return the state after one frame. Never changes its arguments, never throws on what it does not know.
 * @param {object|null} state
 * @param {{type: string, seq?: number, at?: string, actor?: string, data?: object, state?: object}} frame
 * @returns {object|null}
 */
export function fold(state, frame) {
  if (frame.type === "snapshot") return begun({ ...EMPTY, ...frame.state, seq: frame.seq });
  if (!state) return state;
  if (frame.type === "counts") return { ...state, participant_count: frame.participant_count };
  if (typeof frame.seq !== "number") return state;
  const change = Object.hasOwn(CHANGES, frame.type) ? CHANGES[frame.type] : unchanged;
  const data = frame.data ?? {};
  const next = { ...change(state, data, frame), seq: frame.seq };
  return change === unchanged ? next : tidy(next, state, roleAfter(state, frame));
}

/** An ended room tells no content: what is missing is empty. */
const EMPTY = { seats: [], hands: [], listeners: [], host_ids: [], speaker_ids: [], participant_count: 0, viewer: { account_id: null, role: null, can: [] } };

/** What a snapshot need not say: who has a seat and may come in is away from it; a short line is told in full. */
function begun(state) {
  const { account_id: me, can } = state.viewer;
  const listed = state.hands.find((hand) => hand.account_id === me);
  return {
    ...state,
    hand_count: state.hand_count ?? state.hands.length,
    away: has(state.seats, me) && can.includes("join") ? [me] : [],
    viewer: { ...state.viewer, hand_position: state.viewer.hand_position ?? listed?.position ?? null },
  };
}

const unchanged = (state) => state;
const without = (people, id) => people.filter((person) => person.account_id !== id);
const has = (people, id) => people.some((person) => person.account_id === id);
const person = ({ account_id, name, handle }) => ({ account_id, name, handle });
const known = (state, data) =>
  person([data, ...state.seats, ...state.listeners, ...state.hands].find((one) => one.account_id === data.account_id && one.name) ?? data);

const CHANGES = {
  "room.created": (state, data, frame) => ({ ...state, ...data, updated_at: frame.at }),
  "room.started": (state, data, frame) => ({ ...state, state: "live", started_at: frame.at, updated_at: frame.at }),
  "room.ended": (state, data, frame) => ({ ...state, state: "ended", ended_at: frame.at, updated_at: frame.at, away: [], seats: [], hands: [], hand_count: 0, listeners: [], participant_count: 0 }),
  "policies.changed": (state, { audience_policy, speak_policy }, frame) => ({
    ...state,
    updated_at: frame.at,
    audience_policy: audience_policy ?? state.audience_policy,
    speak_policy: speak_policy ?? state.speak_policy,
  }),
  "participant.joined": (state, data) => {
    const here = has(state.listeners, data.account_id);
    const seated = has(state.seats, data.account_id);
    return {
      ...state,
      listeners: here || seated ? state.listeners : [...state.listeners, person(data)],
      participant_count: state.participant_count + (here ? 0 : 1),
      away: state.away.filter((id) => id !== data.account_id),
    };
  },
  "participant.seated": (state, { account_id }) => withoutHand(state, account_id),
  "participant.left": (state, { account_id }) => {
    const seated = has(state.seats, account_id);
    return {
      ...withoutHand(state, account_id),
      away: seated ? [...state.away, account_id] : state.away,
      listeners: without(state.listeners, account_id),
      participant_count: Math.max(0, state.participant_count - 1),
    };
  },
  "participant.removed": putOut,
  "participant.blocked": putOut,
  "hand.raised": (state, data, frame) => {
    if (has(state.hands, data.account_id)) return state;
    const listed = state.hands.length === state.hand_count;
    return { ...state, hand_count: state.hand_count + 1, hands: listed ? [...state.hands, { ...known(state, data), raised_at: frame.at }] : state.hands };
  },
  "hand.lowered": (state, { account_id }) => withoutHand(state, account_id, { surely: true }),
  "speaker.promoted": (state, data) => ({
    ...withoutHand(state, data.account_id),
    seats: [...without(state.seats, data.account_id), { ...known(state, data), role: "speaker", muted: true, muted_by: null }],
    listeners: without(state.listeners, data.account_id),
  }),
  "speaker.demoted": (state, data) => ({
    ...state,
    seats: without(state.seats, data.account_id),
    // Whoever sat there and did not go away listens now.
    listeners: has(state.seats, data.account_id) && !state.away.includes(data.account_id) ? [...without(state.listeners, data.account_id), known(state, data)] : state.listeners,
    away: state.away.filter((id) => id !== data.account_id),
  }),
  "speaker.muted": (state, { account_id }, frame) => withSeat(state, account_id, { muted: true, muted_by: frame.actor ?? account_id }),
  "speaker.unmuted": (state, { account_id }) => withSeat(state, account_id, { muted: false, muted_by: null }),
};

/** Nothing to count: who was here has left just before. */
function putOut(state, { account_id }) {
  return {
    ...withoutHand(state, account_id),
    away: state.away.filter((id) => id !== account_id),
    seats: without(state.seats, account_id),
    listeners: without(state.listeners, account_id),
  };
}

/** Take a hand out of the line; one behind the gap is counted out where it surely was up. */
function withoutHand(state, accountId, { surely = false } = {}) {
  const hands = without(state.hands, accountId);
  const fewer = hands.length < state.hands.length || (surely && state.hand_count > hands.length);
  return fewer ? { ...state, hands, hand_count: state.hand_count - 1 } : state;
}

function withSeat(state, accountId, change) {
  return { ...state, seats: state.seats.map((seat) => (seat.account_id === accountId ? { ...seat, ...change } : seat)) };
}

/** What follows from the rest: positions, ids, the viewer's role and rights. */
function tidy(state, before, role) {
  const next = {
    ...state,
    hands: state.hands.map((hand, index) => ({ ...hand, position: index + 1 })),
    viewer: { ...state.viewer, role, hand_position: placeInLine(state, before, role) },
    host_ids: idsOf(state.seats, (seat) => seat.role !== "speaker"),
    speaker_ids: idsOf(state.seats, (seat) => seat.role === "speaker"),
  };
  const settled = role === before.viewer.role && next.state === before.state && next.speak_policy === before.speak_policy && samePlace(next, before);
  return { ...next, viewer: { ...next.viewer, can: settled ? before.viewer.can : rights(next) } };
}

/** The viewer's place in line, also behind the gap; null for whose hand is down, or whose place is not known. */
function placeInLine({ hands, hand_count: count, viewer: { account_id: me } }, before, role) {
  if (role !== "requested") return null;
  const listed = hands.findIndex((hand) => hand.account_id === me) + 1;
  if (listed > 0) return listed;
  if (before.viewer.role !== "requested") return count;
  const passed = before.hands.length - hands.length; // who is listed waits before those who are not
  return before.viewer.hand_position && Math.max(1, before.viewer.hand_position - passed);
}

const ROLE_AFTER = {
  "participant.left": null, // but whoever has a seat keeps its role
  "participant.removed": "removed",
  "participant.blocked": "blocked",
  "participant.joined": "listener",
  "hand.raised": "requested",
  "hand.lowered": "listener",
  "speaker.promoted": "speaker",
  "speaker.demoted": "listener",
};

/** The viewer's role; kept while others move, for a large room does not list every listener. */
function roleAfter(state, { type, data }) {
  const { account_id: me, role } = state.viewer;
  if (type === "room.ended" && role !== "removed" && role !== "blocked") return null;
  if (data?.account_id !== me || !Object.hasOwn(ROLE_AFTER, type)) return role;
  if (role === "removed" || role === "blocked") return role;
  if (/^participant\.(joined|left)$/.test(type) && has(state.seats, me)) return state.seats.find((seat) => seat.account_id === me).role;
  if (type === "hand.lowered" && role !== "requested") return role; // promoted or gone in the same breath
  if (type === "speaker.demoted" && role === null) return role;
  return ROLE_AFTER[type];
}

/** Whether the viewer sits, is muted and is here as before. */
function samePlace(one, other) {
  const mine = ({ seats, away, viewer: { account_id: me } }) => `${seats.find((seat) => seat.account_id === me)?.muted} ${away.includes(me)}`;
  return mine(one) === mine(other);
}

function idsOf(seats, filter) {
  return seats.filter(filter).map((seat) => seat.account_id);
}
