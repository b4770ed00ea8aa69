'use strict';
// PA3, Team 51 - server (Node.js)
//
// Multithreading: Node has one thread and an event loop. No call blocks, so the
// message of either client is seen when it comes; the same is reached with two
// threads that block in recv().
const net = require('net');

const clients = [];
const messages = [];

const server = net.createServer((socket) => {
  const label = 'XY'[clients.length];
  clients.push(socket);
  console.log('Accepted connection, calling it client ' + label);
  socket.pause();
  socket.on('data', (data) => {
    const text = data.toString().trim();
    messages.push(label + ': ' + text);
    console.log('Client ' + label + ' sent message ' + messages.length + ': ' + text);
    if (messages.length === 2) {
      const answer = messages.join(' received before ');
      clients.forEach((client) => client.end(answer + '\n'));
      console.log('Sent acknowledgment to both X and Y');
      server.close();
    }
  });
  socket.on('error', (e) => console.error(e.message));
  if (clients.length === 2) {
    clients[0].write('Client X connected\n');
    clients.forEach((client) => client.resume());
  }
});
server.maxConnections = 2;
server.listen(12000, '0.0.0.0', () => {
  console.log('The server is waiting to receive 2 connections....');
});
