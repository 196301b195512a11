/** The sound of a room some seconds late, over HTTP alone (HLS): for networks that let no WebRTC through. */

import { API, Problem, request } from "./api.js";
import { backoff } from "./close-codes.js";

const KIND = 'audio/mp4; codecs="opus"';
const AHEAD = 2; // segments to begin with: less stutters, more is later
const LOOK_MS = 500;
const MOST_BEHIND_S = 6;
const REJOIN_S = 2; // before the end, after having fallen behind
const KEPT_S = 10;
const FINAL = new Set([401, 403, 404]);

const Source = globalThis.ManagedMediaSource ?? globalThis.MediaSource; // an iPhone has the first alone

/** Whether this browser can play it. */
export const canPlay = () => Source?.isTypeSupported(KIND) ?? false;

/**
 * Play a room into an element until stopped. A player of the browser's own could not say who asks
 * (a media element sends no Authorization), so the pieces are fetched here.
 * @param {{roomId: string, element: HTMLAudioElement, onRefused: (problem: Problem) => void}} options
 */
export function playDelayed({ roomId, element, onRefused }) {
  const gone = new AbortController();
  const { signal } = gone;
  const get = (name) => request(`${API}/rooms/${roomId}/hls/${name}`, { signal, cache: "no-store" });
  const piece = async (name) => (await get(name)).arrayBuffer();
  let attempt = 0;

  async function run() {
    while (!signal.aborted) {
      try {
        await feed(await open(element));
      } catch (problem) {
        if (signal.aborted) return;
        if (problem instanceof Problem && FINAL.has(problem.status) && problem.code !== "segment-not-found") return onRefused(problem);
        await pause(backoff(attempt++), signal); // whatever it was, begin anew at the end of the stream
      }
    }
  }

  async function feed(buffer) {
    await append(buffer, await piece("init.mp4"));
    let last = 0;
    while (!signal.aborted) {
      const fresh = listed(await (await get("live.m3u8")).text()).filter((number) => number > last);
      const hasHole = fresh[0] > last + 1;
      for (const number of hasHole ? fresh.slice(-AHEAD) : fresh) {
        await append(buffer, await piece(`${number}.m4s`));
        last = number;
        attempt = 0;
      }
      await keepUp(element, buffer);
      await pause(LOOK_MS, signal);
    }
  }

  run();
  return {
    stop() {
      gone.abort();
      element.removeAttribute("src");
    },
  };
}

async function open(element) {
  const source = new Source();
  const address = URL.createObjectURL(source);
  element.disableRemotePlayback = true; // ManagedMediaSource opens only then
  element.srcObject = null;
  element.src = address;
  await new Promise((resolve) => source.addEventListener("sourceopen", resolve, { once: true }));
  URL.revokeObjectURL(address);
  const buffer = source.addSourceBuffer(KIND);
  buffer.mode = "sequence"; // one piece behind the other, whatever was missed between them
  return buffer;
}

function listed(playlist) {
  return [...playlist.matchAll(/^(\d+)\.m4s$/gm)].map(([, number]) => Number(number));
}

function append(buffer, bytes) {
  return updated(buffer, () => buffer.appendBuffer(bytes));
}

function updated(buffer, change) {
  return new Promise((resolve, reject) => {
    buffer.addEventListener("updateend", resolve, { once: true });
    buffer.addEventListener("error", () => reject(new Error("the sound could not be read")), { once: true });
    change();
  });
}

/** Forget what was heard, and skip what would be heard much too late. */
async function keepUp(element, buffer) {
  const { buffered } = buffer;
  if (!buffered.length) return;
  const end = buffered.end(buffered.length - 1);
  if (end - element.currentTime > MOST_BEHIND_S) element.currentTime = end - REJOIN_S;
  const old = element.currentTime - KEPT_S;
  if (old > buffered.start(0) + KEPT_S) await updated(buffer, () => buffer.remove(0, old));
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
