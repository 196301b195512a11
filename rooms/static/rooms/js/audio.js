/** The sound of a room: one session at a time, listening or speaking, brought back when it breaks. */

import { backoff } from "./close-codes.js";
import { API, Problem } from "./api.js";
import { MicBlocked, openMic } from "./mic.js";
import { NoWay, openPeer } from "./peer.js";

const QUICK_TRIES = 6; // a silent room is worth the asking, at first
const QUICK_STEP = 3;
const AWAY_AFTER = 3; // tries: then it is no hiccup, and said once
const LATE_PAUSES = 2; // while the room is heard late there is time: half a minute at most
const TRIES = 3; // a seat or an arrival may reach the sound's server a moment after it reached us

/**
 * Make the sound of a room. What is wanted ("none", "whep", "whip") is set; a loop brings it about.
 * Where no session connects, the room is heard with a delay, over HTTP, until one does.
 * @param {{roomId: string, element: HTMLAudioElement, onChange: () => void, onProblem: (problem: Error) => void, onAway?: (isAway: boolean) => void, patienceMs?: number}} options
 */
export function createAudio({ roomId, element, onChange, onProblem, onAway = () => undefined, patienceMs }) {
  const audio = { mic: "closed", line: "none", needsTap: false, blocked: null, peers: { whip: null, whep: null } };
  let want = "none";
  let current = { kind: "none", peer: null };
  let track = null;
  let voice = false;
  let attempt = 0;
  let refusals = 0;
  let busy = false;
  let isAway = false; // and said so
  let hurry = () => undefined; // ends the pause before the next try
  let waiters = [];
  let late = null; // the delayed sound and what it makes of the line, while there is no way for WebRTC

  const set = (change) => { Object.assign(audio, change); onChange(); };

  async function settle() {
    if (busy) return;
    busy = true;
    while (current.kind !== want) {
      try {
        await step(want);
        if (want !== "none") away(false);
        attempt = refusals = 0;
      } catch (problem) {
        if (refused(problem, want)) continue;
        if (problem instanceof NoWay) await hearLate().catch(() => undefined);
        if (++attempt >= AWAY_AFTER && !late) away(true);
        await pause(Math.max((late ? LATE_PAUSES : 1) * patience(attempt - 1), (problem.facts?.retry_after_s ?? 0) * 1000));
      }
    }
    hush();
    busy = false;
    if (current.kind === "whip") answerWaiters();
    else releaseMic(); // nothing listens to somebody who does not speak
  }

  function away(next) {
    if (isAway !== next) onAway(next);
    isAway = next;
  }

  function pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      hurry = () => { clearTimeout(timer); resolve(); };
    });
  }

  async function step(kind) {
    if (kind === "none") return swap("none", null);
    set({ line: late?.line ?? "connecting", ...(kind === "whip" ? { mic: "connecting" } : {}) });
    if (kind === "whip") await holdMic();
    if (want !== kind) return stay(); // allowing a microphone takes a person's time; the room went on
    let stream = null;
    const peer = await openPeer({
      url: `${API}/rooms/${roomId}/${kind}`,
      track: kind === "whip" ? track : undefined,
      onTrack: (arrived) => { stream = arrived; },
      onState: (state) => lineChanged(peer, state),
      patienceMs,
    });
    if (want !== kind) {
      peer.close();
      return stay();
    }
    swap(kind, peer);
    return play(stream);
  }

  /** What was asked for is not wanted any more: what there was goes on. */
  function stay() {
    if (current.kind !== "whip") releaseMic();
    set(calm());
  }

  const calm = () => ({ line: current.kind === "none" ? (late?.line ?? "none") : "good", mic: current.kind === "whip" ? "open" : audio.mic === "blocked" ? "blocked" : "closed" });

  /** Make before break: the new session sounds before the old one goes. */
  function swap(kind, peer, how) {
    const old = current.peer;
    current = { kind, peer };
    hush();
    audio.peers.whip = kind === "whip" ? peer.pc : null;
    audio.peers.whep = kind === "whep" ? peer.pc : null;
    old?.close(how);
    if (kind !== "whip") releaseMic();
    set(calm());
  }

  function lineChanged(peer, state) {
    if (!peer || peer !== current.peer) return;
    if (state === "connected") set({ line: "good" });
    else if (state === "restarting") set({ line: "restarting" });
    else {
      current = { kind: "none", peer: null };
      peer.close();
      set({ line: "lost" });
      settle();
    }
  }

  async function holdMic() {
    if (track?.readyState === "live") return;
    const opened = await openMic();
    opened.enabled = voice;
    hold(opened);
    set({ blocked: null });
  }

  /** Keep a microphone, and notice when it is pulled out. */
  function hold(opened) {
    track?.stop();
    track = opened;
    opened.addEventListener("ended", () => {
      if (want !== "whip" || track !== opened) return;
      want = "whep";
      set({ mic: "blocked", blocked: new MicBlocked({ name: "NotFoundError" }) });
      onProblem(audio.blocked);
      settle();
    });
  }

  function releaseMic() {
    track?.stop();
    track = null;
  }

  /** Whether it is no use to try again: the device says no, or the server does. */
  function refused(problem, kind) {
    const no = problem instanceof Problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429;
    const final = problem instanceof MicBlocked || (no && ++refusals >= TRIES);
    if (!final) {
      set({ line: late?.line ?? "lost" });
      return false;
    }
    if (want === kind) want = kind === "whip" ? "whep" : "none";
    if (kind === "whip") releaseMic();
    set({ line: current.kind === "none" ? "none" : "good", mic: problem instanceof MicBlocked ? "blocked" : "closed", blocked: problem instanceof MicBlocked ? problem : null });
    attempt = refusals = 0;
    answerWaiters(problem);
    if (kind === "whep") onProblem(problem);
    return true;
  }

  /** Hear the room late rather than not at all; the sessions go on being tried. */
  async function hearLate() {
    if (late) return;
    const { canPlay, playDelayed } = await import("./delayed-sound.js");
    if (want === "none") return;
    const heard = canPlay();
    const onRefused = () => { hush(); set({ line: "lost" }); };
    late = heard ? { line: "delayed", ...playDelayed({ roomId, element, onRefused }) } : { line: "unheard", stop: () => undefined };
    set({ line: late.line });
    isAway = false; // what is said now says more
    if (heard) play(null);
    else onProblem(new Problem({ title: "This network blocks live audio.", detail: "Try another network, mobile data for example, or switch off a VPN or a firewall." }));
  }

  function hush() {
    late?.stop();
    late = null;
  }

  function answerWaiters(problem) {
    const asked = waiters;
    waiters = [];
    for (const { resolve, reject } of asked) problem ? reject(problem) : resolve();
  }

  async function play(stream) {
    if (stream) element.srcObject = stream;
    try {
      await element.play();
      set({ needsTap: false });
    } catch (cause) {
      if (cause.name === "NotAllowedError") set({ needsTap: true });
    }
  }

  return Object.assign(audio, {
    /** Hear the room without a microphone. */
    listen() {
      want = "whep";
      if (waiters.length) answerWaiters(new Problem({ title: "You are no longer on stage." }));
      settle();
    },
    /** Open the microphone and speak into the room; resolves when it is connected. */
    speak() {
      want = "whip";
      if (current.kind === "whip") return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        settle();
      });
    },
    /** Let the voice through or not, at once and on this side; the server has its own gate. */
    letVoice(on) {
      voice = on;
      if (track) track.enabled = on;
    },
    /** Speak into the microphone that was chosen meanwhile. */
    async changeMic() {
      if (!track || current.kind !== "whip") return;
      const next = await openMic().catch(onProblem);
      if (!next) return;
      next.enabled = voice;
      await current.peer.sender.replaceTrack(next);
      hold(next);
    },
    /** Look for another way through the network at once, after it changed or came back. */
    restart: () => (current.peer ? current.peer.restart() : hurry()),
    /** Play after a tap, where the browser asked for one. */
    play: () => play(null),
    stop(how) {
      want = "none";
      hurry();
      answerWaiters(new Problem({ title: "You have left." }));
      swap("none", null, how);
    },
  });
}

/**
 * Return the pause after a failed try, in ms: short at first, then doubling to the longest, so that a
 * crowd does not knock all the time where nobody is.
 * @param {number} attempt 0 for the first
 * @param {() => number} [chance]
 */
export function patience(attempt, chance) {
  return backoff(attempt < QUICK_TRIES ? Math.min(attempt, QUICK_STEP) : attempt - 2, chance);
}
