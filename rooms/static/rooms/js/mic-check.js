/** Trying a microphone before anybody else hears it: which one, and how loud. */

import { h, write } from "./dom.js";
import { chosenMic, chooseMic, openMic } from "./mic.js";

const FULL = 0.35; // of full scale: as loud as one speaks close to a microphone

/**
 * Open the microphone and show its level; nothing of it leaves this device.
 * @returns {Promise<{element: HTMLElement, close: () => void}>}
 * @throws {import("./mic.js").MicBlocked}
 */
export async function micCheck() {
  let track = await openMic();
  const meter = h("div", { class: "meter", role: "meter", "aria-label": "Loudness of your microphone", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0, testid: "mic-meter" }, h("span", { class: "meter-bar" }));
  const heard = h("p", { class: "hint", text: "Say something: the bar should move." });
  const select = h("select", { class: "input", id: "mic-device", testid: "mic-device" });
  const element = h("div", { class: "mic-check" }, h("div", { class: "field" }, h("label", { for: "mic-device", text: "Microphone" }), select), meter, heard);
  const context = new AudioContext();
  let source = null;
  let running = true;

  const analyser = Object.assign(context.createAnalyser(), { fftSize: 1024 });
  const samples = new Float32Array(analyser.fftSize);

  function listen() {
    source?.disconnect();
    source = context.createMediaStreamSource(new MediaStream([track]));
    source.connect(analyser);
  }

  function measure() {
    if (!running) return;
    analyser.getFloatTimeDomainData(samples);
    const loud = Math.min(1, Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length) / FULL);
    const level = Math.round(Math.sqrt(loud) * 100);
    meter.style.setProperty("--level", String(level / 100));
    meter.setAttribute("aria-valuenow", String(level));
    if (level > 12) write(heard, "We can hear you. Nobody else does yet.");
    setTimeout(measure, 60);
  }

  async function change() {
    chooseMic(select.value);
    track.stop();
    track = await openMic();
    listen();
  }

  await fill(select, track);
  select.addEventListener("change", () => change().catch((problem) => write(heard, problem.message)));
  listen();
  measure();
  return {
    element,
    close() {
      running = false;
      track.stop();
      context.close();
    },
  };
}

async function fill(select, track) {
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "audioinput");
  const used = track.getSettings().deviceId ?? chosenMic();
  select.append(...devices.map(({ deviceId, label }, index) => h("option", { value: deviceId, text: label || `Microphone ${index + 1}`, selected: deviceId === used })));
}
