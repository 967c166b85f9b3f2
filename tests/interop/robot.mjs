// The official SDK as a robot on a string: it connects to the websocket given on the command line,
// prints every event as one JSON line and does what JSON lines on stdin tell it:
//   {"id": 1, "call": "replyStream", "args": [frame, "stream id", "text", true]}
//   -> {"id": 1, "answer": ...} or {"id": 1, "fault": ...}
// {"base64": "..."} among the arguments stands for a Buffer. Driven by tests/interop/robot.py.
import { createInterface } from 'node:readline';

import sdk from '@wecom/aibot-node-sdk';

const EVENTS = [
  'connected',
  'authenticated',
  'disconnected',
  'reconnecting',
  'error',
  'message.text',
  'message.image',
  'message.mixed',
  'message.voice',
  'message.file',
  'event.enter_chat',
  'event.template_card_event',
  'event.feedback_event',
  'event.disconnected_event',
];

const [wsUrl, botId, secret] = process.argv.slice(2);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const plain = (thrown) => (thrown instanceof Error ? thrown.message : thrown);
const revive = (_, value) =>
  typeof value?.base64 === 'string' ? Buffer.from(value.base64, 'base64') : value;

const robot = new sdk.WSClient({
  botId,
  secret,
  wsUrl,
  reconnectInterval: 100,
  maxReconnectAttempts: 3,
  maxAuthFailureAttempts: 1,
  logger: silent,
});
for (const event of EVENTS) {
  robot.on(event, (given) => say({ event, given: plain(given) }));
}

const orders = createInterface({ input: process.stdin });
orders.on('line', async (line) => {
  const { id, call, args } = JSON.parse(line, revive);
  try {
    say({ id, answer: (await robot[call](...args)) ?? null });
  } catch (thrown) {
    say({ id, fault: plain(thrown) });
  }
});
orders.on('close', () => {
  robot.disconnect();
  process.exit(0);
});
robot.connect();
