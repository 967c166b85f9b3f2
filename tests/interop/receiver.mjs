// A callback door made of the official crypto package: what WeCom (or its simulator) posts is
// checked, decrypted and printed as one JSON line each.
//   node receiver.mjs PATH=TOKEN,AES_KEY,RECEIVEID ...
//   -> {"listening": port}, then {"path", "signed", "receiveid", "text"} per request
// A GET with echostr is answered as the console demands; a POST gets an empty 200, or, when a line
// stands on stdin, that text as the encrypted JSON reply of a robot. Driven by official.py.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import crypto from '@wecom/crypto';

const doors = Object.fromEntries(
  process.argv.slice(2).map((word) => {
    const [path, secrets] = word.split('=', 2);
    const [token, key, receiveid] = secrets.split(',');
    return [path, { token, key, receiveid }];
  }),
);
const replies = [];
createInterface({ input: process.stdin })
  .on('line', (line) => replies.push(line))
  .on('close', () => process.exit(0));
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const read = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};
const encryptOf = (body) =>
  body.startsWith('{')
    ? JSON.parse(body).encrypt
    : body.match(/<Encrypt>(?:<!\[CDATA\[)?([^<\]]*)/)[1];

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://door');
  const query = Object.fromEntries(url.searchParams);
  const { token, key, receiveid } = doors[url.pathname];
  const encrypt = request.method === 'GET' ? query.echostr : encryptOf(await read(request));
  const right = crypto.getSignature(token, query.timestamp, query.nonce, encrypt);
  const opened = crypto.decrypt(key, encrypt);
  say({
    path: url.pathname,
    signed: right === query.msg_signature,
    receiveid: opened.id,
    text: opened.message,
  });
  if (request.method === 'GET') {
    response.end(opened.message);
    return;
  }
  const reply = replies.shift();
  if (!reply) {
    response.end();
    return;
  }
  const sealed = crypto.encrypt(key, reply, receiveid);
  response.end(
    JSON.stringify({
      encrypt: sealed,
      msgsignature: crypto.getSignature(token, query.timestamp, query.nonce, sealed),
      timestamp: Number(query.timestamp),
      nonce: query.nonce,
    }),
  );
});
server.listen(0, '127.0.0.1', () => say({ listening: server.address().port }));
