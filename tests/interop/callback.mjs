// Plays WeCom at a callback door with the official crypto package: signs and encrypts a text, posts
// it to the URL and prints what came back, decrypted.
//   node callback.mjs URL <<< '{"token", "key", "receiveid", "form": "xml"|"json", "text",
//                              "echo"?: true, "timestamp"?: seconds, "nonce"?: "..."}'
// `echo` asks with GET and echostr instead, as the console does when an admin saves the URL.
//   -> {"status", "body", "text", "receiveid", "signed"}; text is null without an encrypted answer
// Driven by tests/interop/official.py; useful by hand against any door.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import crypto from '@wecom/crypto';

const order = JSON.parse(readFileSync(0, 'utf8'));
const { token, key, receiveid, form, echo } = order;
const encrypt = crypto.encrypt(key, order.text, receiveid);
const timestamp = String(order.timestamp ?? Math.floor(Date.now() / 1000));
const nonce = order.nonce ?? randomBytes(8).toString('hex');

const address = new URL(process.argv[2]);
address.searchParams.set('msg_signature', crypto.getSignature(token, timestamp, nonce, encrypt));
address.searchParams.set('timestamp', timestamp);
address.searchParams.set('nonce', nonce);
if (echo) address.searchParams.set('echostr', encrypt);

const xml =
  `<xml><ToUserName><![CDATA[${receiveid}]]></ToUserName>` +
  `<AgentID><![CDATA[]]></AgentID><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`;
const request = {
  method: 'POST',
  body: form === 'xml' ? xml : JSON.stringify({ encrypt }),
  headers: { 'Content-Type': form === 'xml' ? 'text/xml' : 'application/json' },
};
const answer = await fetch(address, echo ? {} : request);
const text = await answer.text();

const inXml = (name) => text.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`))?.[1];
const given = text.startsWith('{')
  ? JSON.parse(text)
  : {
      encrypt: inXml('Encrypt'),
      msgsignature: inXml('MsgSignature'),
      timestamp: inXml('TimeStamp'),
      nonce: inXml('Nonce'),
    };
const sealed = !echo && given.encrypt;
const opened = sealed ? crypto.decrypt(key, given.encrypt) : null;
process.stdout.write(
  JSON.stringify({
    status: answer.status,
    body: text,
    text: opened ? opened.message : null,
    receiveid: opened ? opened.id : null,
    signed: sealed
      ? given.nonce === nonce &&
        given.msgsignature ===
          crypto.getSignature(token, String(given.timestamp), given.nonce, given.encrypt)
      : null,
  }),
);
