/** The fold of the stage: seats, microphones, who hosts. */

import { has, known, seatOf, withoutHand, withoutSeat, without, withSeat } from "./fold-parts.js";

const MUTED = { muted: true, muted_by: null };

export const STAGE = {
  "speaker.promoted": (state, data) => ({
    ...withoutHand(state, data.account_id),
    seats: [...without(state.seats, data.account_id), { ...known(state, data), role: "speaker", ...MUTED, away: false }],
    listeners: without(state.listeners, data.account_id),
    speak_invitations: without(state.speak_invitations, data.account_id),
  }),
  "speaker.demoted": (state, data) => {
    const seat = seatOf(state, data.account_id);
    const stays = seat && !seat.away; // whoever sat there and did not go away listens now
    return { ...withoutSeat(state, data.account_id), listeners: stays ? [...without(state.listeners, data.account_id), known(state, data)] : state.listeners };
  },
  "seat.lapsed": (state, { account_id }) => withoutSeat(state, account_id),
  "speaker.muted": (state, { account_id }, frame) => withSeat(state, account_id, { muted: true, muted_by: frame.actor ?? account_id }),
  "speaker.unmuted": (state, { account_id }) => withSeat(state, account_id, { muted: false, muted_by: null }),
  "speakers.muted": (state, { account_ids = [] }, frame) => account_ids.reduce((room, id) => withSeat(room, id, { muted: true, muted_by: frame.actor ?? null }), state),
  "cohost.appointed": (state, { account_id }) => ({ ...withSeat(state, account_id, { role: "cohost" }), cohost_ids: [...state.cohost_ids.filter((id) => id !== account_id), account_id] }),
  "cohost.dismissed": (state, { account_id }) => ({ ...withSeat(state, account_id, { role: "speaker" }), cohost_ids: state.cohost_ids.filter((id) => id !== account_id) }),
  "host.handed_over": handedOver,
  "participant.dropped": (state, { account_id, seat_kept_until }) => ({
    ...withSeat(withoutHand(state, account_id), account_id, { ...MUTED, away: true }),
    kept_until: { ...state.kept_until, [account_id]: seat_kept_until },
    listeners: without(state.listeners, account_id),
    participant_count: Math.max(0, state.participant_count - 1),
  }),
  "participant.returned": (state, { account_id }) => {
    const { [account_id]: _back, ...kept } = state.kept_until;
    return { ...withSeat(state, account_id, { ...MUTED, away: false }), kept_until: kept, participant_count: state.participant_count + 1 };
  },
};

/**
 * Somebody else hosts. Who handed the room over stays, as a co-host where there is a place for one;
 * who was away too long has no seat any more.
 */
function handedOver(state, { account_id, former_host_id, cause }) {
  if (!account_id) return state;
  const cohosts = state.cohost_ids.filter((id) => id !== account_id);
  const promoted = { ...withSeat(state, account_id, { role: "host" }), host_id: account_id, cohost_ids: cohosts };
  if (cause === "host_dropped" || !has(state.seats, former_host_id)) return withoutSeat(promoted, former_host_id);
  const hasPlace = cohosts.length < (state.most_cohosts ?? 2);
  return {
    ...withSeat(promoted, former_host_id, { role: hasPlace ? "cohost" : "speaker" }),
    cohost_ids: hasPlace ? [...cohosts, former_host_id] : cohosts,
  };
}
