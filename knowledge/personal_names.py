"""Names of people, by what stands around them: 「私は〜です」, 「〜と申します」, a signature.

Nothing in a word of three kanji says that it is a name, so three degrees of proof are asked for,
by how surely the words around it announce a name: none but a list of words that are no names, a
fair length besides, or a known family name or a common ending of given names.
"""

import re
from collections.abc import Callable, Iterator

from knowledge.personal_data import KANJI, KATAKANA, MASK, Span

_FAMILY_TABLE = """
    佐藤=さとう 鈴木=すずき 高橋=たかはし 髙橋=たかはし 田中=たなか 伊藤=いとう 渡辺=わたなべ
    渡邉=わたなべ 渡邊=わたなべ 山本=やまもと 中村=なかむら 小林=こばやし 加藤=かとう 吉田=よしだ
    山田=やまだ 佐々木=ささき 山口=やまぐち 松本=まつもと 井上=いのうえ 木村=きむら 斎藤=さいとう
    斉藤=さいとう 齋藤=さいとう 清水=しみず 山崎=やまさき 山﨑=やまさき 阿部=あべ 池田=いけだ
    橋本=はしもと 山下=やました 石川=いしかわ 中島=なかしま 前田=まえだ 藤田=ふじた 後藤=ごとう
    小川=おがわ 岡田=おかだ 村上=むらかみ 長谷川=はせがわ 近藤=こんどう 石井=いしい 坂本=さかもと
    遠藤=えんどう 藤井=ふじい 青木=あおき 福田=ふくだ 三浦=みうら 西村=にしむら 藤原=ふじわら
    太田=おおた 松田=まつだ 原田=はらだ 岡本=おかもと 中野=なかの 中川=なかがわ 小野=おの
    田村=たむら 竹内=たけうち 金子=かねこ 和田=わだ 中山=なかやま 石田=いしだ 上田=うえだ
    森田=もりた 酒井=さかい 柴田=しばた 横山=よこやま 宮崎=みやざき 宮本=みやもと 内田=うちだ
    高木=たかぎ 安藤=あんどう 谷口=たにぐち 大野=おおの 丸山=まるやま 今井=いまい 高田=たかだ
    藤本=ふじもと 武田=たけだ 村田=むらた 上野=うえの 杉山=すぎやま 増田=ますだ 平野=ひらの
    大塚=おおつか 千葉=ちば 久保=くぼ 松井=まつい 岩崎=いわさき 桜井=さくらい 野口=のぐち
    松尾=まつお 木下=きのした 野村=のむら 菊地=きくち 佐野=さの 大西=おおにし 杉本=すぎもと
    新井=あらい 浜田=はまだ 濱田=はまだ 古川=ふるかわ 市川=いちかわ 水野=みずの 小松=こまつ
    島田=しまだ 小山=こやま 高野=たかの 西田=にしだ 菊池=きくち 山内=やまうち 西川=にしかわ
    五十嵐=いがらし 北村=きたむら 安田=やすだ 中田=なかた 川口=かわぐち 平田=ひらた 川崎=かわさき
    本田=ほんだ 久保田=くぼた 吉川=よしかわ 飯田=いいだ 沢田=さわだ 辻=つじ 関=せき 林=はやし
    森=もり 原=はら 東=ひがし 岩永=いわなが 浦川=うらかわ 山中=やまなか 松永=まつなが 荒木=あらき
    本村=もとむら 吉村=よしむら 川原=かわはら 田口=たぐち 馬場=ばば 永田=ながた 浜口=はまぐち
    濱口=はまぐち 峰=みね 深堀=ふかほり 片岡=かたおか 田川=たがわ 尾崎=おざき 出口=でぐち
    川上=かわかみ 相川=あいかわ 高比良=たかひら 平山=ひらやま 下田=しもだ 野中=のなか
    山嵜=やまざき 中嶋=なかじま 三宅=みやけ 大久保=おおくぼ 久松=ひさまつ 堀内=ほりうち
    本多=ほんだ 鬼塚=おにづか 長崎=ながさき 大村=おおむら 福島=ふくしま 福岡=ふくおか 佐賀=さが
    見本=みほん 架空=かくう
"""
"""Common family names of Japan and of 長崎, and those of sample forms, with their readings."""
_FAMILIES = dict(pair.split("=") for pair in _FAMILY_TABLE.split())

