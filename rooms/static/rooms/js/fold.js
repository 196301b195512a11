/**
 * The room as a pure function of what happened: snapshot + events = the next snapshot.
 *
 * The state has the shape of the room in REST and in the snapshot, so one can be checked
 * against the other. An event of an unknown type only moves seq.
 */

import { rights } from "./rights.js";

/**
 * Return the state after one frame. Never changes its arguments, never throws on what it does not know.
 * @param {object|null} state
 * @param {{type: string, seq?: number, at?: string, actor?: string, data?: object, state?: object}} frame
 * @returns {object|null}
 */
export function fold(state, frame) {
  if (frame.type === "snapshot") return { ...frame.state, seq: frame.seq };
  if (!state) return state;
  if (frame.type === "counts") return { ...state, participant_count: frame.participant_count };
  if (typeof frame.seq !== "number") return state;
  const change = Object.hasOwn(CHANGES, frame.type) ? CHANGES[frame.type] : unchanged;
  const data = frame.data ?? {};
  const next = { ...change(state, data, frame), seq: frame.seq, updated_at: frame.at ?? state.updated_at };
  return change === unchanged ? next : tidy(next, state, roleAfter(state, frame));
}

const unchanged = (state) => state;
const without = (people, id) => people.filter((person) => person.account_id !== id);
const has = (people, id) => people.some((person) => person.account_id === id);
const person = ({ account_id, name, handle }) => ({ account_id, name, handle });
const known = (state, data) =>
  person([data, ...state.seats, ...state.listeners, ...state.hands].find((one) => one.account_id === data.account_id && one.name) ?? data);

const CHANGES = {
  "room.created": (state, data) => ({ ...state, ...data }),
  "room.started": (state, data, frame) => ({ ...state, state: "live", started_at: frame.at }),
  "room.ended": (state, data, frame) => ({ ...state, state: "ended", ended_at: frame.at, seats: [], hands: [], listeners: [], participant_count: 0 }),
  "policies.changed": (state, { audience_policy, speak_policy }) => ({
    ...state,
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
    };
  },
  "participant.left": gone({ surely: true }),
  "participant.removed": gone(),
  "participant.blocked": gone(),
  "hand.raised": (state, data, frame) =>
    has(state.hands, data.account_id) ? state : { ...state, hands: [...state.hands, { ...known(state, data), raised_at: frame.at }] },
  "hand.lowered": (state, { account_id }) => ({ ...state, hands: without(state.hands, account_id) }),
  "speaker.promoted": (state, data) => ({
    ...state,
    seats: [...without(state.seats, data.account_id), { ...known(state, data), role: "speaker", muted: true, muted_by: null }],
    hands: without(state.hands, data.account_id),
    listeners: without(state.listeners, data.account_id),
  }),
  "speaker.demoted": (state, data) => ({
    ...state,
    seats: without(state.seats, data.account_id),
    listeners: has(state.seats, data.account_id) ? [...without(state.listeners, data.account_id), known(state, data)] : state.listeners,
  }),
  "speaker.muted": (state, { account_id }, frame) => withSeat(state, account_id, { muted: true, muted_by: frame.actor ?? account_id }),
  "speaker.unmuted": (state, { account_id }) => withSeat(state, account_id, { muted: false, muted_by: null }),
};

function gone({ surely = false } = {}) {
  return (state, { account_id }) => {
    const present = surely || has(state.listeners, account_id) || has(state.seats, account_id);
    return {
      ...state,
      seats: without(state.seats, account_id),
      hands: without(state.hands, account_id),
      listeners: without(state.listeners, account_id),
      participant_count: Math.max(0, state.participant_count - (present ? 1 : 0)),
    };
  };
}

function withSeat(state, accountId, change) {
  return { ...state, seats: state.seats.map((seat) => (seat.account_id === accountId ? { ...seat, ...change } : seat)) };
}

/** What follows from the rest: positions, ids, the viewer's role and rights. */
function tidy(state, before, role) {
  const over = state.state === "ended";
  const next = {
    ...state,
    hands: state.hands.map((hand, index) => ({ ...hand, position: index + 1 })),
    viewer: { ...state.viewer, role },
    host_ids: over ? state.host_ids : idsOf(state.seats, (seat) => seat.role !== "speaker"),
    speaker_ids: over ? state.speaker_ids : idsOf(state.seats, (seat) => seat.role === "speaker"),
  };
  const settled = role === before.viewer.role && next.state === before.state && next.speak_policy === before.speak_policy && sameSeat(next, before);
  return { ...next, viewer: { ...next.viewer, can: settled ? before.viewer.can : rights(next) } };
}

const ROLE_AFTER = {
  "participant.left": null,
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
  if (data?.account_id !== me || !Object.hasOwn(ROLE_AFTER, type)) return role;
  if (role === "removed" || role === "blocked") return role;
  if (type === "participant.joined" && has(state.seats, me)) return state.seats.find((seat) => seat.account_id === me).role;
  if (type === "hand.lowered" && role !== "requested") return role; // promoted or gone in the same breath
  if (type === "speaker.demoted" && role === null) return role;
  return ROLE_AFTER[type];
}

function sameSeat(one, other) {
  const mine = (state) => state.seats.find((seat) => seat.account_id === state.viewer.account_id);
  return mine(one)?.muted === mine(other)?.muted;
}

function idsOf(seats, filter) {
  return seats.filter(filter).map((seat) => seat.account_id);
}
