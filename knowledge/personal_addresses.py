"""The shapes of postal addresses: a lot number first, then the place names in front of it.

The number is looked for first because place names have no shape of their own; what stands before
it must then end in a city, a town or a 丁目. A town without a lot number is no personal data.
"""

import re
from collections.abc import Iterator

from knowledge.personal_data import KANJI, KATAKANA, Span

_LOOK_BACK = 32
"""Longest place name considered, in characters: 「長崎県西彼杵郡…郷字…」 fits."""

_NUMBER = r"(?:\d{1,5}|[〇一二三四五六七八九十百]{1,5})"
_CHOME = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_JOIN = r" ?(?:番地の?|番の?|号の?|[-ーの]) ?"
_BUILDING_WORD = (
    "(?:ハイツ|マンション|アパート|コーポ|メゾン|ビル|荘|団地|住宅|寮|タワー|レジデンス|ハウス|パレス|コート"
    "|ヴィラ)"
)
_ROOM = r"(?:[A-Z]|\d{1,2})?号?棟? ?(?:[A-Z][- ]?)?\d{1,4}(?: ?号室?|F|階)?"
_UNIT = (
    " ?(?:(?:mm|cm|m|km|g|kg|L|GB)(?![A-Za-z])|[%:~〜]|か月|カ月|か所|カ所|キロ|センチ|ミリ"
    "|メートル|リットル|グラム|パーセント|ページ|ポイント|ドル|人|円|歳|才|個|枚|袋|丁目)"
)
_AFTER = (
    rf"(?![-ー.の]?\d|[つこ]|{_UNIT})"
    rf"(?:(?![{KANJI}])|(?=在住|付近|周辺|近辺|近く|電話|携帯|宛|方[^法]))"
)
"""A kanji right after a number makes it a quantity (2袋); so do the units in kana and letters."""
_NAMED = rf"[{KANJI}{KATAKANA}A-Za-z・' ]"
_ROOM_OR_NONE = rf"(?: ?{_ROOM}(?!\d)|(?! ?\d))"
_BUILDINGS = (
    rf"[ 、の\n]{{0,2}}{_NAMED}{{0,12}}{_BUILDING_WORD}"
    rf"[{KANJI}{KATAKANA}A-Za-z]{{0,8}}{_ROOM_OR_NONE}",
    rf"[ 、\n]{{0,2}}(?![にのではがをと])[ぁ-ん]{{2,6}}{_BUILDING_WORD}{_ROOM_OR_NONE}",
    rf"[ 、の]{{0,2}}[{KATAKANA}A-Za-z・']{{2,15}} ?{_ROOM}(?!{_UNIT}| ?\d)",
    rf" ?{_ROOM}(?<=号室)",
    rf" [A-Z]?[- ]?\d{{3,4}}(?!\d|[{KANJI}]|{_UNIT})",
)
"""With a word for a building; in kana or letters with a room; the room alone."""
_LOT = re.compile(
    rf"(?<!\d)(?P<chome>{_CHOME} ?丁目 ?の? ?)?{_NUMBER}(?P<rest>(?:{_JOIN}{_NUMBER}){{0,3}})"
    rf"(?P<end>(?: ?(?:番地|番|号))?)(?:(?:{'|'.join(_BUILDINGS)}){_AFTER}|{_AFTER})",
    re.A,
)