_KNOWN = frozenset({*_FAMILIES, *_FAMILIES.values()})
_LENGTHS = sorted({len(family) for family in _KNOWN}, reverse=True)
_SINGLE = frozenset(filter(lambda family: len(family) == 1, _FAMILIES))
_PLACE_TABLE = """
    長崎 福岡 佐賀 大村 山口 宮崎 石川 福島 千葉 三重 滑石 茂木 浦上 諫早 佐世保 島原 平戸 五島
    対馬 壱岐 香焼 野母崎 深堀 式見 琴海 三和 外海 伊王島 高島 戸町 小島 稲佐 東長崎 西長崎 西浦上
    南長崎 北長崎 里子 東 西 南 北 林 森 原 関 峰 出口 辻
"""
"""Towns and words that are rather meant as such unless the citizen says 「名前は」."""
_PLACES = frozenset(_PLACE_TABLE.split())

_FULL = 3
"""Characters of the shortest name taken for a family name with a given name."""
_GIVEN_END = re.compile(
    "(?:[子美江代恵香奈菜莉郎朗介助輔夫雄也哉太彦斗翔乃]|.こ|ろう|すけ|ひこ|なえ|のり)$"
)
_SOFT_GIVEN_END = re.compile(
    "[樹輝洋悟弘博浩幸之司志史仁義隆誠豊稔茂勇薫翼蓮湊蒼純淳晃聡彰充拓陽結衣穂紗織平吉一二三]$"
)
"""Endings that nouns share: proof only in a signature below other text."""
_NO_NAME_END = re.compile(
    "[者員民婦業職歳才性症病券証書届課室局署場費料税割険校院県市区町村駅線式型系的録込帯籍身宅族]$"
    "|[中前後内外用側等達様客品物機器]$|(?:です|ます|ない|ません)$"
)
_NO_NAME_TABLE = """
    高齢 障害 障がい 市民 住民 国民 外国 年金 保険 保育 介護 支援 制度 手当 助成 申請 手続 届出
    登録 変更 会社 学校 学生 年生 小学 中学 高校 大学 幼稚 園児 乳児 幼児 児童 妊娠 妊婦 出産 育児
    家庭 世帯 生活 受給 対象 独身 既婚 未婚 離婚 再婚 結婚 婚約 無職 失業 休業 退職 休職 在住 在宅
    在学 在留 出身 勤務 夫婦 同居 別居 一人 二人 三人 四人 家族 主婦 主夫 本人 個人 法人 他人 老人
    成人 成年 病人 主人 友人 恋人 証人 相続 代理 管理 匿名 秘密 不明 未定 未記 空欄 同上 旧姓 新姓
    苗字 名字 漢字 仮名 英語 日本 中国 韓国 台湾 国人 国籍 留学 実習 技能 全員 全部 全角 半角 必要
    不要 必須 任意 可能 無理 無料 有料 大丈夫 心配 不安 不便 不満 反対 賛成 初心 初回 昨日 今日
    明日 今年 来年 去年 昨年 今月 来月 先月 先日 毎日 毎週 現在 以前 最近 普段 結局 一応 正直 実際
    多分 当然 今回 本日 午前 午後 平日 土日 週末 認知 患者 病気 入院 通院 退院 要介 要支 療養 喘息
    糖尿 高血 肝炎 難病 聴覚 視覚 発達 知的 精神 身体 独居 単身 母子 父子 親子 養子 双子 末子 女子
    男子 女性 男性 迷子 妻子 様子 調子 帽子 椅子 障子 扇子 菓子 冊子 電子 原子力 利子 硝子 格子
    梯子 餃子 種子 団子 息子 弟子 補助 扶助 救助 援助 互助 紹介 仲介 厄介 時代 十代 世代 交代 工夫
    線香 会館 会場 場所 住所 氏名 名前 性別 続柄 職業 年齢 印鑑 押印 捺印 連絡 電話 携帯 番号 自宅
    緊急 担当 窓口 受付 担任 先生 課長 係長 市長 部長 会長 生年 月日 日付 日時 記入 確認 訂正 修正
    証明 戸籍 印刷 封筒 書類 用紙 写真 免許 旅券 税金 税額 料金 費用 所得 収入 無効 有効 期限 地震
    台風 原爆 被爆 平和 観光 旅行 引越 転入 転出 転居 転校 粗大 資源 可燃 不燃 分別 回収 収集 家電
    自転車 図書 役所 役場 町内 自治 公務 議員 正社 派遣 自営 農家 漁師 看護 医師 美容 建築 運転
    経営 学習 予定 検討 相談 希望 質問 問合 返信 回答 教示 多数 複数 下記 上記 以下 以上 左記 敬具
    同じ 無し 何 誰 秘 パート アルバイト シングル マザー ファザー フリー ペット サラリ ドライバ
    ニート ワーキング アレルギ ユーザ ファン メンバ ボランティア オーナ リーダ スタッフ エンジニア
    パパ ママ シニア ハーフ カード ナンバー ローマ カタカナ アメリカ ベトナム フィリピン ネパール
    ブラジル インド ミャンマー ロシア フランス ドイツ スペイン ペルー コロナ ニックネーム
    イニシャル サービス センター アプリ ログイン パスワード メール アドレス スマホ リサイクル LINE
    帰国 弁護 通勤 音痴 九州 末期
    水道 開栓 閉栓 延長 予約 処分 修理 故障 工事 漏水 交換 購入 発行 取得 更新
    紛失 解約 休止 再開 配布 配達 苦情 通報 駐車 騒音 道路 公園 街灯
"""
"""Parts of what people say they are, ask for, or write at the end of a message."""
_NO_NAME = re.compile("|".join(_NO_NAME_TABLE.split()))
_KANA_TABLE = """
    まだ なん どこ どう だれ いつ なぜ だめ ねこ いぬ たばこ きのこ そうこ れいぞうこ きんこ
    おしえ ください おねがい お願い よろし ありがと すみません ごめん わから こども ほいく
    てつづき しんせい ほけん ねんきん じてんしゃ びょういん がっこう いりょう ごみ ゴミ ひらがな
"""
"""Kana words stop a name only where they begin a word: 「まだ」 is also in 「やまだ」."""
_NO_NAME_START = re.compile("|".join(_KANA_TABLE.split()))

