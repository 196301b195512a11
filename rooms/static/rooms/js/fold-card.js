/** The fold of the room itself: its life, its card, its policies, its pins. */

export const CARD = {
  "room.created": (state, data, frame) => ({ ...state, ...data, updated_at: frame.at }),
  "room.started": (state, data, frame) => ({ ...state, state: "live", started_at: frame.at, updated_at: frame.at }),
  "room.ended": (state, data, frame) => ({
    ...state,
    state: "ended", ended_at: frame.at, updated_at: frame.at, kept_until: {},
    seats: [], hands: [], hand_count: 0, listeners: [], speak_invitations: [], participant_count: 0,
  }),
  "room.ending_soon": (state, { ends_at }) => ({ ...state, ending_at: ends_at ?? null }),
  "followers.invited": (state) => ({ ...state, followers_invited: true }),
  "policies.changed": (state, { audience_policy, speak_policy }, frame) => ({
    ...state,
    updated_at: frame.at,
    audience_policy: audience_policy ?? state.audience_policy,
    speak_policy: speak_policy ?? state.speak_policy,
  }),
  "title.changed": (state, { title }, frame) => ({ ...state, title: title ?? state.title, updated_at: frame.at }),
  "description.changed": (state, { description }, frame) => ({ ...state, description: description ?? state.description, updated_at: frame.at }),
  "topics.changed": (state, { topic_ids }, frame) => ({ ...state, topic_ids: topic_ids ?? state.topic_ids, updated_at: frame.at }),
  "pin.added": (state, { pin_id, text, url }, frame) => ({
    ...state,
    pins: [...state.pins.filter((pin) => pin.pin_id !== pin_id), { pin_id, text: text ?? "", url: url ?? null, pinned_by: frame.actor ?? null, pinned_at: frame.at }],
  }),
  "pin.removed": (state, { pin_id }) => ({ ...state, pins: state.pins.filter((pin) => pin.pin_id !== pin_id) }),
};
