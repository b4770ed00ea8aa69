// CP372, group 30. Chat server in Node: one event loop, no threads.
const net = require('net');
const fs = require('fs');
const path = require('path');

const PORT = 12345;
const MAX = 3;
const DIR = path.join(__dirname, 'files');
const END = '<<END OF FILE>>\n';

const record = [];

function status() {
  return record.map((c) => `${c.name}\tconnected ${c.start.toISOString()}\t` +
    (c.end ? `disconnected ${c.end.toISOString()}` : 'still connected')).join('\n') + '\n';
}

function sendFile(socket, name) {
  const file = path.join(DIR, path.basename(name));
  if (!fs.existsSync(file)) {
    socket.write(`get ${name}ACK\n`);
    return;
  }
  fs.createReadStream(file)
    .on('end', () => socket.write(END))
    .pipe(socket, { end: false });
}

function answer(socket, line) {
  if (line === 'exit') {
    socket.end(() => socket.destroy());
  } else if (line === 'status') {
    socket.write(status());
  } else if (line === 'list') {
    socket.write(fs.readdirSync(DIR).join('\n') + '\n');
  } else if (line.startsWith('get ')) {
    sendFile(socket, line.slice(4));
  } else {
    socket.write(line + 'ACK\n');
  }
}

const server = net.createServer((socket) => {
  const active = record.filter((c) => !c.end).length;
  if (active >= MAX) {
    socket.end('Server is full. Try again later.\n');
    return;
  }
  const client = {
    name: 'Client' + String(record.length + 1).padStart(2, '0'),
    start: new Date(),
    end: null,
  };
  record.push(client);
  console.log(`${client.name} connected from ${socket.remoteAddress}`);
  socket.setEncoding('utf8');
  socket.write(`Connected as ${client.name}\n`);

  let pending = '';
  socket.on('data', (data) => {
    const lines = (pending + data).split('\n');
    pending = lines.pop();
    for (const line of lines) answer(socket, line);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    client.end = new Date();
    console.log(`${client.name} disconnected`);
  });
});

fs.mkdirSync(DIR, { recursive: true });
server.listen(PORT, () => console.log(`Listening on ${PORT}`));
