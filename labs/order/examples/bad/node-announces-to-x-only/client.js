'use strict';
// PA3, Team 51 - client (Node.js)
const net = require('net');
const readline = require('readline');

const socket = net.connect(12000, process.argv[2] || '10.0.0.1', () => {
  const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
  rl.question('Enter message to send to server: ', (line) => {
    socket.write(line + '\n');
    rl.close();
  });
});
socket.on('data', (data) => console.log('From Server: ' + data.toString().trim()));
socket.on('end', () => process.exit(0));
