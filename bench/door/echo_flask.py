"""wechatpy's own way (微信库自己的例子): Flask under waitress, decrypt, parse, echo, encrypt.

``python -m bench.door.echo_flask AES_KEY CORP TOKEN`` in an environment with Flask, waitress and
wechatpy. The steps of the library's echo example for enterprises; nothing is kept.
"""

import json
import socket
import sys
import threading

from flask import Flask, Response, abort, request
from waitress.server import create_server
from wechatpy.enterprise import create_reply, parse_message
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.exceptions import InvalidCorpIdException
from wechatpy.exceptions import InvalidSignatureException

PATH = "/wechat"
_THREADS = 8


def application(aes_key: str, corp: str, token: str) -> Flask:
    """One route."""
    app = Flask(__name__)

    def wechat() -> Response:
        stamp, nonce = request.args["timestamp"], request.args["nonce"]
        crypto = WeChatCrypto(token, aes_key, corp)
        try:
            text = crypto.decrypt_message(request.data, request.args["msg_signature"], stamp, nonce)
        except (InvalidSignatureException, InvalidCorpIdException):
            abort(403)
        letter = parse_message(text)
        reply = create_reply(letter.content, letter).render()
        return Response(crypto.encrypt_message(reply, nonce, stamp))

    app.add_url_rule(PATH, view_func=wechat, methods=["POST"])
    return app


def main(aes_key: str, corp: str, token: str) -> None:
    """Serve until stdin ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = create_server(
            application(aes_key, corp, token), sockets=[listening], threads=_THREADS
        )
        port = listening.getsockname()[1]
        sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}"}) + "\n")
        sys.stdout.flush()
        threading.Thread(target=server.run, daemon=True).start()
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
