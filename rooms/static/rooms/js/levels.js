/** Voices as rings: each seat's --level follows the loudness that the server measured. */

const QUIET_DBOV = -55;
const LOUD_DBOV = -15;
const FALL_PER_FRAME = 0.06; // a ring rises at once and falls in about a third of a second
const SPEAKING = 0.12;

/** Make the rings of a stage. */
export function createLevels(stage) {
  const shown = new Map();
  const heard = new Map();
  let running = false;

  function tick() {
    for (const [id, target] of heard) {
      const before = shown.get(id) ?? 0;
      const now = Math.max(target, before - FALL_PER_FRAME);
      heard.set(id, Math.max(0, target - FALL_PER_FRAME / 2));
      paint(id, now);
      if (now <= 0) heard.delete(id);
    }
    running = heard.size > 0;
    if (running) requestAnimationFrame(tick);
  }

  function paint(id, level) {
    shown.set(id, level);
    const seat = stage.querySelector(`[data-account-id="${CSS.escape(id)}"]`);
    if (!seat) return;
    seat.style.setProperty("--level", level.toFixed(2));
    seat.classList.toggle("is-speaking", level > SPEAKING);
  }

  return {
    /** Take a levels frame: dBov by account. */
    take(levels) {
      for (const [id, dbov] of Object.entries(levels ?? {})) heard.set(id, portion(dbov));
      if (!running && heard.size > 0) {
        running = true;
        requestAnimationFrame(tick);
      }
    },
    /** Silence one seat at once: its mute must not look delayed. */
    silence(id) {
      heard.delete(id);
      paint(id, 0);
    },
  };
}

/** Return a loudness in dBov as a portion of the ring, 0 to 1. */
export function portion(dbov) {
  return Math.min(1, Math.max(0, (dbov - QUIET_DBOV) / (LOUD_DBOV - QUIET_DBOV)));
}
