"""Model of demo.yaml: the made-up corp, robots, app and residents that demo and tests play with.

The simulator reads the same file as plain data; this model lets ``check`` find faults in it.
A real site has no demo.yaml.
"""

from typing import Annotated

from pydantic import Field

from config.shapes import Code, Name, Shape, UserId

_AesKey = Annotated[str, Field(pattern=r"^[0-9A-Za-z+/]{43}$")]
_Path = Annotated[str, Field(pattern=r"^/[0-9A-Za-z/_-]*$")]


class DemoCorp(Shape):
    """The corp that the simulator plays."""

    id: Name
    name: Name


class DemoApp(Shape):
    """The one app (自建应用) of the made-up corp."""

    agentid: int = Field(gt=0)
    secret: Name
    token: Name
    aes_key: _AesKey
    callback: _Path
    contacts_secret: str = ""


class DemoRobot(Shape):
    """A robot (智能机器人): ``socket`` needs a secret, ``callback`` a token, key and path."""

    name: Name
    mode: Annotated[str, Field(pattern="^(socket|callback)$")]
    id: Name
    secret: str = ""
    token: str = ""
    aes_key: _AesKey | None = None
    callback: _Path | None = None
    single: Code


class DemoResident(Shape):
    """A made-up resident and the groups she is in."""

    id: UserId
    name: Name
    grid: Code | None = None
    chats: tuple[str, ...] = ()


class DemoCustomer(Shape):
    """A made-up WeChat customer (微信客户); ``id`` is her external_userid."""

    id: UserId
    name: Name


class DemoKf(Shape):
    """An account of 微信客服 and the people who know it."""

    id: Annotated[str, Field(pattern="^wk[0-9A-Za-z_-]+$")]
    name: Name
    customers: tuple[DemoCustomer, ...] = ()
    servicers: tuple[UserId, ...] = ()


class DemoHook(Shape):
    """A webhook (群机器人) of the made-up corp."""

    name: Code
    chat: str
    key: Name


class Demo(Shape):
    """demo.yaml."""

    corp: DemoCorp
    app: DemoApp
    robots: tuple[DemoRobot, ...]
    residents: tuple[DemoResident, ...]
    kf: tuple[DemoKf, ...] = ()
    hooks: tuple[DemoHook, ...] = ()
