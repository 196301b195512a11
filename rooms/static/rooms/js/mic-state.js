/** Which face a microphone's button wears. */

import { micOf, muterOf } from "./sentences.js";

export const MIC = {
  off: { icon: "micOff", does: "Turn your microphone on", caption: "Mic is off" },
  on: { icon: "mic", does: "Turn your microphone off", caption: "Mic is on" },
  connecting: { icon: "mic", does: "Your microphone is opening", caption: "Connecting…" },
  blocked: { icon: "ban", does: "Show what helps", caption: "Mic is blocked" },
  muted: { icon: "micOff", does: "Turn your microphone on" },
};

/** Return what is written below the button. */
export const micCaption = (state, room, seat) => (state === "muted" ? `Muted by ${muterOf(room, seat.muted_by)}` : MIC[state].caption);

/** Return which face the mic button wears. */
export function micState(seat, audio) {
  if (audio.mic === "blocked") return "blocked";
  if (audio.mic === "connecting") return "connecting";
  const mic = micOf(seat);
  return mic === "on" && audio.mic !== "open" ? "connecting" : mic;
}
