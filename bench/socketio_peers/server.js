// Socket.IO behind its Redis adapter, as its documentation says; WebSocket only, no compression.
// REDIS names the server's UNIX socket. The first line printed is the port.
'use strict';
const http = require('node:http');
const readline = require('node:readline');
const { createAdapter } = require('@socket.io/redis-adapter');
const { createClient } = require('redis');
const { Server } = require('socket.io');

async function main() {
  const publisher = createClient({ socket: { path: process.env.REDIS } });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const server = http.createServer();
  new Server(server, {
    adapter: createAdapter(publisher, subscriber),
    transports: ['websocket'],
    perMessageDeflate: false,
    serveClient: false,
  }).on('connection', (socket) => socket.join('room'));
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(server.address().port));
  readline.createInterface({ input: process.stdin }).on('close', () => process.exit(0));
}

main();
