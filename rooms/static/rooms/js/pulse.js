/** Noticing that the sound stopped coming, some seconds before ICE does. */

const EVERY_MS = 500;
const SILENT_MS = 1500; // our server sends a packet each 20 ms, also when nobody speaks

/**
 * Watch a connection; tells once for each time that a flow of packets stops.
 * @param {RTCPeerConnection} pc
 * @param {() => void} onSilence
 * @returns {() => void} stops watching
 */
export function watchPulse(pc, onSilence) {
  let packets = 0;
  let heardAt = 0; // 0: nothing flows, or it is told already

  async function look() {
    const now = await received(pc);
    if (now > packets) heardAt = Date.now();
    packets = now;
    if (heardAt && Date.now() - heardAt > SILENT_MS) {
      heardAt = 0;
      onSilence();
    }
  }

  const timer = setInterval(() => look().catch(() => undefined), EVERY_MS);
  return () => clearInterval(timer);
}

async function received(pc) {
  const stats = await pc.getStats();
  return [...stats.values()].find((each) => each.type === "inbound-rtp")?.packetsReceived ?? 0;
}
