// Group N: client (Node.js)
const net = require('net');
const readline = require('readline');

const NAME = 'Client of Group N';
const rl = readline.createInterface({ input: process.stdin, output: process.stdout });

rl.question('Pick an integer between 1 and 100: ', (answer) => {
  rl.close();
  const number = parseInt(answer, 10);
  if (Number.isNaN(number)) {
    console.error('not a number');
    process.exit(1);
  }
  const socket = net.connect({ host: '127.0.0.1', port: 3000, family: 4 }, () => {
    socket.write(`${NAME}|${number}\n`);
  });
  socket.on('data', (data) => {
    const [server, text] = data.toString().trim().split('|');
    const other = parseInt(text, 10);
    console.log(`${NAME}: ${number}`);
    console.log(`${server}: ${other}`);
    console.log(`${number} + ${other} = ${number + other}`);
    socket.end();
  });
  socket.on('error', (e) => {
    console.error(e.message);
    process.exit(1);
  });
});
