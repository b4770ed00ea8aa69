// Team Heron: server (Node.js)
const net = require('net');
const readline = require('readline');
const { wrap, unwrap } = require('./wire');

const ME = { name: 'Heron, the server', number: 33 };

const server = net.createServer((socket) => {
  readline.createInterface({ input: socket }).once('line', (line) => {
    const client = unwrap(line);
    console.log(`${client.name} has connected to ${ME.name}`);
    console.log(`${client.number} + ${ME.number} = ${client.number + ME.number}`);
    socket.end(wrap(ME.name, ME.number));
    if (client.number < 1 || client.number > 100) {
      console.log('That is out of range. Good bye.');
      server.close();
    }
  });
});

server.listen(4040, () => console.log('waiting'));
