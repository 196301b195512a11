/** What happened, as a person would say it. */

/** Return a name wrapped so that its own direction stays inside it. */
export function isolated(name) {
  return `\u2068${name ?? "Somebody"}\u2069`;
}

/** Return "1st", "2nd", "3rd", "4th". */
export function ordinal(number) {
  const rest = number % 100;
  const ending = rest > 10 && rest < 14 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}

/** Return whether a seat's microphone is "on", "off" or "muted" by somebody else; whoever hosts by now is muted by nobody. */
export function micOf(seat) {
  if (!seat.muted) return "on";
  return seat.role !== "host" && seat.muted_by && seat.muted_by !== seat.account_id ? "muted" : "off";
}

/** Return who muted somebody; who leads no more was one of the two at that time. */
export function muterOf({ host_id: host, cohost_ids: cohosts }, id) {
  if (id === host) return "host";
  return cohosts.includes(id) ? "co-host" : "host or co-host";
}

/** The same in a sentence. */
export const muterWords = (room, id) => `${id === room.host_id ? "the" : "a"} ${muterOf(room, id)}`;

/**
 * Return the sentence for an event, or null where silence is better.
 * @param {object} frame
 * @param {object} before the room before the event, which still knows the names
 */
export function sentence(frame, before) {
  const id = frame.data?.account_id;
  const me = before.viewer.account_id;
  if (id === me) return SENTENCES_OF_MINE[frame.type]?.(frame, before) ?? null;
  const people = [...before.seats, ...before.hands, ...before.listeners];
  const name = isolated(frame.data?.name ?? people.find((person) => person.account_id === id)?.name);
  return SENTENCES[frame.type]?.(name, frame, before) ?? null;
}

const onStage = (before, id) => before.seats.some((seat) => seat.account_id === id);

const SENTENCES = {
  "room.started": () => "The room is live.",
  "room.ended": () => "The room has ended.",
  "policies.changed": () => "The host changed who may take part.",
  "hand.raised": (name) => `${name} raised a hand.`,
  "hand.lowered": (name, frame, before) => (before.viewer.role === "host" ? `${name} lowered a hand.` : null),
  "speaker.promoted": (name) => `${name} is now on stage.`,
  "speaker.demoted": (name) => `${name} is back in the audience.`,
  "speaker.muted": (name, frame, before) => (frame.actor === frame.data.account_id ? null : `${name} was muted by ${muterWords(before, frame.actor)}.`),
  "participant.joined": (name, frame, before) => (before.participant_count < 12 ? `${name} joined.` : null),
  "participant.dropped": (name, frame, before) => (before.host_id === frame.data.account_id ? null : `${name} lost the connection.`), // of the host a banner tells
  "participant.returned": (name) => `${name} is back on stage.`,
  "participant.left": (name, frame, before) => (onStage(before, frame.data.account_id) ? `${name} left the stage.` : null),
  "participant.removed": (name) => `${name} was removed.`,
  "participant.blocked": (name) => `${name} was blocked.`,
  "cohost.appointed": (name) => `${name} is now a co-host.`,
  "cohost.dismissed": (name) => `${name} is no longer a co-host.`,
  "host.handed_over": (name) => `${name} is the host now.`,
  "speakers.muted": () => "All speakers were muted.",
  "title.changed": (name, { data }) => `The room is now called ${data.title}.`,
  "pin.added": (name, { data }) => `Pinned: ${data.text || data.url}`,
};

const SENTENCES_OF_MINE = {
  "hand.raised": (frame, before) => `Your hand is up. You are ${ordinal(before.hand_count + 1)} in line.`,
  "hand.lowered": (frame) => (isByAnother(frame) ? "Your hand was put down. You may ask again in a while." : "Your hand is down."),
  "speaker.muted": (frame) => (frame.actor === frame.data.account_id ? "Your microphone is off." : null),
  "speaker.unmuted": () => "Your microphone is on.",
  "cohost.appointed": () => "You are a co-host now: you may invite, accept, mute and remove people.",
  "cohost.dismissed": () => "You are no longer a co-host. You stay on stage.",
  "host.handed_over": () => "You are the host now: you decide who speaks, and when the room ends.",
};

const isByAnother = ({ actor, data }) => actor !== data.account_id;

/** Return whether a sentence is for the eyes, too: what others did to the viewer's own part, and who hosts. */
export function isForEyes({ type, actor, data }, { viewer: { account_id: me } }) {
  if (type === "host.handed_over") return true;
  return data?.account_id === me && (type === "cohost.appointed" || type === "cohost.dismissed" || (type === "hand.lowered" && actor !== me));
}
