const net = require('net');
const secret = Math.floor(Math.random() * 100) + 1;
const srv = net.createServer(c => {
  c.once('data', d => {
    const [name, num] = d.toString().split(';');
    const n = Number(num);
    console.log('client ' + name + ' talks to Server of Hyena');
    console.log('client number ' + n);
    console.log('sum ' + (n + secret));
    c.end('Server of Hyena;' + secret);
    if (n < 1 || n > 100) srv.close();
  });
});
srv.listen(8124);