_KANJI_NAME = rf"[{KANJI}]{{1,4}} [{KANJI}]{{1,4}}|[{KANJI}]{{2,6}}"
_KANA = rf"[{KATAKANA}]"
_NO_GIVEN = "(?!です|だ|でし|とい|とも)"
_NAME = (
    rf"(?:[{KANJI}]{{1,4}} ?{_NO_GIVEN}(?:[ぁ-ん]{{2,4}}|{_KANA}{{2,4}})子?|{_KANJI_NAME}"
    rf"|{_KANA}{{2,10}}(?:[ ・=]{_KANA}{{2,10}}){{0,2}}"
    rf"|[ぁ-ん]{{2,6}} [ぁ-ん]{{2,5}}|[ぁ-ん]{{4,10}})"
)
_SPACED_NAME = rf"[{KANJI}]{{1,3}} [{KANJI}ぁ-んァ-ヴー]{{1,4}}"
_LATIN = r"[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]*){0,3}"
_PERSON_MASKS = "".join(MASK[kind] for kind in ("phone", "email", "address", "birthdate"))
_SAYING = r"と申|ともうし|とい[いう](?!か)|と言[いう](?!か)|っていい"
_ASKED = r"[ 」]?(?:です|でしょう)(?:か|よね|ね)"
"""A question (「対象ですか」) is about a word, not about a name."""
_SELF = r"(?:私|わたし|わたくし|僕|ぼく|俺|自分|当方|本人)"
_KIN = r"(?:夫|妻|主人|父|母|息子|娘|長男|次男|長女|次女|祖父|祖母|子ども|子供)"
_NAME_WORD = r"(?:氏名|名前|なまえ|フルネーム|本名|姓名|世帯主|申請者|契約者|保護者名|名義人?)"
_STOP = rf"[、。,.!()」\n{_PERSON_MASKS}]|\Z| "


def _pattern(before: str, after: str, name: str = _NAME) -> re.Pattern[str]:
    return re.compile(rf"{before}({name})(?!{_ASKED})(?={after})", re.M)


def _kana_folded(name: str) -> str:
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヴ" else c for c in name)


def _family(name: str) -> str:
    """The known family name this starts with, or nothing; 林 and 森 only before a space."""
    folded = _kana_folded(name)
    starts = (folded[:length] for length in _LENGTHS)
    known = next((start for start in starts if start in _KNOWN), "")
    return known if known not in _SINGLE or folded[1:2] in {"", " "} else ""


def _is_possible(name: str) -> bool:
    """No word of the lists is in it, and it does not end like a word for a trade or an office."""
    if _NO_NAME.search(name) or any(map(_NO_NAME_START.match, name.split())):
        return False
    return len(name) < _FULL or name in _FAMILIES or not _NO_NAME_END.search(name)


def _is_likely(name: str) -> bool:
    """Besides, it starts with a known family name or ends like a given name."""
    if name in _PLACES or not _is_possible(name):
        return False
    family = _family(name)
    if family and name[len(family) :].strip(" ・=") not in _PLACES:
        return True
    return len(name) >= _FULL and _ends_given(name)


def _ends_given(name: str) -> bool:
    return bool(_GIVEN_END.search(_kana_folded(name)))


def _is_surely(name: str) -> bool:
    """Family name and given name are both known: enough where nothing announces a name."""
    return _is_likely(name) and bool(_family(name)) and _ends_given(name)


