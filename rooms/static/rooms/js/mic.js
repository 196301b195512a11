/** The microphone of this device, and what to do when the browser does not give it. */

const WISH = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
const KEY = "spaces.microphone";

/** Return the device that the person chose, if one was. */
export const chosenMic = () => localStorage.getItem(KEY) ?? undefined;

/** Remember a device; one that is gone later is no obstacle. */
export const chooseMic = (deviceId) => localStorage.setItem(KEY, deviceId);

/** The browser refused, or there is no microphone. */
export class MicBlocked extends Error {
  constructor(cause) {
    super("The microphone is blocked.");
    this.kind = !navigator.mediaDevices ? "insecure" : cause?.name === "NotFoundError" ? "missing" : cause?.name === "NotReadableError" ? "busy" : "denied";
  }

  /** Return what helps, for this browser. */
  get fix() {
    if (this.kind === "insecure") return "Browsers give a microphone only to pages opened over https.";
    if (this.kind === "missing") return "No microphone was found. Plug one in, then try again.";
    if (this.kind === "busy") return "Another program holds the microphone. Close it, then try again.";
    return howToAllow(navigator.userAgent);
  }
}

/**
 * Open the microphone.
 * @returns {Promise<MediaStreamTrack>}
 * @throws {MicBlocked}
 */
export async function openMic() {
  try {
    const device = chosenMic();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...WISH, ...(device ? { deviceId: { ideal: device } } : {}) } });
    return stream.getAudioTracks()[0];
  } catch (cause) {
    throw new MicBlocked(cause);
  }
}

/** Ask for the permission while the person is consenting, then let go: nothing listens while they wait. */
export async function checkMic() {
  const track = await openMic();
  track.stop();
}

/** Return the steps to allow the microphone in one browser. */
export function howToAllow(agent) {
  if (/iPhone|iPad/.test(agent)) return "Tap the page menu beside the address, Website Settings, Microphone: Allow. Then reload.";
  if (/Firefox/.test(agent)) return "Click the crossed-out microphone left of the address and remove “Blocked”. Then try again.";
  if (/Edg|Chrom/.test(agent)) return "Click the icon left of the address, switch Microphone on, then try again.";
  if (/Safari/.test(agent)) return "Safari menu, Settings for This Website, Microphone: Allow. Then reload.";
  return "Allow the microphone for this site in the browser's settings, then reload.";
}
