const net = require('net');
process.stdout.write('number: ');
process.stdin.once('data', line => {
  process.stdin.pause();
  const n = parseInt(line.toString());
  const c = net.createConnection({ port: 8124, host: '127.0.0.1' });
  c.write('Client of Hyena;' + n);
  c.on('data', d => {
    const p = d.toString().split(';');
    console.log('Client of Hyena ' + n);
    console.log(p[0] + ' ' + p[1]);
    console.log('sum ' + (n + Number(p[1])));
    c.end();
  });
});
