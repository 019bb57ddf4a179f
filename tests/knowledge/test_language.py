"""Which language a message is taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language import detect

MESSAGES = {
    "ja": """
    住民票 / 住民票 手数料 / 国民健康保険加入手続 / 児童手当 金額 / 市民税 納付期限 / 戸籍謄本 郵送請求 / 粗大
    eLTAX / PayPay / PDF / LINE / Wi-Fi / PayPay 納税 / Wi-Fi 図書館 / LINE 友達 / QRコード / IC card / DV
    ごみの日 / ゴミ / ｺﾞﾐ / じゅうみんひょう / gomi / sodai gomi / juminhyo / gomi no hi / マイナンバー / 😊 / 123 /
    passport申請 / SNS相談 / 外国人登録 / 在留資格 / 年金 免除 / 多目的広場 / 公的年金 / 不在者投票 / 髙島 﨑戸 /
    韓国語(한국어)で相談できますか / 中国語の「你好」講座 / 我慢できない / 英語 English 相談
    e-Tax / ok / OK / A / NHK /
    https://www.city.nagasaki.lg.jp/ / foo@example.jp / 給付金 対象
    長崎市役所 電話番号 / BCG 予防接種 / eLTAX 法人市民税 /
    Google Chrome / iPhone / mynaportal / 自家用車 / 可燃
    要介護 / 介護保険料 何歳 / Amazon Pay 納付 / AI / LGBT""",
    "en": """
    hello / How do I throw away trash? / garbage / where is city hall / thank you so much! / I want to move
    HOW TO GET A PASSPORT / my number card / What is 住民票? / How to get 国民健康保険 / tax payment / What is PDF
    can I pay with PayPay? / do you have Wi-Fi / help
    human please / bulky waste pickup / nursery school / who are you?
    resident certificate / I'm pregnant / English support
    moving out notification / bus pass for seniors / good morning
    vaccine / disaster alert email / trash day Sumiyoshi / I lost my card / address change / When is the bus""",
    "zh": """
    你好 / 请问垃圾怎么扔 / 我想申請護照 / 可以用信用卡吗
    谢谢 / 市役所在哪里 / 怎么办住民票 / 我要交税 / 國民健康保險怎麼加入
    垃圾 / 搬家手续 / 健康保险 / 请说中文 / 多少钱 / 孩子上学 / 您是谁 / 哪裡可以打疫苗 / 住民票可以在便利店取吗
    在留卡丢了怎么办 / 不会日语 / 没有印章 / 转人工 / 人工服务吗 / 我的名字 / 沒有錢 / PayPay可以吗 / LINE 怎么用
    國保的問題請問""",
    "ko": """
    안녕하세요 / 쓰레기 버리는 날 / 여권 신청 / 주민표 住民票 어떻게 / 국민건강보험 / 감사합니다 / ㅋㅋ / 이사했어요
    누구세요? / LINE 안돼요 / 시청 몇 시까지 해요? / 도와주세요
    外国人登録 하고 싶어요 / 아이 학교 / 세금 / PayPay 돼요?""",
}


def _messages(table: str) -> list[str]:
    parts = (part.strip() for line in table.splitlines() for part in line.split(" / "))
    return [part.removesuffix(" /") for part in parts if part]


CASES = [(said, language) for language, table in MESSAGES.items() for said in _messages(table)]


@pytest.mark.parametrize(("message", "language"), CASES)
def test_a_message_is_taken_for_the_language_it_is_written_in(message: str, language: str) -> None:
    assert detect(message) == language


@pytest.mark.parametrize("message", ["", " ", "\ud800", "?", "ー"])
def test_without_a_letter_it_is_japanese(message: str) -> None:
    assert detect(message) == "ja"


@given(st.text(max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    assert detect(text) in MESSAGES


@given(
    st.text(alphabet="あいうえおカキクケコ漢字住民票abc", min_size=1, max_size=40).filter(str.strip)
)
def test_kana_make_it_japanese(text: str) -> None:
    assert detect(text + "ですか") == "ja"
