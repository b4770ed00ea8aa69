'use strict';
// PA3, Team 17 - TCP client (Node.js)
const net = require('net');
const readline = require('readline');

const socket = net.connect(12000, process.argv[2] || '127.0.0.1');
let asked = false;

socket.on('data', (data) => {
  console.log('From Server: ' + data);
  if (asked) return;
  asked = true;
  const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
  rl.question('Enter message to send to server: ', (line) => {
    socket.write(line);
    rl.close();
  });
});
socket.on('end', () => process.exit(0));
socket.on('error', (e) => {
  console.error(e.message);
  process.exit(1);
});
