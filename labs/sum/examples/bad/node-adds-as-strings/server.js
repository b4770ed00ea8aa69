// Team 15 - server
const net = require('net');

const me = { name: 'Server of Team 15', number: 42 };

const server = net.createServer((socket) => {
  socket.on('error', (e) => console.error(e.message));
  socket.once('data', (data) => {
    const client = JSON.parse(data);
    const number = client.number;
    console.log(`${client.name} has connected to ${me.name}`);
    console.log('client number', number);
    console.log('server number', me.number);
    console.log('sum', number + me.number);
    socket.end(JSON.stringify(me));
    if (number < 1 || number > 100) {
      console.log('out of range');
      server.close();
    }
  });
});

server.listen(8081, () => console.log('listening'));
