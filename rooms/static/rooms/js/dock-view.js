/** The bar at the bottom: leave, react, speak or ask to, end. */

import { announce } from "./announce.js";
import { left, minutes } from "./countdown.js";
import { h, write } from "./dom.js";
import { holdButton } from "./hold-button.js";
import { icon } from "./icons.js";
import { MIC, micCaption, micState } from "./mic-state.js";
import { ordinal } from "./sentences.js";

const TROUBLE = { weak: "Weak connection", reconnecting: "Reconnecting…", closed: "Disconnected", delayed: "Delayed: this network blocks live audio", unheard: "No sound: this network blocks live audio" };
const SAID = new Set(["delayed", "unheard"]); // and not said elsewhere

/**
 * Make the dock.
 * @param {{leave: () => void, toggleMic: () => void, raiseHand: () => void, lowerHand: () => void,
 *   stepDown: () => void, start: () => void, end: () => void, askToEnd: () => void, play: () => void,
 *   react: (button: HTMLElement) => void, setUpMic: () => void}} actions
 */
export function dockView(actions) {
  const parts = make(actions);
  const { mic, hand, caption } = parts;
  let raised = false;
  let shown = null;
  hand.addEventListener("click", () => (raised ? actions.lowerHand() : actions.raiseHand()));

  function renderMiddle(room, audio) {
    const { can, hand_position: position } = room.viewer;
    const seat = room.seats.find((one) => one.account_id === room.viewer.account_id);
    const wait = cooling(room);
    const inUse = [mic, hand].includes(document.activeElement);
    raised = room.viewer.role === "requested";
    mic.hidden = !seat || room.state !== "live";
    parts.setUp.hidden = mic.hidden;
    hand.hidden = Boolean(seat) || room.state !== "live" || (!raised && !can.includes("raise_hand") && !wait);
    hand.disabled = Boolean(wait) && !raised;
    if (inUse && (document.activeElement?.hidden ?? true)) [mic, hand].find((one) => !one.hidden)?.focus();
    labels(caption, [mic, hand].find((one) => !one.hidden && !one.disabled));
    if (!mic.hidden) renderMic(mic, caption, micState(seat, audio), room, seat);
    else if (!hand.hidden) renderHand(hand, caption, { raised, position, wait, since: room.viewer.hand_raised_at });
    else write(caption, room.state === "live" && can.includes("listen") ? "Only invited people speak here" : "");
  }

  return {
    element: parts.element,
    tick: (room) => shown && !room.seats.some((seat) => seat.account_id === room.viewer.account_id) && renderMiddle(room, shown),
    render(room, audio, line) {
      const { can } = room.viewer;
      shown = audio;
      renderLine(parts.line, line);
      parts.listen.hidden = !audio.needsTap;
      parts.start.hidden = !can.includes("start");
      parts.react.hidden = !can.includes("react");
      parts.stepDown.hidden = !can.includes("step_down");
      parts.end.hidden = !can.includes("end") || room.state !== "live";
      renderMiddle(room, audio);
    },
  };
}

function make(actions) {
  const leave = button("leave", "leave", "Leave", actions.leave);
  const react = button("react", "smile", "React", () => actions.react(react));
  react.setAttribute("aria-haspopup", "menu");
  react.setAttribute("aria-expanded", "false");
  const mic = h("button", { class: "mic", id: "mic", type: "button", testid: "mic", on: { click: actions.toggleMic } });
  const setUp = h("button", { class: "icon-button mic-set-up", type: "button", "aria-label": "Microphone settings", testid: "mic-settings", on: { click: actions.setUpMic } }, icon("sliders"));
  const hand = h("button", { class: "mic mic-hand", id: "raise-hand", type: "button", testid: "raise-hand" }, icon("hand"));
  const caption = h("label", { class: "dock-caption", testid: "dock-caption" });
  const start = h("button", { class: "button button-primary button-large", type: "button", testid: "go-live", text: "Go live", on: { click: actions.start } });
  const stepDown = button("step-down", "down", "Step down", actions.stepDown);
  const end = holdButton({ label: "End the room for everyone", hint: "Hold for a second to end the room", testid: "end-room", face: [icon("power"), h("span", { text: "End" })], held: actions.end, pressed: actions.askToEnd });
  const listen = h("button", { class: "button button-primary button-large listen", type: "button", testid: "start-listening", on: { click: actions.play } }, icon("sound"), h("span", { text: "Start listening" }));
  const line = h("p", { class: "chip dock-line", testid: "connection-chip", hidden: true }, h("span", { class: "chip-dot", "aria-hidden": "true" }), h("span", { class: "chip-word" }));
  const element = h(
    "section",
    { class: "dock", "aria-label": "Your controls" },
    line,
    listen,
    h("div", { class: "dock-row" }, h("div", { class: "dock-start" }, leave, react), h("div", { class: "dock-middle" }, h("div", { class: "dock-mic" }, mic, setUp), hand, start, caption), h("div", { class: "dock-end" }, stepDown, end)),
  );
  return { element, line, mic, setUp, hand, caption, start, react, stepDown, end, listen };
}

/** What is wrong with the line, where everybody looks; nothing while it is good. */
function renderLine(element, line) {
  const words = line === "reconnecting" && !navigator.onLine ? "You are offline" : TROUBLE[line];
  if (element.dataset.status !== line && SAID.has(line)) announce(words);
  element.dataset.status = line;
  element.hidden = !words;
  write(element.lastElementChild, words ?? "");
}

/** How many seconds the viewer must wait before asking again; 0 for none. */
function cooling({ viewer: { may_ask_from: from, role } }) {
  return from && role === "listener" ? left(from) : 0;
}

function renderMic(mic, caption, state, room, seat) {
  const words = micCaption(state, room, seat);
  mic.setAttribute("aria-label", named(words, MIC[state].does));
  if (mic.dataset.state !== state) {
    mic.dataset.state = state;
    mic.setAttribute("aria-busy", String(state === "connecting"));
    mic.replaceChildren(icon(MIC[state].icon));
  }
  write(caption, words);
}

function renderHand(hand, caption, { raised, position, wait, since }) {
  hand.dataset.state = raised ? "raised" : wait ? "waiting" : "idle";
  const waited = raised && since ? Math.floor((Date.now() - Date.parse(since)) / 60_000) : 0;
  const place = position ? `${ordinal(position)} in line` : "Hand is up";
  const words = raised ? (waited > 0 ? `${place}, ${waited} min` : place) : wait ? `Ask again in ${minutes(wait)}` : "Raise hand";
  hand.setAttribute("aria-label", raised ? named(words, "Lower your hand") : wait ? words : `${words} to speak`);
  write(caption, words);
}

/** Who speaks to the browser says what is written there: the name begins with it. */
const named = (words, does) => `${words.replace(/…$/, "")}. ${does}`;

/** Tapping the caption is tapping the button above it. */
function labels(caption, control) {
  if (control) caption.htmlFor = control.id;
  else caption.removeAttribute("for");
}

function button(testid, iconName, text, click) {
  return h("button", { class: "dock-button", type: "button", testid, on: { click } }, icon(iconName), h("span", { text }));
}
