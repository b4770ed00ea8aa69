// Group N: server (Node.js)
const net = require('net');

const NAME = 'Server of Group N';
const NUMBER = 42;
const sockets = new Set();

const server = net.createServer((socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', (e) => console.error(e.message));
  socket.once('data', (data) => {
    const [client, text] = data.toString().trim().split('|');
    const number = parseInt(text, 10);
    if (Number.isNaN(number)) {
      socket.end('bad message\n');
      return;
    }
    console.log(`${client} has connected to ${NAME}`);
    console.log('client', number, 'server', NUMBER, 'sum', number + NUMBER);
    socket.end(`${NAME}|${NUMBER}\n`);
    if (number < 1 || number > 100) shutdown();
  });
});

function shutdown() {
  console.log('number out of range, closing');
  server.close();
  for (const socket of sockets) socket.destroySoon();
}

server.listen(3000, '0.0.0.0', () => console.log(`${NAME} on port 3000`));
