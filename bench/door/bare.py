"""The bare callback (光杆回调): aiohttp, one decryption, one parse, "success"; nothing is kept.

``python -m bench.door.bare AES_KEY``. The measure for the road to our acknowledgement.
"""

import asyncio
import sys

from aiohttp import web

from bench.door.standing import serve
from bench.door.wire import CORP, Cipher, encrypted_in, letter_in

PATH = "/"


def application(cipher: Cipher) -> web.Application:
    """One route."""

    async def post(request: web.Request) -> web.Response:
        letter = letter_in(cipher.open(request.query, encrypted_in(await request.read())))
        return web.Response(text="success" if letter["MsgId"] else "")

    app = web.Application()
    app.router.add_post(PATH, post)
    return app


if __name__ == "__main__":
    asyncio.run(serve(application(Cipher(sys.argv[1], CORP))))
