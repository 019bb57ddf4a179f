"""What is only small talk, and what asks for a service in the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.smalltalk import detect
from knowledge.tokens import Tokenizer

TOKENIZER = Tokenizer()
MIN_HEARD = 0.95
MAX_FALSE = 0.02

SMALL_TALK = {
    "greeting": """
    こんにちは / コンニチワ / ｺﾝﾆﾁﾊ / こんにちは😊 / おはよー☀ / お早うございます / おはようさん
    こんばんは / こんばんわ〜 / はじめまして友だち追加しました / 初めまして。よろしくお願いします
    もしもし / おやすみ〜💤 / hello / Hi! / good morning / 你好 / 您好 / 안녕하세요 / 안녕
    はじめまして、友達登録しました！ / やあ / どーもこんちは / よろしくね / ごきげんよう
    おはよぉございまぁす / Ｈｅｌｌｏ / おーい / 久しぶりですね / さようなら / こん🌟にち🌟は
    お晩です / good evening / 早上好 / また来ます、おやすみなさい""",
    "thanks": """
    ありがとう！助かった / ありがとさん / さんきゅー / サンキューです / thank you so much! / thanks
    だいたい分かったばいありがとさん / ありがとうございました / ｱﾘｶﾞﾄｳ / アリガトー / ありがとね〜🙏
    どうもありがとうございます。とても助かりました / 助かりました / たすかったー / 有難うございます
    謝謝 / 谢谢 / 감사합니다 / 고마워요 / Thank you / わかりました。ありがとうございます / あざす
    教えてくれてありがとう / 丁寧にありがとうございました / ほんと助かったばい / すごい！ありがとう
    恐れ入ります / ご親切にどうも / おおきに / あんがと / 感謝します / thx / よく分かりました、どうもね""",
    "ack": """
    りょ / OK / ok👌 / オッケー / 了解 / 了解です / りょうかいしました / わかりました / 分かった / わかったばい
    なるほど / なるほどね〜 / うん / うんうん / はーい / はい / 承知しました / そうなんだ / そうですか / ほうほう
    へえ / ふーん / かしこまりました / よかよか / わかったけん / そっか / 大丈夫です / I see / 好的
    네 / 알겠습니다 / 明白了 / 理解しました / オーケー / 結構です / そうやね / りょーかい👍""",
    "who": """
    君の名前は？ / あなたはAIですか人間ですか / だれ / ボット？ / あなたは誰ですか / 誰ね / お名前教えて
    あんた誰ね？ / ロボットですか / AIなの？ / 人間が答えてるんですか / 中の人はいますか / who are you?
    what is your name / are you a robot / 你是谁 / 누구세요? / どなたですか / ボットと話してるの？
    これってＡＩですか / おまえはだれだ / あなたは人ですか？
    きみはろぼっと？ / チャットボットですか / 自己紹介して""",
    "ability": """
    何ができると？ / なんば聞けると / 何ができますか
    なにができるの？ / どんなことが聞けますか / 使い方 / 使い方教えて
    使い方がわからない / 何を聞いたらいい？ / なんば聞いたらよかと / ヘルプ / help / メニュー / what can you do?
    どうやって使うの / 何を教えてくれるの / なんができるとね / 你能做什么 / 뭐 할 수 있어요? / つかいかたおしえて
    このLINEで何ができますか / どういう質問ができますか / なんでも聞いてよかと？ / ナニガデキル""",
    "person": """
    人と話したい / 職員につないで / オペレーター / 電話で話したい / human please / 人に代わって / 担当者と話がしたい
    人間と話したいです / 職員と話したかとけど / 職員さんお願いします / 電話したい / 直接話したい / ひととはなしたい
    オペレータにつないでください / 有人チャット / AIじゃなくて人間に聞きたい / ロボットじゃ話にならん、人ば出して
    can I talk to a person? / I want to speak to someone / 転人工
    我想和人说话 / 상담원 연결해 주세요 / 係の人を出して
    ボットじゃなくて人がいい / 電話で聞きたかとばってん""",
    "stop": """
    やめて / 配信停止 / もう送らんで / ブロックする / 送らないでください / 配信を停止してください / もういい
    ストップ / stop / やめんね / もう送ってこないで / ブロックします / 友だち解除 / しつこい
    unsubscribe / 退会したい / もうよか / やめてください / おくらんでよか / 不要再发了 / 그만 보내세요""",
    "insult": """
    ばか / バカ / 馬鹿 / 役立たず / 使えん / うざい / 死ね / あほ / 使えないボットだな / ポンコツ / くそボット
    ばかたれ / 全然使えんやっか / バカじゃないの / うざか / お前アホか / つまらん / きもい / 役に立たんね
    くそ / 頭悪いな / stupid / you are useless / 笨蛋 / 바보 / やくたたず / ﾊﾞｶ / 使えねー / しねや""",
    "test": """
    テスト / てすと / test / あ / ああああ / テストです / てすてす / テスト送信 / テスト中 / 動作確認 / TEST
    ﾃｽﾄ / test test / テストテスト / あいうえお / テストメッセージです
    送信テスト / a / asdf / てすと〜 / 测试 / 테스트""",
}
"""Small talk by its intent; 「/」 parts the messages."""

SERVICE = """
ありがとう。あと住民票は？ / 助かった、次はごみの日教えて / 子どもの名前 / 人間ドック / テスト勉強の場所
配信停止したい市のLINEの通知
こんにちは、国保の手続きを教えてください / おはようございます ごみの収集は今日ありますか
はじめまして。転入届はどこで出せますか / はい、粗大ごみです / 了解、では印鑑登録は？ / 名前を変えたい / 氏名の変更
誰が対象ですか / だれでも使えますか / 誰に相談すればいい / 職員採用試験 / 市の職員になりたい / 職員の給与
電話リレーサービス / 電話で予約したい 健診 / 人権相談
人口は何人 / PayPay使えん / カードが使えない / マイナカードで何ができますか
コンビニで何が取れる / ロボットプログラミング教室 / AI講座はありますか
オペレーター募集 / 国保をやめたい / 水道を止めて
水道ばやめたか / 自治会をやめたい / ブロック塀の補助金
ブロック塀 / 学力テスト / 耐震テスト / テストの日は保育園休みですか
ハローワーク / 挨拶運動 / 感謝状の推薦 / 墓じまい
はか / うんどうじょうの予約 / うん、住民票 / こんばんは。夜間急患センターは
あかちゃん / あの、ごみなんですけど / メニュー表の営業許可 / 学校給食のメニュー / 献立 / 使い捨てカイロの捨て方
使い方 マイナポータル / アプリの使い方 / 施設の使い方を教えて
ありがとう以外に書類は必要ですか / 猫が死んだ / 死亡届
ばかに高い水道代 / くそみたいな臭いがする下水 / 浄化槽のくみとり
うるさい隣の犬 / しつこい勧誘の電話 / 迷惑電話をブロックしたい
市公式LINEの配信を停止したい / 長崎市のLINEブロックしたら通知来ない？
LINEのテスト配信の日 / 人に会わずに手続きしたい
外国人の相談 / 人間関係の悩み / 名前のない郵便物 / 代理人でもいいですか / 誰でもいいですか / いつでもいいですか
今日はごみの日ですか / 何時まで / いつまで / どこでできますか
いくらですか / 無料ですか / 予約はいりますか / 何が必要ですか
hello how do I get a passport / thank you, where is city hall? / help me with my tax / where to throw trash
你好，请问垃圾怎么扔 / 谢谢，那护照呢 / 안녕하세요 쓰레기 버리는 날 / 감사합니다 주민표는? / にほんごきょうしつ
ありがとう 3 / ok住民票 / ３ / 検査 / ペースメーカーのテスト / 解除 避難指示 / 停止 児童手当 / 警報の解除
なるほど。で、いくら払うの税金 / わかりました、では持ち物は
そうなんですね 予約は要りますか / 大丈夫です印鑑はあります 次は
助けてほしい / たすけて / 死にたい / お金がない
困っています / やめたい会社の相談 / 人がいない空き家 / 話し相手がほしい高齢者
AIオンデマンド交通 / チャットで相談できますか 子育て / おやすみの日のごみ
休みはいつ / よかとこ紹介 観光 / はじめての出産
友だち追加のしかた / 友だち登録は必要ですか
よろしくお願いします、粗大ごみの件です / 動作確認済みの機種 マイナンバー / いいえ
名前は何ですか 市長の / 市長の名前は / 市長は誰 / 市長はだれですか / 助かる制度はありますか / 馬鹿にされた いじめ
"""
"""Questions for the city: none of them is small talk."""


def _messages(table: str) -> list[str]:
    return [part.strip() for line in table.strip().splitlines() for part in line.split(" / ")]


@pytest.mark.parametrize("intent", SMALL_TALK)
def test_small_talk_is_heard_in_any_spelling(intent: str) -> None:
    said = _messages(SMALL_TALK[intent])

    missed = [message for message in said if detect(message, TOKENIZER) != intent]

    assert len(missed) <= (1 - MIN_HEARD) * len(said), missed


def test_service_questions_are_no_small_talk() -> None:
    questions = _messages(SERVICE)

    heard = {question: detect(question, TOKENIZER) for question in questions}

    false = {question: intent for question, intent in heard.items() if intent}
    assert len(false) <= MAX_FALSE * len(questions), false


@pytest.mark.parametrize(
    "question",
    [
        "ありがとう。あと住民票は？",
        "助かった、次はごみの日教えて",
        "子どもの名前",
        "人間ドック",
        "テスト勉強の場所",
        "配信停止したい市のLINEの通知",
    ],
)
def test_a_question_beside_or_behind_the_words_counts(question: str) -> None:
    assert detect(question, TOKENIZER) is None


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("こんにちは、何ができますか", "ability"),
        ("わかった。ありがとう", "thanks"),
        ("ばか！人間を出して", "person"),
        ("どうもこんにちは", "greeting"),
    ],
)
def test_of_two_intents_the_one_that_wants_more_is_named(message: str, intent: str) -> None:
    assert detect(message, TOKENIZER) == intent


@pytest.mark.parametrize("message", ["", "  ", "😊", "。。。", "あさがお", "1234", "はか" * 2500])
def test_what_says_nothing_known_has_no_intent(message: str) -> None:
    assert detect(message, TOKENIZER) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    detect(text, TOKENIZER)
