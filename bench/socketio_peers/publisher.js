// Publishes to a room at a steady rate, from a process of its own (REDIS: the server's UNIX socket).
// Each line of the standard input is FIRST RATE SECONDS SIZE; the answer is JSON: the time (ns,
// CLOCK_MONOTONIC) at which each message, by its number, was handed to the emitter.
'use strict';
const readline = require('node:readline');
const { Emitter } = require('@socket.io/redis-emitter');
const { createClient } = require('redis');

async function main() {
  const client = createClient({ socket: { path: process.env.REDIS } });
  await client.connect();
  const emitter = new Emitter(client);

  function publish(first, rate, seconds, size) {
    const sent = {};
    const number = Math.round(rate * seconds);
    const began = process.hrtime.bigint();
    let done = 0;
    function step() {
      const passed = Number(process.hrtime.bigint() - began) / 1e9;
      while (done < number && done / rate <= passed) {
        const seq = first + done;
        const message = { seq, words: '' };
        message.words = 'x'.repeat(Math.max(0, size - JSON.stringify(['message', message]).length - 2));
        sent[seq] = String(process.hrtime.bigint());
        emitter.to('room').emit('message', message);
        done += 1;
      }
      if (done < number) setTimeout(step, Math.max(0, (done / rate - passed) * 1000));
      else console.log(JSON.stringify(sent));
    }
    step();
  }

  console.log('ready');
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', (line) => publish(...line.split(' ').map(Number)));
  lines.on('close', () => process.exit(0));
}

main();
