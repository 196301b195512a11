/**
 * The room as a pure function of what happened: snapshot + events = the next snapshot.
 *
 * The state has the shape of the room in REST and in the snapshot, so one can be checked
 * against the other; only `away` is added: who has a seat and is not here, which nobody sees.
 * A seat lasts until the event that ends it. An event of an unknown type only moves seq.
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
const EMPTY = { seats: [], hands: [], listeners: [], host_ids: [], speaker_ids: [], participant_count: 0, away: [], viewer: { account_id: null, role: null, can: [] } };

/** A viewer who has a seat and may come in is away from it. */
function begun(state) {
  const { account_id: me, can } = state.viewer;
  return has(state.seats, me) && can.includes("join") ? { ...state, away: [me] } : state;
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
  "room.ended": (state, data, frame) => ({ ...state, state: "ended", ended_at: frame.at, updated_at: frame.at, away: [], seats: [], hands: [], listeners: [], participant_count: 0 }),
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
  "participant.seated": (state, { account_id }) => ({ ...state, hands: without(state.hands, account_id) }),
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
    // Whoever sat there and did not go away listens now.
    listeners: has(state.seats, data.account_id) && !state.away.includes(data.account_id) ? [...without(state.listeners, data.account_id), known(state, data)] : state.listeners,
    away: state.away.filter((id) => id !== data.account_id),
  }),
  "speaker.muted": (state, { account_id }, frame) => withSeat(state, account_id, { muted: true, muted_by: frame.actor ?? account_id }),
  "speaker.unmuted": (state, { account_id }) => withSeat(state, account_id, { muted: false, muted_by: null }),
};

function gone({ surely = false } = {}) {
  return (state, { account_id }) => {
    const away = state.away;
    const seated = has(state.seats, account_id);
    const present = surely || has(state.listeners, account_id) || (seated && !away.includes(account_id));
    return {
      ...state,
      away: seated ? [...away, account_id] : away,
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
  const next = {
    ...state,
    hands: state.hands.map((hand, index) => ({ ...hand, position: index + 1 })),
    viewer: { ...state.viewer, role },
    host_ids: idsOf(state.seats, (seat) => seat.role !== "speaker"),
    speaker_ids: idsOf(state.seats, (seat) => seat.role === "speaker"),
  };
  const settled = role === before.viewer.role && next.state === before.state && next.speak_policy === before.speak_policy && samePlace(next, before);
  return { ...next, viewer: { ...next.viewer, can: settled ? before.viewer.can : rights(next) } };
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
