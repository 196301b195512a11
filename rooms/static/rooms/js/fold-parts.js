/** Small things that every part of the fold needs. */

export const without = (people, id) => people.filter((person) => person.account_id !== id);
export const has = (people, id) => people.some((person) => person.account_id === id);
export const person = ({ account_id, name, handle }) => ({ account_id, name, handle });
export const seatOf = (state, id) => state.seats.find((seat) => seat.account_id === id);

/** Whether the viewer is host, also after the end, or co-host: only these are told who is invited. */
export const leads = (state) => state.host_id === state.viewer.account_id || seatOf(state, state.viewer.account_id)?.role === "cohost";

/** Return a reference to whom an event concerns, with the name from wherever it is known. */
export function known(state, data) {
  return person([data, ...state.seats, ...state.listeners, ...state.hands, ...state.speak_invitations].find((one) => one.account_id === data.account_id && one.name) ?? data);
}

/** Take a hand out of the line; one behind the gap is counted out where it surely was up. */
export function withoutHand(state, accountId, { surely = false } = {}) {
  const hands = without(state.hands, accountId);
  const fewer = hands.length < state.hands.length || (surely && state.hand_count > hands.length);
  return fewer ? { ...state, hands, hand_count: state.hand_count - 1 } : state;
}

/** Return the room with one seat changed. */
export function withSeat(state, accountId, change) {
  return { ...state, seats: state.seats.map((seat) => (seat.account_id === accountId ? { ...seat, ...change } : seat)) };
}

/** Return the room without somebody's seat. */
export function withoutSeat(state, accountId) {
  const { [accountId]: _gone, ...kept } = state.kept_until;
  return { ...state, kept_until: kept, seats: without(state.seats, accountId) };
}
