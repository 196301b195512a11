/** The fold of the people: who is here, who asks for a seat, who was invited. */

import { has, known, leads, person, withoutHand, withoutSeat, without, withSeat } from "./fold-parts.js";

export const PEOPLE = {
  "participant.joined": (state, data) => {
    const here = has(state.listeners, data.account_id);
    const seated = has(state.seats, data.account_id);
    return {
      ...withSeat(state, data.account_id, { away: false }),
      listeners: here || seated ? state.listeners : [...state.listeners, person(data)],
      participant_count: state.participant_count + (here ? 0 : 1),
    };
  },
  "participant.seated": (state, { account_id }) => withoutHand(state, account_id),
  "participant.left": (state, { account_id }) => ({
    ...withSeat(withoutHand(state, account_id), account_id, { away: true }),
    listeners: without(state.listeners, account_id),
    participant_count: Math.max(0, state.participant_count - 1),
  }),
  "participant.removed": putOut,
  "participant.blocked": putOut,
  "hand.raised": (state, data, frame) => {
    if (has(state.hands, data.account_id)) return state;
    const listed = state.hands.length === state.hand_count;
    const listeners = state.listeners.map((one) => (one.account_id === data.account_id && data.name ? person(data) : one)); // a guest has a name by now
    return { ...state, listeners, hand_count: state.hand_count + 1, hands: listed ? [...state.hands, { ...known(state, data), raised_at: frame.at }] : state.hands };
  },
  "hand.lowered": (state, { account_id }) => withoutHand(state, account_id, { surely: true }),
  "person.invited": (state, { account_id }) => invited(state, account_id, true),
  "person.uninvited": (state, { account_id }) => invited(state, account_id, false),
  "invitation.declined": (state, { account_id }) => invited(state, account_id, false),
  "speaker.invited": (state, data) =>
    leads(state) ? { ...state, speak_invitations: soonest([...without(state.speak_invitations, data.account_id), { ...known(state, data), expires_at: data.expires_at }]) } : state,
  "speak_invitation.accepted": answered,
  "speak_invitation.declined": answered,
  "speak_invitation.cancelled": answered,
  "speak_invitation.expired": answered,
  "removal.lifted": (state) => ({ ...state }),
};

const soonest = (offers) => offers.sort((one, other) => (one.expires_at < other.expires_at ? -1 : 1));

/** Nothing to count: who was here has left just before. */
function putOut(state, { account_id }) {
  return {
    ...withoutSeat(withoutHand(state, account_id), account_id),
    listeners: without(state.listeners, account_id),
  };
}

/** Who is invited is told to those who lead, and to the person. */
function invited(state, accountId, is) {
  if (!leads(state)) return { ...state };
  const others = state.invited_user_ids.filter((id) => id !== accountId);
  return { ...state, invited_user_ids: is ? [...others, accountId].sort() : others };
}

function answered(state, { account_id }) {
  return { ...state, speak_invitations: without(state.speak_invitations, account_id) };
}
