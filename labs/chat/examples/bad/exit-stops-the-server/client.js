// CP372, group 30. Chat client in Node. Prints all that the server sends.
const net = require('net');
const readline = require('readline');

const host = process.argv[2] || '127.0.0.1';
const socket = net.connect(12345, host);
const keyboard = readline.createInterface({ input: process.stdin, terminal: false });

socket.setEncoding('utf8');
socket.on('connect', () => console.log('Type a message, status, list, get NAME or exit.'));
socket.on('data', (text) => process.stdout.write(text));
socket.on('error', (error) => console.log(error.message));
socket.on('close', () => {
  console.log('Connection closed.');
  process.exit(0);
});
keyboard.on('line', (line) => socket.write(line + '\n'));
keyboard.on('close', () => socket.end());
