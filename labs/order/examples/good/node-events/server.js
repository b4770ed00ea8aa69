'use strict';
// PA3, Team 17 - TCP server (Node.js)
//
// Explain multithreading: a server with ordinary blocking calls needs a thread
// for each client. Otherwise it hangs in the receive call of one client and
// cannot tell that the other client was faster. In Node all socket calls are
// non-blocking and the runtime (libuv) waits for all sockets together, then
// calls our callbacks in the order in which data comes in. So the problem is
// the same, but the event loop is our "multithreading", and callbacks never
// run at the same time, so the shared array is safe without a lock.
const net = require('net');

const PORT = 12000;
const labels = ['X', 'Y'];
const clients = [];     // sockets in the order of connecting
const messages = [];    // messages in the order of arrival

function onMessage(label, data) {
  if (messages.some((m) => m.label === label)) return;  // only one each
  const text = data.toString().trim();
  messages.push({ label, text });
  console.log(`Client ${label} sent message ${messages.length}: ${text}`);
  if (messages.length === 2) finish();
}

function finish() {
  const [a, b] = messages;
  const answer = `${a.label}: ${a.text} received before ${b.label}: ${b.text}`;
  for (const socket of clients) socket.end(answer);
  console.log('Sent acknowledgment to both X and Y');
  console.log('Waiting a bit for clients to close their connections');
  server.close(() => console.log('Done.'));
}

const server = net.createServer((socket) => {
  if (clients.length === 2) {
    socket.destroy();   // we only play with two
    return;
  }
  const label = labels[clients.length];
  console.log(`Accepted ${clients.length ? 'second' : 'first'} connection, calling it client ${label}`);
  clients.push(socket);
  socket.on('error', (e) => console.error(`Client ${label}: ${e.message}`));
  if (clients.length < 2) return;

  clients.forEach((s, i) => {
    s.write(`Client ${labels[i]} connected`);
    s.on('data', (data) => onMessage(labels[i], data));
  });
  console.log('Waiting to receive messages from client X and client Y....');
});

server.listen(PORT, '0.0.0.0', () => {
  console.log('The server is waiting to receive 2 connections....');
});
