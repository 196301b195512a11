/** The fold of the stage: seats, microphones, who hosts. */

import { has, known, seatOf, withoutHand, withoutSeat, without, withSeat } from "./fold-parts.js";

export const STAGE = {
  "speaker.promoted": (state, data) => ({
    ...withoutHand(state, data.account_id),
    seats: [...without(state.seats, data.account_id), { ...known(state, data), role: "speaker", muted: true, muted_by: null, away: !isHere(state, data.account_id) }],
    listeners: without(state.listeners, data.account_id),
  }),
  "speaker.demoted": (state, data) => {
    const seat = seatOf(state, data.account_id);
    const stays = seat && !seat.away; // whoever sat there and did not go away listens now
    return { ...withoutSeat(state, data.account_id), listeners: stays ? [...without(state.listeners, data.account_id), known(state, data)] : state.listeners };
  },
  "seat.lapsed": (state, { account_id }) => withoutSeat(state, account_id),
  "speaker.muted": (state, { account_id }, frame) => withSeat(state, account_id, { muted: true, muted_by: frame.actor ?? null }),
  "speaker.unmuted": (state, { account_id }) => withSeat(state, account_id, { muted: false, muted_by: null }),
  "speakers.muted": (state, { account_ids = [] }, frame) => account_ids.reduce((room, id) => withSeat(room, id, { muted: true, muted_by: frame.actor ?? null }), state),
  "cohost.appointed": (state, { account_id }) => ({ ...withSeat(state, account_id, { role: "cohost" }), cohost_ids: [...state.cohost_ids.filter((id) => id !== account_id), account_id] }),
  "cohost.dismissed": (state, { account_id }) => ({ ...withSeat(state, account_id, { role: "speaker" }), cohost_ids: state.cohost_ids.filter((id) => id !== account_id) }),
  "host.handed_over": handedOver,
  "participant.dropped": (state, { account_id, seat_kept_until }) => ({
    ...withSeat(withoutHand(state, account_id), account_id, { away: true }),
    kept_until: { ...state.kept_until, [account_id]: seat_kept_until },
    listeners: without(state.listeners, account_id),
    participant_count: Math.max(0, state.participant_count - 1),
  }),
  "participant.returned": (state, { account_id }) => {
    const { [account_id]: _back, ...kept } = state.kept_until;
    return { ...withSeat(state, account_id, { away: false }), kept_until: kept, participant_count: state.participant_count + 1 };
  },
};

/** Whether somebody is inside. Who accepts an invitation from outside is seated first, and then comes in. */
function isHere({ listeners, seats, participant_count: count, viewer }, id) {
  if (has(listeners, id) || (id === viewer.account_id && ["listener", "requested"].includes(viewer.role))) return true;
  return listeners.length + seats.filter((seat) => !seat.away).length < count; // not all listeners are listed
}

/** Somebody else hosts. Who was away too long has no seat any more; who handed the room over is a speaker. */
function handedOver(state, { account_id, former_host_id, cause }) {
  if (!account_id) return state;
  const former = cause === "host_dropped" ? withoutSeat(state, former_host_id) : withSeat(state, former_host_id, { role: "speaker" });
  return { ...withSeat(former, account_id, { role: "host" }), host_id: account_id, cohost_ids: state.cohost_ids.filter((id) => id !== account_id) };
}
