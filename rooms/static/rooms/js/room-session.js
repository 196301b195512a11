/** Being in a room: its line, its sound, its state; whichever page is shown. */

import { announce, toast } from "./announce.js";
import { createAudio } from "./audio.js";
import { comeIn, knockAgain, sayGoodbye, whyClosed } from "./coming-and-going.js";
import { createCommands } from "./commands.js";
import { connect } from "./connection.js";
import { h } from "./dom.js";
import { fold } from "./fold.js";
import { showMedia } from "./media-session.js";
import { roomActions } from "./room-actions.js";
import { isForEyes, sentence } from "./sentences.js";
import { forgetSession, goAndSignIn, isGuest, session } from "./session.js";
import { createSpeaking } from "./speaking.js";

const SHORT_LINE = 10; // a leader who has answered nearly all listed hands asks for those behind them
const FAREWELL_MS = 1500;
const CLOSED_DOORS = new Set(["removed", "blocked", "forbidden", "refused", "missing", "unclear"]); // which may open again

/** Make what a room is heard and steered by. */
function partsOf({ roomId, element, state, send, changed }) {
  const audio = createAudio({ roomId, element, onChange: changed, onProblem: (problem) => toast(problem.words ?? problem.message, "warning"), onAway: sayAway });
  const commands = createCommands(send);
  const actions = roomActions(commands.command, state);
  return { audio, commands, actions, speaking: createSpeaking({ roomId, audio, command: commands.command, attempt: actions.attempt, state }) };
}

/** Once for each time: how often one tries is nobody's worry. */
const sayAway = (isAway) => (isAway ? toast("There is no sound for now. It comes back by itself.", "warning") : toast("The sound is back."));

/** The worse of the two lines, the socket's and the sound's. */
function worse(status, audio) {
  if (status !== "good") return status;
  if (audio.line === "delayed" || audio.line === "unheard") return audio.line;
  return audio.line === "lost" || audio.line === "restarting" ? "reconnecting" : "good";
}

/** Whether somebody leads from now on, and is not told yet who is invited. */
const leadsNow = (before, { viewer }) => viewer.can.includes("promote") && !before.viewer.can.includes("promote");

const shortOfHands = ({ viewer, hands, hand_count: count }) => viewer.can.includes("promote") && hands.length < SHORT_LINE && count > hands.length;

/**
 * Come into a room.
 * @param {string} roomId
 */
export function createRoomSession(roomId) {
  const watchers = new Set(); // of what changes, who speaks, what people feel, and how it ends
  const log = [];
  const element = h("audio", { autoplay: true });
  let state = null;
  let status = "connecting";
  let connection = null;
  const room = { roomId, over: false, watch, depart, state: () => state, line: () => worse(status, audio), leave: () => undefined };
  const { audio, commands, actions, speaking } = partsOf({ roomId, element, state: room.state, send: (frame) => connection?.send(frame) ?? false, changed: () => tell("changed") });
  const coming = comeIn({ wishes: () => !room.over && state.viewer.can.includes("join"), join: () => commands.command("room.join"), refused: (problem) => end("refused", { problem }) });
  const media = showMedia({ toggleMic: speaking.toggle, leave: () => room.leave() });
  Object.assign(room, { audio, actions, speaking });
  window.spaces = { state: () => state, seq: () => state?.seq ?? 0, log, peers: audio.peers };
  document.body.append(element);
  addEventListener("online", audio.restart);
  addEventListener("pagehide", goneForGood);
  connection = connect({ roomId, token: () => session()?.token, onFrame: receive, onStatus: showStatus, onOpen: commands.resend, onFinal: finish });

  function watch(watcher) {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }

  function tell(what, ...facts) {
    if (room.over && what !== "ended") return;
    if (what === "changed" && state) media.render(state, audio);
    for (const watcher of [...watchers]) watcher[what]?.(...facts);
  }

  function receive(frame) {
    if (frame.type === "levels") tell("levels", frame.levels);
    else if (frame.type === "reactions") tell("reactions", frame.counts);
    else if (!commands.receive(frame)) apply(frame);
  }

  function apply(frame) {
    const before = state;
    state = fold(state, frame);
    if (typeof frame.seq === "number") log.push([frame.seq, frame.type]);
    if (!state || room.over) return;
    if (before && frame.type !== "snapshot") say(frame, before);
    if (state.state === "ended") return end("ended", { people: before?.seats, reason: frame.data?.reason });
    if (["removed", "blocked"].includes(state.viewer.role)) return end(state.viewer.role, { reason: frame.data?.reason });
    if (state.viewer.can.includes("join")) coming.in(frame);
    speaking.follow(before, state);
    if (state.viewer.can.includes("listen") && audio.line === "none" && audio.mic === "closed") audio.listen();
    tell("changed");
    if (frame.type !== "snapshot" && (shortOfHands(state) || leadsNow(before, state))) connection.renew();
  }

  function say(frame, before) {
    const words = sentence(frame, before);
    if (words) (isForEyes(frame, before) ? toast : announce)(words);
    if (frame.type === "speaker.muted") tell("silenced", frame.data.account_id);
    if (frame.type === "speakers.muted") for (const id of frame.data.account_ids) tell("silenced", id);
  }

  function showStatus(next) {
    if (next === status) return;
    if (next === "reconnecting" && status !== "connecting") announce("The connection was lost. Reconnecting.");
    if (next === "good" && status === "reconnecting") {
      announce("You are connected again.");
      if (audio.line === "lost") audio.restart(); // whoever is back has the sound with them, mostly
    }
    status = next;
    if (state) tell("changed");
  }

  async function finish(code) {
    if (room.over) return;
    if (code === 4004) {
      const leave = isGuest() ? () => location.reload() : goAndSignIn; // a guest finds the door again
      forgetSession();
      leave();
    } else if (code === 4404) end("missing");
    else if (code === 4409) end("elsewhere", { again: () => location.reload(), againText: "Use it here" });
    else end(...(await whyClosed(code, roomId, state)));
  }

  function end(kind, more = {}) {
    if (room.over) return;
    shut({ isEnded: ["ended", "removed", "blocked"].includes(kind) });
    commands.abandon(kind === "ended" ? "room.end" : undefined);
    connection?.close();
    tell("ended", kind, { room: state, ...(CLOSED_DOORS.has(kind) ? { again: () => knockAgain(roomId) } : {}), ...more });
  }

  function shut(how) {
    room.over = true;
    audio.stop(how);
    media.clear();
    element.remove();
    removeEventListener("online", audio.restart);
    removeEventListener("pagehide", goneForGood);
  }

  /** Leave, and give a seat back; the sound ends with that, on either side. */
  async function depart() {
    if (room.over) return;
    shut({ isEnded: true });
    await Promise.race([commands.command("room.leave").catch(() => undefined), new Promise((resolve) => setTimeout(resolve, FAREWELL_MS))]);
    connection.close();
  }

  /** A tab was closed, reloaded, or crashed, and which of them nobody can tell from here. */
  function goneForGood() {
    if (room.over || !state) return;
    shut();
    sayGoodbye(roomId, state);
  }

  return room;
}
