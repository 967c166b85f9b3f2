// The official Node SDK that echoes (官方 Node SDK 回声); copied beside its node_modules by
// bench/echo/line.py. Its own log is silent, as the Python one's is.
import sdk from '@wecom/aibot-node-sdk';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const robot = new sdk.WSClient({
  botId: 'aibBENCH',
  secret: 'bench',
  wsUrl: process.argv[2],
  logger: silent,
});
robot.on('message.text', (frame) =>
  robot.replyStream(frame, frame.body.msgid, frame.body.text.content, true),
);
robot.connect();
