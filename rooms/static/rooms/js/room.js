/** One room: frames come in, the fold makes the room of them, the views show it. */

import { showAccount } from "./account-menu.js";
import { announce, toast } from "./announce.js";
import { API, ask, authorisation } from "./api.js";
import { createAudio } from "./audio.js";
import { createCommands } from "./commands.js";
import { connect } from "./connection.js";
import { h } from "./dom.js";
import { fold } from "./fold.js";
import { createLevels } from "./levels.js";
import { roomActions } from "./room-actions.js";
import { roomView } from "./room-view.js";
import { sentence } from "./sentences.js";
import { forgetSession, goAndSignIn, session } from "./session.js";
import { createSpeaking } from "./speaking.js";
import { statePage } from "./states-view.js";

const roomId = document.body.dataset.roomId;
const place = document.getElementById("room");
const SHORT_LINE = 10; // a leader with fewer listed hands asks for those behind them
const REJOIN_MS = 500;
const log = [];
let state = null;
let status = "connecting";
let leaving = false;
let joining = false;
let leftAt = 0;

const element = h("audio", { autoplay: true });
const audio = createAudio({ roomId, element, onChange: () => render(), onProblem: (problem) => toast(problem.words ?? problem.message, "warning") });
const commands = createCommands((frame) => connection?.send(frame) ?? false);
const actions = roomActions(commands.command, () => state);
const speaking = createSpeaking({ roomId, audio, command: commands.command, attempt: actions.attempt, state: () => state });
const view = roomView({ ...actions, ...speaking, toggleMic: speaking.toggle, leave, play: () => audio.play() });
const levels = createLevels(view.stage);
let connection = null;

window.spaces = { state: () => state, seq: () => state?.seq ?? 0, log, peers: audio.peers };

if (session()) begin();
else goAndSignIn();

function begin() {
  showAccount({ before: depart });
  document.body.append(element);
  addEventListener("online", () => audio.restart());
  addEventListener("click", leaveByLink);
  addEventListener("pagehide", () => goneForGood());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  connection = connect({ roomId, token: () => session()?.token, onFrame: receive, onStatus: showStatus, onOpen: commands.resend, onFinal: finish });
}

function receive(frame) {
  if (frame.type === "levels") levels.take(frame.levels);
  else if (!commands.receive(frame)) apply(frame);
}

function apply(frame) {
  const before = state;
  state = fold(state, frame);
  if (typeof frame.seq === "number") log.push([frame.seq, frame.type]);
  if (!state || leaving) return;
  if (before && frame.type !== "snapshot") tell(frame, before);
  if (state.state === "ended") return end("ended", { people: before?.seats });
  if (["removed", "blocked"].includes(state.viewer.role)) return end(state.viewer.role);
  if (state.viewer.can.includes("join")) comeIn(frame);
  speaking.follow(before, state);
  if (state.viewer.can.includes("listen") && audio.line === "none" && audio.mic === "closed") audio.listen();
  render();
  if (frame.type !== "snapshot" && shortOfHands()) connection.renew();
}

function tell(frame, before) {
  const words = sentence(frame, before);
  if (words) announce(words);
  if (frame.type === "speaker.muted") levels.silence(frame.data.account_id);
}

/** Whether a leader has answered nearly all hands that were listed, and more wait behind them. */
function shortOfHands() {
  return state.viewer.can.includes("promote") && state.hands.length < SHORT_LINE && state.hand_count > state.hands.length;
}

/**
 * Who opens the page comes in. Who is told to have left comes back a moment later: the former page's
 * last word may arrive after this page did. But a removal is told in two events, and it is the second
 * that says so.
 */
function comeIn(frame) {
  if (frame.type === "participant.left") leftAt = Date.now();
  const early = leftAt + REJOIN_MS - Date.now();
  if (early <= 0) join();
  else setTimeout(join, early);
}

async function join() {
  if (joining || leaving || !state.viewer.can.includes("join")) return;
  joining = true;
  joining = !(await actions.attempt("room.join")); // a refusal is not asked again
}

function render() {
  if (!state || leaving) return;
  if (!view.element.isConnected) {
    place.replaceChildren(view.element);
    place.removeAttribute("aria-busy");
  }
  view.render(state, audio, lineOf());
}

/** The worse of the two lines, the socket's and the sound's. */
function lineOf() {
  if (status !== "good") return status;
  if (audio.line === "lost" || audio.line === "restarting") return "reconnecting";
  return "good";
}

function showStatus(next) {
  if (next === status) return;
  if (next === "reconnecting" && status !== "connecting") announce("The connection was lost. Reconnecting.");
  if (next === "good" && status === "reconnecting") announce("You are connected again.");
  status = next;
  render();
}

async function finish(code) {
  if (leaving) return;
  if (code === 4004) {
    forgetSession();
    goAndSignIn();
  } else if (code === 4404) end("missing");
  else if (code === 4409) end("elsewhere", { again: () => location.reload(), againText: "Use it here" });
  else end(...(await whyClosed(code)));
}

/** The code says no; the room itself says why, to those who may know. */
async function whyClosed(code) {
  const room = await ask("GET", `rooms/${roomId}`).catch(() => null);
  if (code === 4410 || room?.state === "ended") return ["ended", { room: room ?? state, people: state?.seats }];
  const role = room?.viewer?.role ?? state?.viewer.role;
  return [role === "removed" || role === "blocked" ? role : state ? "removed" : "forbidden"];
}

function end(kind, more = {}) {
  leaving = true;
  audio.stop();
  commands.abandon(kind === "ended" ? "room.end" : undefined);
  connection?.close();
  document.body.classList.remove("in-room");
  const page = statePage(kind, { room: state, ...more });
  place.removeAttribute("aria-busy");
  place.replaceChildren(page);
  document.getElementById("toasts").replaceChildren(); // they were about the room
  page.querySelector("h1").focus();
}

async function leave() {
  await depart();
  location.assign("/");
}

const isSeated = () => state?.seats.some((seat) => seat.account_id === state.viewer.account_id) ?? false;

/** Who is on stage and follows a link to the lobby leaves, as by the button; a new tab leaves the room as it is. */
function leaveByLink(event) {
  const link = event.target.closest?.("a[href='/']");
  if (!link || leaving || !isSeated() || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  leave();
}

async function depart() {
  if (leaving) return;
  leaving = true;
  audio.stop();
  await Promise.race([commands.command("room.leave").catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1500))]);
  connection.close();
}

/**
 * The page goes: a tab was closed, reloaded, or crashed, and which of them nobody can tell from here.
 *
 * Who listens expects no more than to be back after a reload, and that the others see an empty chair
 * after closing: so the page says goodbye, in a last word that outlives it. Who is on stage expects to
 * be on stage after a reload; a seat given away by mistake is worse than one that is empty for a while.
 * So a seat is kept, with its voice closed, and only the Leave button or a link out of the room gives
 * it back.
 */
function goneForGood() {
  if (leaving || !state) return;
  leaving = true;
  audio.stop();
  if (isSeated() || !state.viewer.can.includes("leave")) return;
  fetch(`${API}/rooms/${roomId}/leave`, { method: "POST", keepalive: true, headers: { ...authorisation(), "Content-Type": "application/json" }, body: "{}" }).catch(() => undefined);
}
