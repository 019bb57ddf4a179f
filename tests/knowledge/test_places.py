"""When a question is about another municipality, and when a place is only mentioned."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.places import FILE, other_municipality
from knowledge.tokens import Tokenizer

TOKENIZER = Tokenizer()
MIN_FOUND = 0.95
MAX_FALSE = 0.02

ELSEWHERE = """
福岡市の粗大ごみの申込みは？ / 諫早市の燃えるごみの日 / 佐世保市役所って何時まで / 大村の保育園の空き
広島の原爆資料館の入館料 / 熊本の市電クレカ使える / 時津町の水道の開栓 / 東京都の都民税 / 長与町の転入届
佐世保で粗大ごみ出したい / いさはやのごみのひ / さいたま市 住民票 / 長与の水道料金 / 時津のごみ収集カレンダー
島原市の国民健康保険の窓口 / 雲仙市役所の電話番号 / 五島市の移住支援金 / 対馬市の住民票は郵送できますか
壱岐市の図書館の開館時間 / 平戸市の子ども医療費
松浦市役所の場所 / 西海市の水道を止めたい / 南島原市のパスポート申請
新上五島町役場は土曜開いてますか / 波佐見町のごみ袋はどこで買えますか / 川棚町の住民税 / 東彼杵町の保育料
佐々町の学童 / 小値賀町の空き家バンク
佐世保市の燃やせるごみは何曜日？ / ｻｾﾎﾞｼのゴミの日 / させぼしやくしょのでんわばんごう
大村市って粗大ごみいくら / 諫早の図書館何時まで
福岡市の地下鉄のカード決済 / 北九州市の市営住宅の申込み / 熊本市の市民病院
鹿児島市の市電の一日券 / 大分市の粗大ゴミ / 宮崎市の児童手当
佐賀市の子育て支援 / 佐賀県の県民税 / 福岡県の自動車税
大阪市の生活保護 / 横浜市の粗大ごみ受付 / 名古屋市のごみ分別 / 京都市の宿泊税 / 神戸市の水道局 / 札幌市の雪かき
世田谷区の住民票 / 渋谷区役所の場所 / 東京の都営住宅に応募したい / 大阪府の高校授業料無償化 / 沖縄県の県営住宅
久留米市の住民票の取り方 / 住民票の取り方 久留米市 / 粗大ごみ 佐世保 / 佐世保 ごみの日 / 諫早市 ごみ カレンダー
おおむらしのほいくえん / ながよちょうのごみ
とぎつの水道 / 佐世保市は高校生の医療費無料ですか / 長崎県佐世保市の粗大ごみ
諫早市の粗大ごみの出し方ば教えて / 大村の市民プールはいくらね
福岡の動物園の料金 / 諫早市の職員採用 / 佐世保市立図書館の休館日
島原の温泉給湯の水道料 / 雲仙市の固定資産税
仙台市の印鑑証明 / 広島市の平和記念式典の参加方法 / 佐世保のハザードマップ
大村市では燃えるごみは何曜日ですか / 時津町の国保税
長与町の図書館の予約 / 佐世保市の選挙の投票所 / 福岡市役所の開庁時間
佐世保市における補助金 / 北海道の移住補助金 / 港区のコミュニティバス / 諫早の体育館予約 / 大村市の転出届の書き方
""".strip()
"""Matters of another municipality or prefecture; 「 / 」 parts the messages."""

HERE = """
福岡市から引っ越してきました / 佐世保に転出します / 東京の大学に行く息子の国保 / 福岡の実家から住民票を取りたい
大阪にいる母の介護 / 諫早の病院で予防接種を受けたい / 県外の里帰り出産 / 広島で被爆した祖父の手帳 / 本籍が佐賀です
東京から観光に行きます / 博多から長崎までタッチ決済 / 大村湾 / 佐賀出身 / 五島町のごみの日 / 西海町の燃えるごみ
宮崎町の資源ごみはいつ / 三重の公民館 / 東長崎の地域センター
野母崎の水仙 / 香焼のごみ / 伊王島の温泉 / 高島の海水浴場
三和地域センターの電話番号 / 外海の道路 / 琴海の図書室 / 茂木の支所 / 式見のバス / 池島に行きたい / 長崎市のごみの日
長崎県の県営住宅 / 長崎の粗大ごみ / 長崎市役所の場所
中国籍です 在留カード / 韓国の友人を呼びたい / ベトナム人の相談窓口
諫早に引っ越すので転出届を出したい / 佐世保市へ転出する手続き
大村から転入した 国保の手続き / 熊本県から転入しました
福岡に単身赴任するけど住民票は？ / 東京に住んでいる息子の扶養
大阪に住む父の戸籍を取りたい / 諫早の職場に通っています 保育園
佐世保の学校に通う子どもの医療費 / 大村の会社に就職した 国保をやめたい
福岡の病院に入院 高額療養費 / 佐賀の友達が泊まる 観光案内
島原の母が長崎に引っ越してくる / 諫早市の保育園に通わせたい 広域入所
長与町から長崎市に転入 / 時津町に家を買ったので引っ越します
東京で戸籍を取りたい / 福岡で住民票をコンビニで取れる？
東京在住です 戸籍を郵送で / 出生地が熊本です / 佐賀県の人ですが結婚届を出したい
福岡さんに電話したい / 宮崎さんはいますか / 担当の山口さん
大分前に申請しました / 大分よくなりました / 佐々木です 住民票
五島うどんを食べたい / 島原半島への観光 / 佐世保バーガー
福岡空港までのバス / 大村空港行きのバス / 佐世保線 / 平戸大橋
京都の人に送る戸籍 / 今日とあしたのごみ / ならいごと
さがしています 保育園 / いきたい図書館 / みえないところのごみ / 再開はいつ
さいかいはいつですか / 強盗対策 / さがのせき / 天神町の道路
出島町の駐車場 / 浜町の商店街 / 住吉のごみ / 新戸町の公民館 / 平野町の資料館
原爆資料館の入館料 / ごみの日 / 住民票 / 市電でクレカ使える / 児童手当
図書館 / 国保の手続き / 転入届 / 県外から転入 / 市外に転出する
他市から引っ越し / 別の市の予防接種 / 都会から移住したい
東京一極集中 / 東京タワーの写真 / 千葉の叔父が亡くなった 相続 / 広島生まれです
被爆二世 広島 / 福岡県警 / 北海道旅行で財布をなくした
大阪万博 / 沖縄戦 / 熊本地震の義援金 / 熊本地震の寄付をしたい
引っ越し前の佐世保市で払った税金 / 前に住んでた諫早市の税金と長崎市の税金
福岡市でもらったマイナンバーカードの住所変更 / 東京の業者に頼みたい
諫早から通勤 / 佐世保まで電車
大村のボートレース帰り 長崎市のバス / 東京本社の会社 法人市民税 / 本社が福岡市 長崎市の入札に参加
県外に住む親の介護認定 / 福岡の大学生の息子 国民年金
長崎と佐世保の違い / 神戸から移住 補助金 / 長崎市と福岡市を結ぶバス
大村市に住んでいて長崎市に通勤 保育園に預けたい / 佐世保の兄が亡くなりました 死亡届
姉が諫早にいます 代理で住民票 / 市民農園
都市計画 / 区役所はどこ / 町内会 / 県庁の場所 / 府中刑務所 / 中央公民館
南公民館 / 北公民館 / 東公園 / 松山町のプール / 高平町 / 川口町の市場
""".strip()
"""What citizens of 長崎市 ask, with a place somewhere in it."""


def _messages(table: str) -> list[str]:
    return [part.strip() for line in table.splitlines() for part in line.split(" / ")]


def test_another_places_matters_are_noticed() -> None:
    questions = _messages(ELSEWHERE)

    missed = [q for q in questions if other_municipality(q, TOKENIZER) is None]

    assert len(missed) <= (1 - MIN_FOUND) * len(questions), missed


def test_a_place_that_is_only_mentioned_is_let_pass() -> None:
    questions = _messages(HERE)

    named = {q: other_municipality(q, TOKENIZER) for q in questions}

    false = {q: name for q, name in named.items() if name}
    assert len(false) <= MAX_FALSE * len(questions), false


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("佐世保で粗大ごみ出したい", "佐世保市"),
        ("いさはやのごみのひ", "諫早市"),
        ("ｻｾﾎﾞｼのゴミの日", "佐世保市"),
        ("長崎県佐世保市の粗大ごみ", "佐世保市"),
        ("博多の地下鉄", "福岡市"),
        ("福岡の動物園の料金", "福岡"),
        ("福岡市の動物園の料金", "福岡市"),
        ("東京の都営住宅", "東京都"),
        ("三重県の県税", "三重県"),
        ("上五島の航路", "新上五島町"),
    ],
)
def test_the_other_place_is_named_as_the_citizen_means_it(question: str, name: str) -> None:
    assert other_municipality(question, TOKENIZER) == name


@pytest.mark.parametrize(
    ("mentioned", "meant"),
    [
        ("諫早から引っ越してきた ごみの日", "諫早市のごみの日"),
        ("大村の病院で予防接種", "大村の市民病院の予約"),
        ("五島町のごみの日", "五島市のごみの日"),
        ("三重の公民館", "三重県の県民税"),
        ("大村湾の水質", "大村の水道"),
        ("諫早市民ですが入館料は無料ですか", "諫早の資料館の入館料"),
        ("広島の人と結婚 婚姻届", "広島市の人口"),
    ],
)
def test_the_words_around_the_place_decide(mentioned: str, meant: str) -> None:
    assert other_municipality(mentioned, TOKENIZER) is None
    assert other_municipality(meant, TOKENIZER)


def test_every_town_of_the_city_is_its_own(shared_data: Path) -> None:
    towns = json.loads((shared_data / "towns.json").read_text(encoding="utf-8"))["towns"]

    taken = [t["town"] for t in towns if other_municipality(f"{t['town']}のごみの日", TOKENIZER)]

    assert taken == []


def test_the_towns_are_listed_with_their_source() -> None:
    text = FILE.read_text(encoding="utf-8")

    assert "Geolonia 住所データ, CC BY 4.0" in text
    assert len(yaml.safe_load(text)["own"]) > 300


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    other_municipality(text, TOKENIZER)
