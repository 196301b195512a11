// A room's socket: it resumes by seq, keeps what was not answered, and comes back by itself.

import { ProblemError } from "./http.js";
import { FINAL_CODES } from "./types.js";
import type { Problem, Room, RoomCommandData, RoomEphemeral, RoomEventData } from "./types.js";

export type RoomEvent = {
  [K in keyof RoomEventData]: {
    type: K;
    seq: number;
    id: string;
    at: string;
    actor: string | null;
    data: RoomEventData[K];
  };
}[keyof RoomEventData];

export type RoomSignal = RoomEphemeral[keyof RoomEphemeral];

export interface RoomSocketSettings {
  baseUrl: string;
  roomId: string;
  token: () => string | Promise<string>;
  /** The room as it is now; start again from it. */
  onSnapshot?: (state: Room, seq: number) => void;
  /** Each event once, in order. */
  onEvent?: (event: RoomEvent) => void;
  /** The seqs of events that you may not see. */
  onRedacted?: (from: number, to: number) => void;
  /** What has no number: levels, reactions, counts. */
  onSignal?: (signal: RoomSignal) => void;
  /** Nobody comes back after this. */
  onOver?: (code: number, reason: string) => void;
  WebSocket?: typeof WebSocket;
  heartbeatMs?: number;
  deadMs?: number;
}

interface Pending {
  text: string;
  resolve: (seq: number | null) => void;
  reject: (error: Error) => void;
}

type Frame = { type: string; [member: string]: unknown };

const TOKEN_EXPIRED = 4003;
const RATE_LIMITED = 4008;

export class RoomSocket {
  /** The newest event that is known here. */
  seq: number | null = null;
  private epoch: string | null = null;
  private socket: WebSocket | null = null;
  private readonly pending = new Map<string, Pending>();
  private attempts = 0;
  private heardAt = 0;
  private beat: ReturnType<typeof setInterval> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private over = false;
  private refs = 0;
  private readonly mark = Math.random().toString(36).slice(2, 10);

  constructor(private readonly settings: RoomSocketSettings) {}

  open(): void {
    this.over = false;
    const address = `${this.settings.baseUrl.replace(/^http/, "ws").replace(/\/$/, "")}/ws/v1/rooms/${this.settings.roomId}`;
    const socket = new (this.settings.WebSocket ?? WebSocket)(address, ["rooms.v1"]);
    this.socket = socket;
    socket.onopen = () => void this.greet(socket);
    socket.onmessage = (message: MessageEvent) => {
      if (this.socket === socket) this.hear(JSON.parse(String(message.data)) as Frame);
    };
    socket.onclose = (event: CloseEvent) => {
      if (this.socket === socket) this.closed(event.code, event.reason);
    };
  }

  /** Carry out a command; gives the seq of the newest event that it led to. */
  command<K extends keyof RoomCommandData>(
    type: K,
    data: RoomCommandData[K],
    ref = `${this.mark}-${(this.refs += 1)}`,
  ): Promise<number | null> {
    return new Promise((resolve, reject) => {
      const text = JSON.stringify({ type, ref, data });
      this.pending.set(ref, { text, resolve, reject });
      this.send(text);
    });
  }

  /** Break the connection off and come back, as a lost network does. */
  reconnect(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.closed(1006, "");
  }

  close(): void {
    this.over = true;
    this.stop();
    this.socket?.close();
    this.socket = null;
    this.giveUp("The socket was closed.");
  }

  private async greet(socket: WebSocket): Promise<void> {
    const token = await this.settings.token();
    if (this.socket !== socket) return;
    const resume = this.seq === null ? {} : { after: this.seq, epoch: this.epoch };
    socket.send(JSON.stringify({ type: "auth", token, ...resume }));
    for (const { text } of this.pending.values()) socket.send(text);
    this.heardAt = Date.now();
    clearInterval(this.beat);
    this.beat = setInterval(() => this.look(), this.settings.heartbeatMs ?? 20_000);
  }

  private look(): void {
    if (Date.now() - this.heardAt > (this.settings.deadMs ?? 45_000)) this.reconnect();
    else this.send('{"type":"ping"}');
  }

  private send(text: string): void {
    if (this.socket?.readyState === 1 && this.heardAt > 0) this.socket.send(text);
  }

  private hear(frame: Frame): void {
    this.heardAt = Date.now();
    switch (frame.type) {
      case "ping":
        return this.send('{"type":"pong"}');
      case "pong":
        return;
      case "snapshot":
        this.seq = frame["seq"] as number;
        this.epoch = frame["epoch"] as string;
        this.attempts = 0;
        return this.settings.onSnapshot?.(frame["state"] as Room, this.seq);
      case "ack":
        return this.answered(frame["ref"] as string, (one) => one.resolve(frame["seq"] as number | null));
      case "error":
        return this.answered(frame["ref"] as string, (one) => one.reject(new ProblemError(frame["problem"] as Problem)));
    }
    if (typeof frame["seq"] === "number") this.step(frame, frame["seq"]);
    else this.settings.onSignal?.(frame as unknown as RoomSignal);
  }

  private step(frame: Frame, seq: number): void {
    const last = this.seq ?? 0;
    const from = frame.type === "redacted" && typeof frame["from"] === "number" ? frame["from"] : seq;
    if (seq <= last) return;
    if (from > last + 1) return this.reconnect();
    this.seq = seq;
    this.attempts = 0;
    if (frame.type === "redacted") this.settings.onRedacted?.(last + 1, seq);
    else this.settings.onEvent?.(frame as unknown as RoomEvent);
  }

  private answered(ref: string, then: (one: Pending) => void): void {
    const one = this.pending.get(ref);
    this.pending.delete(ref);
    if (one) then(one);
  }

  private closed(code: number, reason: string): void {
    this.stop();
    this.socket = null;
    if (this.over) return;
    if (FINAL_CODES.includes(code)) {
      this.over = true;
      this.giveUp(reason);
      this.settings.onOver?.(code, reason);
      return;
    }
    const least = code === RATE_LIMITED ? 5_000 : 0;
    const pause = code === TOKEN_EXPIRED && this.attempts === 0 ? 0 : Math.min(30_000, 500 * 2 ** this.attempts);
    this.attempts += 1;
    this.again = setTimeout(() => this.open(), least + pause * (0.5 + Math.random()));
  }

  private stop(): void {
    clearInterval(this.beat);
    clearTimeout(this.again);
    this.heardAt = 0;
  }

  private giveUp(reason: string): void {
    for (const one of this.pending.values()) one.reject(new Error(reason));
    this.pending.clear();
  }
}
