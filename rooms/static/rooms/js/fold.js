/**
 * The room as a pure function of what happened: snapshot + events = the next snapshot.
 *
 * The state has the shape of the room in REST and in the snapshot, so one can be checked
 * against the other. Only two are added: `kept_until`, until when the seats of those who are away are
 * kept, and `followers_invited`, whether the host has told them.
 * A seat lasts until the event that ends it. Whoever was here is told to have left before anything
 * else, so leaving alone counts. An event of an unknown type only moves seq.
 *
 * A long line is told in part: `hands` are its first ones, `hand_count` is all of it. Hands that
 * come behind a gap are counted and not listed; a new snapshot closes the gap.
 */

import { CARD } from "./fold-card.js";
import { has, leads } from "./fold-parts.js";
import { PEOPLE } from "./fold-people.js";
import { STAGE } from "./fold-stage.js";
import { roleAfter, viewerAfter } from "./fold-viewer.js";
import { rights } from "./rights.js";

const CHANGES = { ...CARD, ...STAGE, ...PEOPLE };

/**
 * Return the state after one frame. Never changes its arguments, never throws on what it does not know.
 * @param {object|null} state
 * @param {{type: string, seq?: number, at?: string, actor?: string, data?: object, state?: object}} frame
 * @returns {object|null}
 */
export function fold(state, frame) {
  if (frame.type === "snapshot") return begun({ ...EMPTY, ...frame.state, seq: frame.seq });
  if (!state) return state;
  if (frame.type === "counts") return counted(state, frame);
  if (frame.type === "warning") return warned(state, frame);
  if (typeof frame.seq !== "number") return state;
  const change = Object.hasOwn(CHANGES, frame.type) ? CHANGES[frame.type] : unchanged;
  const next = { ...change(state, frame.data ?? {}, frame), seq: frame.seq };
  return change === unchanged ? next : tidy(next, state, frame);
}

const unchanged = (state) => state;

/** An ended room tells no content: what is missing is empty. */
const EMPTY = {
  seats: [], hands: [], listeners: [], host_ids: [], speaker_ids: [], cohost_ids: [], pins: [],
  speak_invitations: [], invited_user_ids: [], ending_at: null, participant_count: 0,
  viewer: { account_id: null, role: null, can: [] },
};

/** What a snapshot need not say: a short line is told in full, nobody is warned. */
function begun(state) {
  const listed = state.hands.find((hand) => hand.account_id === state.viewer.account_id);
  return {
    ...state,
    hand_count: state.hand_count ?? state.hands.length,
    kept_until: {},
    followers_invited: state.viewer.role === "host" && state.audience_policy !== "invited" && !state.viewer.can.includes("invite_followers"),
    viewer: {
      hand_raised_at: listed?.raised_at ?? null, may_ask_from: null, invited: false, speak_invitation: null, warnings: [],
      ...state.viewer,
      hand_position: state.viewer.hand_position ?? listed?.position ?? null,
    },
  };
}

/** Big rooms are counted once a second; nobody is named. Who waits for a seat learns in which place. */
function counted(state, { participant_count, hand_count, hand_position }) {
  const waits = state.viewer.role === "requested" && hand_position !== undefined;
  return {
    ...state,
    participant_count: participant_count ?? state.participant_count,
    hand_count: Math.max(hand_count ?? state.hand_count, state.hands.length),
    viewer: waits ? { ...state.viewer, hand_position } : state.viewer,
  };
}

/** Somebody whom the viewer has blocked is on stage. */
function warned(state, { code, account_id }) {
  if (has(state.viewer.warnings, account_id)) return state;
  return { ...state, viewer: { ...state.viewer, warnings: [...state.viewer.warnings, { code, account_id }] } };
}

/** What follows from the rest: positions, ids, the viewer's role and rights. */
function tidy(state, before, frame) {
  const told = leads(state) ? {} : { invited_user_ids: [], speak_invitations: [] };
  const viewer = viewerAfter(state, before, roleAfter(state, before, frame), frame);
  const next = {
    ...state,
    ...told,
    hands: state.hands.map((hand, index) => ({ ...hand, position: index + 1 })),
    viewer,
    ...idsOf(state),
  };
  const settled = viewer.role === before.viewer.role && standing(next) === standing(before);
  return { ...next, viewer: { ...next.viewer, can: settled ? before.viewer.can : rights(next) } };
}

/** Everything that the viewer's rights go by, but the role. */
function standing({ state, seats, speak_policy, audience_policy, followers_invited, viewer }) {
  const mine = seats.find((seat) => seat.account_id === viewer.account_id);
  return [state, speak_policy, audience_policy, followers_invited, viewer.invited, Boolean(viewer.speak_invitation), mine?.muted, mine?.away].join();
}

/** Who hosts, who speaks: first the host, then the co-hosts in the order of their appointment. */
function idsOf({ seats, cohost_ids: cohosts }) {
  const ids = (role) => seats.filter((seat) => seat.role === role).map((seat) => seat.account_id);
  const seated = cohosts.filter((id) => ids("cohost").includes(id));
  return { host_ids: [...ids("host"), ...seated], speaker_ids: ids("speaker"), cohost_ids: seated };
}
