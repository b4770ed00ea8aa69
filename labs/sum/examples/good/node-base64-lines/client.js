// Team Heron: client (Node.js)
const net = require('net');
const readline = require('readline');
const { wrap, unwrap } = require('./wire');

const NAME = 'Egret, the client';
const terminal = readline.createInterface({
  input: process.stdin, output: process.stdout,
});

terminal.question('An integer from 1 to 100, please: ', (text) => {
  terminal.close();
  const number = Number(text);
  const socket = net.connect(4040, '10.0.0.1', () => socket.write(wrap(NAME, number)));
  readline.createInterface({ input: socket }).once('line', (line) => {
    const server = unwrap(line);
    console.log(`${NAME} sent ${number}`);
    console.log(`${server.name} sent ${server.number}`);
    console.log(`that makes ${number + server.number}`);
    socket.end();
  });
});
