// A short evening by the generated client; prints what happened as one object of JSON.

import {
  Http, ProblemError, RoomSocket, createToken, endRoom, joinRoom, listRoomEvents, listRooms,
  mute, openRoom, promoteSpeaker, registerAccount, showRoom, startRoom,
} from "./dist/index.js";

const [baseUrl] = process.argv.slice(2);
const Socket = globalThis.WebSocket ?? (await import("ws")).WebSocket; // Node 18 has none of its own

async function somebody(handle) {
  const password = "a long made up sentence";
  await registerAccount(new Http({ baseUrl }), { body: { handle, password, name: handle } });
  const { data } = await createToken(new Http({ baseUrl }), { body: { handle, password } });
  return { http: new Http({ baseUrl, token: () => data.token }), token: data.token, id: data.account.id };
}

async function until(condition, what) {
  for (let look = 0; look < 1200; look += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`waited in vain for ${what}`);
}

const mark = Math.random().toString(36).slice(2, 8);
const ana = await somebody(`ana_${mark}`);
const bo = await somebody(`bob_${mark}`);

const key = { idempotencyKey: `open-${mark}` };
const room = await openRoom(ana.http, { body: { title: "Evening talk", topic_ids: ["books"] } }, key);
const again = await openRoom(ana.http, { body: { title: "Evening talk", topic_ids: ["books"] } }, key);
const room_id = room.data.id;
await startRoom(ana.http, { room_id });
const joined = await joinRoom(bo.http, { room_id });

const told = { snapshots: [], events: [], redacted: 0, over: null };
const socket = new RoomSocket({
  baseUrl,
  roomId: room_id,
  token: () => bo.token,
  WebSocket: Socket,
  heartbeatMs: 200,
  onSnapshot: (state, seq) => told.snapshots.push([seq, state.state]),
  onEvent: (event) => told.events.push([event.seq, event.type]),
  onRedacted: () => (told.redacted += 1),
  onOver: (code) => (told.over = code),
});
socket.open();
await until(() => told.snapshots.length === 1, "the snapshot");
const raised = await socket.command("hand.raise", {});
await until(() => told.events.some(([, type]) => type === "hand.raised"), "the raised hand");
const refused = await socket.command("room.end", {}).catch((error) => error);

// What happens while nobody is connected comes after the resume, once and in order.
socket.reconnect();
await promoteSpeaker(ana.http, { room_id, account_id: bo.id });
const unmuted = socket.command("unmute.self", {});
await until(() => told.events.some(([, type]) => type === "speaker.unmuted"), "the open microphone");
await unmuted;
await mute(ana.http, { room_id, account_id: bo.id });
await until(() => told.events.some(([, type]) => type === "speaker.muted"), "the shut microphone");

const problem = await startRoom(bo.http, { room_id }).catch((error) => error);
const seen = await showRoom(bo.http, { room_id }, { minPosition: joined.position });
const same = await showRoom(bo.http, { room_id }, { ifNoneMatch: seen.etag });
const live = await listRooms(bo.http, { query: { state: "live", limit: 100 } });
const history = await listRoomEvents(bo.http, { room_id, query: { after: 0 } });
await endRoom(ana.http, { room_id });
await until(() => told.over !== null, "the end");

console.log(
  JSON.stringify({
    ...told,
    raised,
    replayed: [room.replayed, again.replayed, again.data.id === room_id],
    location: room.location,
    refused: refused instanceof ProblemError && refused.code,
    problem: problem instanceof ProblemError && [problem.status, problem.code],
    title: seen.data.title,
    same: same.status,
    listed: live.data.results.some((each) => each.id === room_id),
    history: history.data.events.map((event) => event.seq),
    own: globalThis.WebSocket !== undefined,
  }),
);
process.exit(0);
