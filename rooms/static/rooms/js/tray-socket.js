/** The socket of the tray: whole trays come, the newest counts. */

import { backoff, isFinal, pauseAfter } from "./close-codes.js";
import { session } from "./session.js";

const PING_MS = 20_000;
const DEAD_MS = 45_000;

/**
 * Follow the tray until it is closed.
 * @param {{tray: (entries: object[]) => void, inbox: (frame: object) => void}} watcher
 * @returns {{close: () => void}}
 */
export function followTray(watcher) {
  let socket = null;
  let attempt = 0;
  let over = false;
  let heardAt = 0;
  let ping = 0;
  let retry = 0;

  function open() {
    if (over || !session()) return;
    const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/v1/tray`, ["rooms.v1"]);
    socket = mine;
    heardAt = Date.now();
    mine.addEventListener("open", () => {
      mine.send(JSON.stringify({ type: "auth", token: session()?.token }));
      ping = setInterval(beat, PING_MS);
    });
    mine.addEventListener("message", (event) => mine === socket && hear(event.data));
    mine.addEventListener("close", (event) => mine === socket && closed(event.code));
  }

  function hear(text) {
    heardAt = Date.now();
    attempt = 0;
    const frame = JSON.parse(text);
    if (frame.type === "tray") watcher.tray(frame.entries);
    else if (frame.type === "inbox") watcher.inbox(frame);
    else if (frame.type === "ping") socket.send(JSON.stringify({ type: "pong" }));
  }

  function beat() {
    if (Date.now() - heardAt > DEAD_MS) socket.close();
    else socket.send(JSON.stringify({ type: "ping" }));
  }

  function closed(code) {
    clearInterval(ping);
    socket = null;
    if (!over && !isFinal(code)) retry = setTimeout(open, Math.max(pauseAfter(code), backoff(attempt++)));
  }

  open();
  return {
    close() {
      over = true;
      clearInterval(ping);
      clearTimeout(retry);
      socket?.close(1000);
    },
  };
}
