/** One WebRTC session: WHIP (RFC 9725) when a track is given, WHEP when none is. */

import { authorisation, request } from "./api.js";
import { watchPulse } from "./pulse.js";

const GATHER_MS = 150; // our server needs no candidates of ours; others may want the first ones
const PATIENCE_MS = 8_000; // whoever can connect does so in a second or two
const FAREWELL_MS = 1_000;

/** The network lets no sound through: neither side's packets arrive. */
export class NoWay extends Error {}

/**
 * Open a session; resolves when it is connected.
 * @param {{url: string, track?: MediaStreamTrack, onTrack: (stream: MediaStream) => void, onState: (state: "connected"|"restarting"|"lost") => void, patienceMs?: number}} options
 */
export async function openPeer({ url, track, onTrack, onState, patienceMs = PATIENCE_MS }) {
  const pc = new RTCPeerConnection();
  const transceiver = pc.addTransceiver(track ?? "audio", { direction: track ? "sendrecv" : "recvonly" });
  pc.addEventListener("track", (event) => onTrack(event.streams[0] ?? new MediaStream([event.track])));
  let resource = null;
  let closed = false;
  let restarting = false;
  let unwatch = () => undefined;

  try {
    await pc.setLocalDescription();
    await gathered(pc);
    const response = await request(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: pc.localDescription.sdp });
    resource = new URL(response.headers.get("Location"), new URL(url, location.href)).href;
    await pc.setRemoteDescription({ type: "answer", sdp: await response.text() });
    await connected(pc, patienceMs);
  } catch (problem) {
    close();
    throw problem;
  }
  pc.addEventListener("connectionstatechange", changed);
  unwatch = watchPulse(pc, restart);

  function changed() {
    if (closed) return;
    if (pc.connectionState === "connected") onState("connected");
    else if (pc.connectionState === "disconnected" || pc.connectionState === "failed") restart();
  }

  /** New ICE credentials for the same session: a changed network, nothing to set up anew. */
  async function restart() {
    if (restarting || closed) return;
    restarting = true;
    onState("restarting");
    try {
      pc.restartIce();
      await pc.setLocalDescription();
      const response = await request(resource, {
        method: "PATCH",
        headers: { "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": "*" },
        body: fragmentOf(pc.localDescription.sdp),
      });
      await pc.setRemoteDescription({ type: "answer", sdp: withCredentials(pc.remoteDescription.sdp, await response.text()) });
      await connected(pc, patienceMs);
      onState("connected");
    } catch {
      if (!closed) onState("lost");
    } finally {
      restarting = false;
    }
  }

  /** @param {{isEnded?: boolean}} [how] whether the server has ended the session by itself */
  function close({ isEnded = false } = {}) {
    if (closed) return;
    closed = true;
    unwatch();
    if (isEnded) return pc.close();
    // First the resource, then the line: the other way round the server has ended it before we ask.
    setTimeout(() => pc.close(), resource ? FAREWELL_MS : 0);
    if (resource) fetch(resource, { method: "DELETE", headers: authorisation(), keepalive: true }).catch(() => undefined).finally(() => pc.close());
  }

  return { pc, close, restart, sender: transceiver.sender };
}

function gathered(pc) {
  if (pc.iceGatheringState === "complete") return undefined;
  return new Promise((resolve) => {
    setTimeout(resolve, GATHER_MS);
    pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && resolve());
  });
}

function connected(pc, patienceMs) {
  if (pc.connectionState === "connected") return undefined;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(reject, new NoWay("timed out")), patienceMs);
    const watch = () => {
      if (pc.connectionState === "connected") done(resolve);
      if (pc.connectionState === "failed" || pc.connectionState === "closed") done(reject, new NoWay(pc.connectionState));
    };
    const done = (how, what) => {
      clearTimeout(timer);
      pc.removeEventListener("connectionstatechange", watch);
      how(what);
    };
    pc.addEventListener("connectionstatechange", watch);
  });
}

/** Return the SDP fragment (RFC 8840) that carries the new credentials. */
export function fragmentOf(sdp) {
  const value = (name) => sdp.match(new RegExp(`a=${name}:([^\\r\\n]+)`))[1];
  const lines = [`a=ice-ufrag:${value("ice-ufrag")}`, `a=ice-pwd:${value("ice-pwd")}`, "m=audio 9 UDP/TLS/RTP/SAVPF 0", `a=mid:${value("mid")}`];
  return `${lines.join("\r\n")}\r\n`;
}

/** Return the former answer with the credentials of a fragment in it. */
export function withCredentials(sdp, fragment) {
  return ["ice-ufrag", "ice-pwd"].reduce((text, name) => {
    const value = fragment.match(new RegExp(`a=${name}:([^\\r\\n]+)`))[1];
    return text.replace(new RegExp(`a=${name}:[^\\r\\n]+`, "g"), () => `a=${name}:${value}`);
  }, sdp);
}
