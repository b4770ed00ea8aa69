// Team Heron: how a name and a number travel. One line of base64 a message,
// so that a name may hold any character.
exports.wrap = (name, number) =>
  Buffer.from(`${name}\t${number}`).toString('base64') + '\n';

exports.unwrap = (line) => {
  const [name, number] = Buffer.from(line.trim(), 'base64').toString().split('\t');
  return { name, number: Number(number) };
};
