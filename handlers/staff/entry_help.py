"""What the edit form says beside each field: all its words in one place, to be proof-read."""

from typing import get_args

from wtforms import SelectChoice

from knowledge.entry import CATEGORIES, CONFIDENCE_WORDS, FIELD_WORDS, Audience

CATEGORY_CHOICES = [SelectChoice(name) for name in CATEGORIES]
AUDIENCE_CHOICES = [SelectChoice(name) for name in get_args(Audience)]
CONFIDENCE_CHOICES = [SelectChoice(*choice) for choice in CONFIDENCE_WORDS.items()]
LANGUAGES = {"en": "英語", "zh": "中国語", "ko": "韓国語"}

DATE = "2027-03-31 のように書きます。"
TITLE = "市民が見てすぐ分かる、短い言葉で。例：粗大ごみの申込み"
CATEGORY = "LINEのメニューで、どこに入れるかを選びます。"
AUDIENCE = "あてはまるものをすべて選びます。"
SUMMARY = "まず結論を書きます。これだけ読んでも用が足りるように。"
BODY = "対象・持ち物・手順・料金・時間などを書きます。出典にない番号・金額・日付は書けません。"
PHRASINGS = (
    "市民がどう尋ねるかを、話し言葉のまま書きます。多いほど見つかりやすくなります（10個以上）。"
)
DEPARTMENT = "市民が尋ねる先です。部と課の名前を書きます。"
PHONE = "例：095-822-8888"
HOURS = "例：8:00〜20:00"
LINKS = "市民に示すページです。https:// で始まり、出典に載っている住所だけを書けます。"
LINK_LABEL = "ボタンに出る言葉です。例：申込みのページ"
LINK_URL = "https:// で始まる住所を書きます。"
LINK_SOURCE = "下の「出典」にある住所を、そのまま書きます。"
PLAN = "長崎市DX推進計画の事業と関係があるときに選びます。市民には、計画の中のこととして伝えます。"
AVAILABLE_SINCE = "すでに使えると公式に発表されているときだけ書きます。"
AVAILABLE_SOURCE = "下の「出典」にある住所を、そのまま書きます。"
EASY_JA = "日本語を学んでいる人や子どものための文です。短い文で、漢字には（よみ）をつけます。"
TRANSLATIONS = "訳があるときだけ書きます。数字や番号は日本語の文と同じにします。"
RELATED = "この答えのあとに案内する、ほかの項目です。項目の名前（英数字）を書きます。"
OWNER = "内容が正しいかを確かめる課です。"
REVIEW_BY = f"この日までに内容を確かめ直します。{DATE}"
VALID_UNTIL = f"この日を過ぎると、自動で公開を終えます。{DATE}"
SOURCES = (
    "上に書いた事実が、どこに書かれているかです。番号・金額・日付は、ここにあるものだけ使えます。"
)
SOURCE_VALUE = "書かれていることを、そのまま写します。"
SOURCE_URL = "ページの住所か、書類の名前。例：https://www.city.nagasaki.lg.jp/"
SOURCE_DATE = "例：2026-04（広報ながさき）"

DOCUMENT = {
    name: "担当課・電話番号・受付時間" if name == "contact" else FIELD_WORDS[name]
    for name in (
        "title", "category", "audience", "summary", "body", "phrasings", "contact", "links", "plan",
        "available", "easy_ja", "translations", "related", "owner", "review_by", "valid_until", "sources",
    )
}  # fmt: skip
"""The fields of an entry, in the order of the form."""

NEW_PHRASINGS = "市民がどう尋ねるかを、話し言葉のまま書きます。あとから足せます。"
ENTRY_ID = (
    "住所などに使う名前です。あとから変えられません。空けておくと、題名の読みから作ります。"
    "例：sodai-gomi"
)
