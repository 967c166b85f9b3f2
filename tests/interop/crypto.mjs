// The official crypto package as a filter: a JSON list of requests on stdin, a list of answers on
// stdout; a request that the package refuses gets {"fault": ...}.
//   {"do": "encrypt", "key", "text", "receiveid", "random"?}  -> base64
//   {"do": "decrypt", "key", "encrypt"}                       -> {"text", "receiveid"}
//   {"do": "sign", "token", "timestamp", "nonce", "encrypt"}  -> hex
// Driven by tests/interop/official.py.
import { readFileSync } from 'node:fs';

import crypto from '@wecom/crypto';

const ACTS = {
  encrypt: ({ key, text, receiveid, random }) =>
    crypto.encrypt(key, text, receiveid, random ? Buffer.from(random) : undefined),
  decrypt: ({ key, encrypt }) => {
    const { message, id } = crypto.decrypt(key, encrypt);
    return { text: message, receiveid: id };
  },
  sign: ({ token, timestamp, nonce, encrypt }) =>
    crypto.getSignature(token, timestamp, nonce, encrypt),
};

const answers = JSON.parse(readFileSync(0, 'utf8')).map((request) => {
  try {
    return ACTS[request.do](request);
  } catch (thrown) {
    return { fault: thrown.message };
  }
});
process.stdout.write(JSON.stringify(answers));
