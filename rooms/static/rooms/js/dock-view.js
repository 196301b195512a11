/** The bar at the bottom: leave, speak or ask to, end. */

import { h, write } from "./dom.js";
import { holdButton } from "./hold-button.js";
import { icon } from "./icons.js";
import { micOf, ordinal } from "./sentences.js";

const MIC = {
  off: { icon: "micOff", does: "Turn your microphone on", caption: "Mic is off" },
  on: { icon: "mic", does: "Turn your microphone off", caption: "Mic is on" },
  connecting: { icon: "mic", does: "Your microphone is opening", caption: "Connecting…" },
  blocked: { icon: "ban", does: "Show what helps", caption: "Mic is blocked" },
  muted: { icon: "micOff", does: "Turn your microphone on", caption: "Muted by host" },
};

/**
 * Make the dock.
 * @param {{leave: () => void, toggleMic: () => void, raiseHand: () => void, lowerHand: () => void,
 *   stepDown: () => void, start: () => void, end: () => void, askToEnd: () => void, play: () => void}} actions
 */
export function dockView(actions) {
  const leave = button("leave", "leave", "Leave", actions.leave);
  const mic = h("button", { class: "mic", id: "mic", type: "button", testid: "mic", on: { click: actions.toggleMic } });
  const hand = h("button", { class: "mic mic-hand", id: "raise-hand", type: "button", testid: "raise-hand" }, icon("hand"));
  const caption = h("label", { class: "dock-caption", testid: "dock-caption" });
  const start = h("button", { class: "button button-primary button-large", type: "button", testid: "go-live", text: "Go live", on: { click: actions.start } });
  const stepDown = button("step-down", "down", "Step down", actions.stepDown);
  const end = holdButton({ label: "End the room for everyone", hint: "Hold for a second to end the room", testid: "end-room", face: [icon("power"), h("span", { text: "End" })], held: actions.end, pressed: actions.askToEnd });
  const listen = h("button", { class: "button button-primary button-large listen", type: "button", testid: "start-listening", on: { click: actions.play } }, icon("sound"), h("span", { text: "Start listening" }));
  let raised = false;
  hand.addEventListener("click", () => (raised ? actions.lowerHand() : actions.raiseHand()));

  const element = h(
    "section",
    { class: "dock", "aria-label": "Your controls" },
    listen,
    h("div", { class: "dock-row" }, h("div", { class: "dock-start" }, leave), h("div", { class: "dock-middle" }, mic, hand, start, caption), h("div", { class: "dock-end" }, stepDown, end)),
  );

  return {
    element,
    render(room, audio) {
      const { can, role } = room.viewer;
      const seat = room.seats.find((one) => one.account_id === room.viewer.account_id);
      const position = room.viewer.hand_position;
      const inUse = [mic, hand].includes(document.activeElement);
      raised = role === "requested";
      listen.hidden = !audio.needsTap;
      start.hidden = !can.includes("start");
      stepDown.hidden = !can.includes("step_down");
      end.hidden = !can.includes("end") || room.state !== "live";
      mic.hidden = !seat || room.state !== "live";
      hand.hidden = Boolean(seat) || room.state !== "live" || (!raised && !can.includes("raise_hand"));
      if (inUse && (document.activeElement?.hidden ?? true)) [mic, hand].find((one) => !one.hidden)?.focus();
      labels(caption, [mic, hand].find((one) => !one.hidden));
      if (!mic.hidden) renderMic(mic, caption, micState(seat, audio));
      else if (!hand.hidden) renderHand(hand, caption, raised, position);
      else write(caption, room.state === "live" && can.includes("listen") ? "Only invited people speak here" : "");
    },
  };
}

/** Return which face the mic button wears. */
export function micState(seat, audio) {
  if (audio.mic === "blocked") return "blocked";
  if (audio.mic === "connecting") return "connecting";
  const mic = micOf(seat);
  return mic === "on" && audio.mic !== "open" ? "connecting" : mic;
}

function renderMic(mic, caption, state) {
  if (mic.dataset.state !== state) {
    mic.dataset.state = state;
    mic.setAttribute("aria-label", named(MIC[state].caption, MIC[state].does));
    mic.setAttribute("aria-busy", String(state === "connecting"));
    mic.replaceChildren(icon(MIC[state].icon));
  }
  write(caption, MIC[state].caption);
}

function renderHand(hand, caption, raised, position) {
  hand.dataset.state = raised ? "raised" : "idle";
  const words = raised ? (position ? `${ordinal(position)} in line` : "Hand is up") : "Raise hand";
  hand.setAttribute("aria-label", raised ? named(words, "Lower your hand") : `${words} to speak`);
  write(caption, words);
}

/** Who speaks to the browser says what is written there: the name begins with it. */
const named = (words, does) => `${words.replace(/…$/, "")}. ${does}`;

/** Tapping the caption is tapping the button above it. */
function labels(caption, button) {
  if (button) caption.htmlFor = button.id;
  else caption.removeAttribute("for");
}

function button(testid, iconName, text, click) {
  return h("button", { class: "dock-button", type: "button", testid, on: { click } }, icon(iconName), h("span", { text }));
}
