// Team 15 - client
const net = require('net');
const rl = require('readline').createInterface({ input: process.stdin, output: process.stdout });

const name = 'Client of Team 15';

rl.question('Integer: ', (number) => {
  rl.close();
  const socket = net.connect(8081, '127.0.0.1');
  socket.write(JSON.stringify({ name, number }));
  socket.on('data', (data) => {
    const server = JSON.parse(data);
    console.log(`${name}: ${number}`);
    console.log(`${server.name}: ${server.number}`);
    console.log('sum: ' + (Number(number) + server.number));
  });
  socket.on('error', (e) => console.error(e.message));
});
