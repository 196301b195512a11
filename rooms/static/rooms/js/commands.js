/** Commands over the socket: each has a ref, each gets one answer, and a retry keeps its ref. */

import { Problem } from "./api.js";

const PATIENCE_MS = 15_000;

/**
 * Make the sender of commands.
 * @param {(frame: object) => boolean} send false when the socket is not open
 */
export function createCommands(send) {
  const waiting = new Map();

  function settle(ref, how) {
    const command = waiting.get(ref);
    if (!command) return;
    waiting.delete(ref);
    clearTimeout(command.timer);
    how(command);
  }

  return {
    /**
     * Send a command; resolves to the seq that it led to, or rejects with a Problem.
     * @param {string} type
     * @param {object} [data]
     * @returns {Promise<number>}
     */
    command(type, data = {}) {
      const ref = crypto.randomUUID?.() ?? `c-${Date.now()}-${Math.random().toString(36).slice(2)}`;
      const frame = { type, ref, data };
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle(ref, () => reject(new Problem({ title: "No answer from the room.", detail: "Please try again." }))), PATIENCE_MS);
        waiting.set(ref, { frame, resolve, reject, timer });
        send(frame);
      });
    },

    /** Take an ack or an error; true if the frame was one. */
    receive(frame) {
      if (frame.type === "ack") settle(frame.ref, ({ resolve }) => resolve(frame.seq));
      else if (frame.type === "error") settle(frame.ref, ({ reject }) => reject(new Problem(frame.problem ?? {})));
      else return false;
      return true;
    },

    /** After coming back: what was not answered is asked again, under the same ref, so it happens once. */
    resend() {
      for (const { frame } of waiting.values()) send(frame);
    },

    /**
     * Give up on everything that waits.
     * @param {string} [done] the type of command that has come true without its ack: the end closes the socket too
     */
    abandon(done) {
      const given = new Problem({ title: "You are no longer in this room." });
      for (const ref of [...waiting.keys()]) settle(ref, ({ frame, resolve, reject }) => (frame.type === done ? resolve(0) : reject(given)));
    },
  };
}
