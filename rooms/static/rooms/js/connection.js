/** The socket of a room: one after the other, without a hole, for as long as the page is open. */

import { backoff, isFinal, pauseAfter } from "./close-codes.js";

const AUTHENTICATION_FAILED = 4004;
const PING_MS = 20_000;
const WEAK_MS = 5_000; // a pong this late: the line is weak
const DEAD_MS = 45_000;
const SLOW_ROUND_TRIP_MS = 1_000;

/**
 * Follow a room.
 * @param {{roomId: string, token: () => string|undefined, onFrame: (frame: object) => void,
 *   onStatus: (status: "connecting"|"good"|"weak"|"reconnecting"|"closed") => void, onOpen: () => void, onFinal: (code: number) => void}} options
 *   onFrame gets each numbered frame exactly once and in order, and the ephemeral ones as they come
 */
export function connect({ roomId, token, onFrame, onStatus, onOpen, onFinal }) {
  let socket = null;
  let seq = 0;
  let epoch; // of the log: another one, and the numbers mean something else
  let hasState = false;
  let attempt = 0;
  let over = false;
  let heardAt = 0;
  let pingedAt = 0;
  let ready = false;
  const timers = { ping: 0, soon: 0, watch: 0, retry: 0 };

  function open() {
    clearTimers();
    if (over) return;
    if (!token()) return closed(AUTHENTICATION_FAILED);
    onStatus(hasState ? "reconnecting" : "connecting");
    ready = false;
    heardAt = Date.now();
    const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/v1/rooms/${roomId}`, ["rooms.v1"]);
    socket = mine;
    mine.addEventListener("open", () => {
      mine.send(JSON.stringify({ type: "auth", token: token(), ...(hasState ? { after: seq, epoch } : {}) }));
      ping(); // its pong also says "you missed nothing" after a resume
      timers.ping = setInterval(ping, PING_MS);
      timers.watch = setInterval(watch, 1_000);
    });
    mine.addEventListener("message", (event) => mine === socket && receive(event.data));
    mine.addEventListener("close", (event) => mine === socket && closed(event.code));
  }

  function receive(text) {
    heardAt = Date.now();
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      again();
      return;
    }
    if (frame.type === "ping") send({ type: "pong" });
    else if (frame.type === "pong") ponged();
    else if (frame.type === "snapshot") take(frame);
    else if (typeof frame.seq === "number" && frame.type !== "ack") takeInOrder(frame);
    else onFrame(frame);
  }

  function takeInOrder(frame) {
    if (!hasState || frame.seq <= seq) return;
    if ((frame.from ?? frame.seq) <= seq + 1) take(frame); // a range tells of many at once
    else again(); // a hole: ask from what we have
  }

  function take(frame) {
    seq = frame.seq;
    epoch = frame.epoch ?? epoch;
    hasState = true;
    onFrame(frame);
    becomeReady();
  }

  function ponged() {
    const slow = Date.now() - pingedAt > SLOW_ROUND_TRIP_MS;
    pingedAt = 0;
    if (hasState) becomeReady();
    if (ready) onStatus(slow ? "weak" : "good");
    if (slow) timers.soon = setTimeout(ping, WEAK_MS);
  }

  function becomeReady() {
    if (ready) return;
    ready = true;
    attempt = 0;
    onStatus("good");
    onOpen();
  }

  function ping() {
    pingedAt = Date.now();
    send({ type: "ping" });
  }

  function watch() {
    const silent = Date.now() - heardAt;
    if (silent > DEAD_MS) again();
    else if (ready && pingedAt && Date.now() - pingedAt > WEAK_MS) onStatus("weak");
  }

  function closed(code) {
    clearTimers();
    socket = null;
    if (over) return;
    if (isFinal(code)) {
      over = true;
      onStatus("closed");
      onFinal(code);
      return;
    }
    if (code === 4001) hasState = false; // we spoke nonsense: begin anew with a snapshot
    onStatus("reconnecting");
    timers.retry = setTimeout(open, Math.max(pauseAfter(code), backoff(attempt++)));
  }

  function again() {
    const old = socket;
    socket = null;
    old?.close();
    closed(1006);
  }

  function send(frame) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function clearTimers() {
    clearInterval(timers.ping);
    clearInterval(timers.watch);
    clearTimeout(timers.soon);
    clearTimeout(timers.retry);
  }

  const online = () => { if (!socket && !over) { attempt = 0; open(); } };
  const offline = () => { if (socket && !over) again(); };
  addEventListener("online", online);
  addEventListener("offline", offline);
  open();

  return {
    send: (frame) => ready && send(frame),
    seq: () => seq,
    /** Come again without a past: the answer is a whole snapshot. */
    renew() {
      const old = socket;
      socket = null;
      hasState = false;
      old?.close();
      open();
    },
    close() {
      over = true;
      clearTimers();
      removeEventListener("online", online);
      removeEventListener("offline", offline);
      socket?.close(1000);
    },
  };
}
