"""What binds and what is a report: the whole message must be the command."""

import pytest

from bot.domain.binding_words import Said, Wanted, said_in


@pytest.mark.parametrize("text", ["绑定", " 绑定。", "“绑定”", "我要绑定", "绑定账号"])
def test_wish_for_a_code_is_understood(text: str) -> None:
    assert said_in(text) == Said(Wanted.CODE)


@pytest.mark.parametrize("text", ["解绑", "解绑！", "解除绑定", "取消绑定"])
def test_wish_to_untie_is_understood(text: str) -> None:
    assert said_in(text) == Said(Wanted.UNTIE)


@pytest.mark.parametrize(
    "text",
    ["735201", "７３５２０１", "735 201", "735-201", "“735201”", "绑定码：735201", "绑定735201。"],
)
def test_code_is_found_however_it_is_typed(text: str) -> None:
    assert said_in(text) == Said(Wanted.TIE, "735201")


@pytest.mark.parametrize(
    "text",
    ["", "7352017", "73520", "楼下735201", "狗没绑定好，跑出来了", "绑定的绳子断了", "0012 签收",
     "13900000000", "有人让我绑定银行卡"],
)  # fmt: skip
def test_everything_else_is_somebody_talking(text: str) -> None:
    assert said_in(text) is None