_TEXT = rf"[{KANJI}{KATAKANA}]"
_KANA_TOWN = "つつじが丘|かき道|さくらの里|みなと坂|けやき台|女の都|矢の平|新小が倉"
_LINKED = rf"(?:{_TEXT}|[のがつ](?={_TEXT})|{_KANA_TOWN}){{1,14}}"
_PREFECTURE = rf"(?:東京都|北海道|京都府|大阪府|[{KANJI}]{{2}}県|(?:神奈川|和歌山|鹿児島)県)"
_KANA_CITY = "さいたま|いわき|つくば|うるま|みやま|あわら|えびの|南さつま|さぬき|にかほ"
_NO_CITY = "役所|内|民|営|外|街|長|議|政|道|税|販|間|域|立(?![山神岩])"
"""市役所, 市内, 市民, 市立 …: the word goes on, so no place name ends here."""
_MUNICIPALITY = (
    rf"(?:(?:[{KANJI}]{{1,5}}?|{_KANA_CITY})(?:市|(?<![地校学])区)(?!{_NO_CITY})"
    rf"|[{KANJI}]{{1,5}}?郡)"
)
_NO_PARTICLE = r"(?!から|まで|より|など|とか|です|[のはでにをへや])"
_WIDE_TAIL = rf"{_NO_PARTICLE}(?:[ぁ-ん]{{2,5}})?(?: ?{_LINKED}){{0,2}} ?\Z"
_WIDE_HEADS = (
    re.compile(rf"(?:{_PREFECTURE} ?(?:{_MUNICIPALITY} ?)?|長崎市(?!{_NO_CITY}) ?){_WIDE_TAIL}"),
    re.compile(rf"{_MUNICIPALITY} ?{_WIDE_TAIL}"),
)
"""The prefectures first: nothing else tells where the name starts in 「住所東京都港区」."""
_TOWN_HEAD = re.compile(
    rf"(?:(?:{_TEXT}{{1,7}}|[{KANJI}]{{1,3}}[のがつ]{_TEXT}{{0,3}}|(?:{_KANA_TOWN}))[町村郷]) ?\Z"
)
_CHOME_HEAD = re.compile(rf"(?:{_KANA_TOWN}|{_TEXT}{{1,7}}) ?\Z")
_BARE_HEAD = re.compile(rf"(?:{_KANA_TOWN}|{_TEXT}{{2,5}})\Z")
_NO_BARE_HEAD = re.compile(
    "(?:施策|事業|項目|様式|資料|取組|取り組み|番号|別紙|別表|問|表|図|章|節|条|号|版|昭和|平成|令和|午前|午後"
    "|西暦|バス|路線|館|校|園|駅|課|室|科|組|班|部|線|型|式|電話|携帯|回|計画|リスト|コード|スコア|サイズ|バージョン)$"
)
_DATE_LIKE = re.compile(r"(?:19|20)\d\d[-ー]|\d{1,2}月", re.A)
_LEAD = re.compile(
    "(?:(?:現|新|旧)?住所|自宅|実家|転居先|転出先|転入先|引越先|本籍地?|送付先|所在地|勤務先|昨日|今日|先月|今月"
    "|来月|去年|今年|来年|現在|私)[ :]?"
)
_POSTAL_BEFORE = re.compile(r"(?<!\d)(?:〒 ?)?(?<!\d)\d{3}[-ー ]?\d{4}[ 、,\n]{0,2}\Z", re.A)
_POSTAL = re.compile(r"〒 ?\d{3}[-ー ]?\d{4}(?!\d)", re.A)
_NAMED_POSTAL = re.compile(r"郵便番号[はが: ]{0,2}(\d{3}[-ー ]?\d{4})(?!\d)", re.A)


def addresses(text: str) -> Iterator[Span]:
    """Addresses from the postal mark, or the widest place name, to the room number."""
    for lot in _LOT.finditer(text):
        before = text[max(0, lot.start() - _LOOK_BACK) : lot.start()]
        head = _head(before, lot)
        if head is not None:
            yield lot.start() - len(before) + head, lot.end()
    yield from (found.span() for found in _POSTAL.finditer(text))
    yield from (found.span(1) for found in _NAMED_POSTAL.finditer(text))


def _head(before: str, lot: re.Match[str]) -> int | None:
    """Where in `before` the place name starts that makes this number an address, if any."""
    found = next((head for head in _heads(before, lot) if head), None)
    if found is None:
        return None
    lead = _LEAD.match(found[0])
    start = found.start() + (lead.end() if lead and lead.end() < len(found[0].rstrip()) else 0)
    postal = _POSTAL_BEFORE.search(before, 0, start)
    return postal.start() if postal else start


def _heads(before: str, lot: re.Match[str]) -> Iterator[re.Match[str] | None]:
    """The less a number looks like a lot, the more the words before it must look like a place."""
    is_lot = bool(lot["chome"] or lot["rest"] or "番地" in lot["end"])
    if is_lot or before.endswith(("町", "村", "郷")):
        yield from (head.search(before) for head in _WIDE_HEADS)
    if is_lot:
        yield _TOWN_HEAD.search(before)
    if lot["chome"]:
        yield _CHOME_HEAD.search(before)
    if len(re.findall(_NUMBER, lot["rest"])) > 1 and not _DATE_LIKE.match(lot[0]):
        bare = _BARE_HEAD.search(before)
        yield bare if bare and not _NO_BARE_HEAD.search(bare[0]) else None
