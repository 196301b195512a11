// Node's `ws` as its documentation says: one message to all clients, and an answer to each ping.
//
// Each line of the standard input goes to every client that has said who it is; for each, the time
// (ns, CLOCK_MONOTONIC) when it began to send is printed. The first line printed is the port.
'use strict';
const readline = require('node:readline');
const { WebSocket, WebSocketServer } = require('ws');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: 4096, perMessageDeflate: false });
const entered = new Set();

server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('close', () => entered.delete(socket));
  socket.on('message', (words) => {
    const frame = JSON.parse(words);
    if (frame.type === 'auth') {
      entered.add(socket);
      socket.send(JSON.stringify({ type: 'welcome' }));
    } else if (frame.type === 'ping') {
      socket.send(JSON.stringify({ type: 'pong' }));
    }
  });
});

server.on('listening', () => console.log(server.address().port));

const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const at = process.hrtime.bigint();
  const message = Buffer.from(line);
  for (const socket of entered) {
    if (socket.readyState === WebSocket.OPEN) socket.send(message, { binary: false });
  }
  console.log(String(at));
});
lines.on('close', () => process.exit(0));
