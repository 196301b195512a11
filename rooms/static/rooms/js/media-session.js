/** The room on a lock screen, a headset, a media key. */

const PICTURE = new URL("../icon-512.png", import.meta.url).href;

/**
 * Make the entry of this page among the system's players.
 * @param {{toggleMic: () => void, leave: () => void}} actions
 */
export function showMedia({ toggleMic, leave }) {
  const media = navigator.mediaSession;
  if (!media) return { render: () => undefined, clear: () => undefined };
  handle(media, "togglemicrophone", toggleMic);
  handle(media, "hangup", leave);
  handle(media, "stop", leave);
  let shown = "";

  return {
    render(room, audio) {
      const host = room.seats.find((seat) => seat.role === "host")?.name ?? "";
      if (shown !== room.title + host) {
        shown = room.title + host;
        media.metadata = new MediaMetadata({ title: room.title, artist: host, album: "Spaces", artwork: [{ src: PICTURE, sizes: "512x512", type: "image/png" }] });
      }
      media.playbackState = audio.line === "none" ? "none" : "playing";
      const mine = room.seats.find((seat) => seat.account_id === room.viewer.account_id);
      media.setMicrophoneActive?.(mine?.muted === false && audio.mic === "open");
    },
    clear() {
      media.metadata = null;
      media.playbackState = "none";
    },
  };
}

/** A browser refuses the actions that it does not know. */
function handle(media, action, act) {
  try {
    media.setActionHandler(action, act);
  } catch (problem) {
    if (!(problem instanceof TypeError)) throw problem;
  }
}
