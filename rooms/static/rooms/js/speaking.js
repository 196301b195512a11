/**
 * From raising a hand to being heard.
 *
 * Nobody's microphone opens without their yes: raising a hand is that yes, given in a dialog
 * that says so, or accepting an invitation, after trying the microphone. It holds for the next seat
 * only. Who is brought on stage without it taps.
 */

import { toast } from "./announce.js";
import { confirm } from "./dialog.js";
import { checkMic, MicBlocked } from "./mic.js";
import { muterWords } from "./sentences.js";
import { isGuest } from "./session.js";

/**
 * Make the part of the page that speaks.
 * @param {{roomId: string, audio: object, command: (type: string, data?: object) => Promise<number>, attempt: (type: string, data?: object) => Promise<boolean>, state: () => object}} parts
 */
export function createSpeaking({ roomId, audio, command, attempt, state }) {
  const consent = consentOf(roomId);
  let asking = null; // the dialog of an invitation
  let wishes = false; // whether the person wants to be heard now

  const seatOf = (room) => room?.seats.find((seat) => seat.account_id === room.viewer.account_id);
  const gate = () => audio.letVoice(wishes && seatOf(state())?.muted === false);

  async function open() {
    wishes = true;
    try {
      await audio.speak();
      if (seatOf(state())?.muted && wishes) await command("unmute.self");
      gate();
    } catch (problem) {
      wishes = false;
      gate();
      if (problem instanceof MicBlocked) showFix(problem, open);
      else if (seatOf(state())) toast(problem.words ?? problem.message, "warning");
      if (seatOf(state())?.muted === false) attempt("mute.self");
    }
  }

  function close() {
    wishes = false;
    gate();
    return attempt("mute.self");
  }

  async function raiseHand() {
    if (!(await named())) return;
    const yes = await confirm({ title: "Ask to speak?", text: "When the host accepts, your microphone opens by itself and everybody in the room hears you. You can mute yourself at any time.", yes: "Raise my hand", no: "Not now" });
    if (!yes) return;
    try {
      await checkMic();
    } catch (problem) {
      showFix(problem, raiseHand);
      return;
    }
    consent.give();
    if (!(await attempt("hand.raise"))) consent.withdraw();
  }

  /** React to a change of the room: a seat won or lost, a mute. */
  function follow(before, room) {
    const had = seatOf(before);
    const seat = seatOf(room);
    offered(room);
    if (!before && !seat && room.viewer.role !== "requested") consent.withdraw(); // of a seat of another day
    if (seat && !had) seated(seat, before === null);
    if (!seat && had) unseated(room);
    if (!seat && !had && before?.viewer.role === "requested" && room.viewer.role !== "requested") consent.withdraw();
    if (seat?.muted && had && !had.muted && seat.muted_by !== seat.account_id) {
      wishes = false;
      toast(`You were muted by ${muterWords(room, seat.muted_by)}. You may turn your microphone on again.`, "warning");
    }
    gate();
  }

  /** An invitation is answered in a dialog of its own, once; it closes when the invitation does. */
  async function offered(room) {
    const offer = room.viewer.speak_invitation;
    if (!offer) {
      asking?.close();
      asking = null;
    } else if (!asking) {
      asking = { close: () => undefined };
      const { askToSpeak } = await import("./consent-dialog.js");
      if (state()?.viewer.speak_invitation) asking = askToSpeak({ state, command, attempt, consent, named });
      else asking = null;
    }
  }

  /** Ask again who closed the dialog without an answer. */
  function answerInvitation() {
    asking = null;
    offered(state());
  }

  function seated(seat, onArrival) {
    if (onArrival) return seatedAlready(seat);
    if (consent.given()) {
      toast("You are on stage. Your microphone is opening.");
      open();
    } else if (seat.role !== "host") toast("You are on stage. Tap the microphone when you want to be heard.");
  }

  /** A reload goes on speaking. A tab that is opened anew, or restored a day later, opens no microphone by itself. */
  function seatedAlready(seat) {
    if (seat.muted) return;
    if (consent.given() && reloaded()) open();
    else {
      attempt("mute.self");
      toast("You are still on stage, with your microphone off. Tap it when you want to be heard.");
    }
  }

  function unseated(room) {
    wishes = false;
    consent.withdraw();
    if (room.viewer.can.includes("listen")) {
      audio.listen();
      toast("You are in the audience now. Your microphone is closed.");
    }
  }

  function toggle() {
    const seat = seatOf(state());
    if (audio.mic === "connecting" || !seat) return;
    if (seat.muted || audio.mic !== "open") {
      consent.give(); // tapping one's own microphone on is a yes as well
      open();
    } else close();
  }

  /** Try the microphone, choose another; what speaks already goes over to it. */
  async function setUpMic() {
    const { openMicSettings } = await import("./mic-settings.js");
    openMicSettings({ changed: () => audio.changeMic() });
  }

  return { follow, raiseHand, toggle, setUpMic, answerInvitation, lowerHand: () => { consent.withdraw(); return attempt("hand.lower"); } };
}

const showFix = async (problem, again) => (await import("./mic-fix.js")).showFix(problem, again);
/** Speaking takes a name: a guest chooses one first. Resolves to whether there is one. */
const named = async () => !isGuest() || (await import("./name-dialog.js")).askForName();

const reloaded = () => performance.getEntriesByType("navigation")[0]?.type === "reload";

function consentOf(roomId) {
  const key = `spaces.consent.${roomId}`;
  return {
    given: () => sessionStorage.getItem(key) !== null,
    give: () => sessionStorage.setItem(key, "yes"),
    withdraw: () => sessionStorage.removeItem(key),
  };
}