def _is_fair(name: str) -> bool:
    """Three kanji or more that are possible; anything else must be likely."""
    is_long_kanji = re.fullmatch(_KANJI_NAME, name) and len(name) >= _FULL and name not in _PLACES
    return _is_possible(name) if is_long_kanji or "・" in name else _is_likely(name)


def _is_announced(name: str) -> bool:
    """All but listed words are names; unspaced hiragana may be grammar (名前は決まって…)."""
    is_grammar_like = " " not in name and re.search("[ぁ-ん]", name)
    return _is_likely(name) if is_grammar_like else _is_possible(name)


_RULES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        _pattern(rf"{_NAME_WORD}(?:は|が|:|=) ?「?", rf"です|だ|でござ|{_SAYING}|で、|{_STOP}"),
        _is_announced,
    ),
    (_pattern(rf"{_NAME_WORD}[ 、\n「]{{1,2}}", rf"です|{_STOP}"), _is_likely),
    (_pattern(rf"(?:{_NAME_WORD}(?:は|:)|[Mm]y name is) ?", "", _LATIN), _is_announced),
    (_pattern(rf"{_SELF}[は、] ?", rf"です|だ。|でござ|{_SAYING}"), _is_fair),
    (_pattern(rf"(?:{_SELF}|{_KIN})[は、] ?", rf"です|で、|{_STOP}"), _is_likely),
    (_pattern(rf"(?:{_SELF}|{_KIN})の ?", rf"[がはを]|です|で、|{_STOP}"), _is_surely),
    (_pattern(rf"(?<![{KANJI}ァ-ヴー])", r"と申し|ともうし"), _is_announced),
    (_pattern(r"(?:^|(?<=[。、!\n ]))", _SAYING), _is_likely),
    (_pattern(r"(?:^|(?<=[。、!\nの]))", r"です"), _is_surely),
    (_pattern(r"(?:^|(?<=[。、!\n の]))", r"です", _SPACED_NAME), _is_possible),
    (_pattern(r"我(?:叫|是)", _STOP + "|，", rf"[{KANJI}]{{2,4}}"), _is_possible),
    (_pattern(rf"{MASK['name']}[(、 ]{{1,2}}", r"\)"), _is_possible),
    (_pattern(rf"(?<![{KANJI}ァ-ヴー])", "さん|様|さま|くん|ちゃん"), _is_surely),
)
"""What announces a name and the proof it still needs, the surest first."""

_DATE_START = r"(?:19|20)\d\d[年/.-]|[MTSH]\d|(?:大正|昭和|平成)\d"
_SPACED = (
    rf"[{KANJI}]{{1,3}} [{KANJI}]{{1,3}}|[{KANJI}]{{1,3}} [ぁ-んァ-ヴー]{{2,4}}子?"
    rf"|[ぁ-ん]{{2,6}} [ぁ-ん]{{2,5}}|{_KANA}{{2,6}} {_KANA}{{2,5}}"
)
_SIGNATURE = re.compile(
    rf"(?:^|(?<=[。!])|(?P<above>[{_PERSON_MASKS}][ \n])) *(?P<name>{_SPACED}|[{KANJI}]{{3,6}})"
    rf" *(?:より|拝)? *(?:[、,(:]? ?(?P<beside>[{_PERSON_MASKS}]|{_DATE_START})"
    rf"|\n(?P<below>[{_PERSON_MASKS}])|\Z)",
    re.M,
)


def names(text: str) -> Iterator[Span]:
    """Names that the words before or after announce, then those a message is signed with."""
    for pattern, is_proven in _RULES:
        yield from (
            found.span(1) for found in pattern.finditer(text) if is_proven(found[1].strip())
        )
    body = text.strip()
    for found in _SIGNATURE.finditer(text.rstrip()):
        if _is_signed(found, is_only_line="\n" not in body):
            yield found.span("name")


def _is_signed(signature: re.Match[str], *, is_only_line: bool) -> bool:
    """Two words may be a query (長崎 夜景): the fewer other signs, the more the words must show."""
    name = signature["name"]
    if not all(map(_is_possible, [name, *name.split()])):
        return False
    if " " not in name:
        has_neighbour = any(signature[place] for place in ("above", "beside", "below"))
        return has_neighbour and _is_likely(name)
    is_kana = not re.search(f"[{KANJI}]", name)
    if signature["beside"] and not is_kana:
        return True
    if is_only_line and not signature["beside"]:
        return _is_surely(name) if is_kana else _ends_given(name)
    is_family = bool(_family(name)) and _family(name) not in _PLACES
    return is_family or _ends_given(name) or bool(_SOFT_GIVEN_END.search(name))
