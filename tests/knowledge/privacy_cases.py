"""Texts with personal data between square brackets, by kind, and texts that only look so.

All people, numbers and lots are made up; what stands in brackets must be found, to the character.
"""

PHONES = {
    "mobile": "私の電話は[090-0000-0000]です",
    "mobile-bare": "[09000000000]",
    "mobile-full-width": "[０９０－００００－００００]に連絡ください",
    "mobile-long-vowel": "[090ー0000ー0000]",
    "mobile-minus-sign": "[090−0000−0000]",
    "mobile-half-width-vowel": "[090ｰ0000ｰ0000]",
    "mobile-spaces": "[090 0000 0000]",
    "mobile-ideographic-spaces": "[０９０　００００　００００]",
    "mobile-dots": "[090.0000.0000]",
    "mobile-no": "[090の0000の0000]です",
    "mobile-invisible-characters": "[090\u200b0000\u200b0000]",
    "mobile-in-quotes": "「[080-0000-0000]」",
    "mobile-in-lenticular": "【[０７０－００００－００００]】",
    "landline": "自宅は[095-800-0000]",
    "landline-brackets": "[(095)800-0000]",
    "landline-full-width-brackets": "[０９５（８００）００００]",
    "landline-two-digit-area": "[03-0000-0000]",
    "landline-four-digit-area": "[0957-00-0000]",
    "landline-bare": "[0958000000]",
    "toll-free": "[0120-000-000]",
    "toll-free-0800": "[0800-000-0000]",
    "ip": "[050-0000-0000]",
    "international": "[+81 90-0000-0000]",
    "international-trunk-zero": "[＋81-(0)95-800-0000]",
    "international-bare": "[+819000000000]",
    "local-after-a-word": "電話は[800-0000]です",
    "before-another-extension": "[06-0000-0000]・0001",
}
MY_NUMBERS = {
    "bare": "[123456789012]です",
    "fours": "[1234 5678 9012]",
    "full-width": "マイナンバーは[１２３４－５６７８－９０１２]",
    "leading-zero": "[0123-4567-8901]",
    "threes-with-check-digit": "[123 456 789 018]",
    "pairs-when-named": "個人番号：[12 34 56 78 90 12]",
}
EMAILS = {
    "plain": "[hanako@example.jp]です",
    "plus-and-underscore": "[hanako_n+test.1@mail.example.jp]",
    "full-width": "[ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ]",
    "full-width-at": "メールは[hanako＠example.jp]。",
    "spaced": "[hanako @ example.jp]",
    "written-out": "[hanakoアットマークexample.jp]",
}
ADDRESSES = {
    "lot": "私は[長崎市油木町9999番地88]に住んでいます",
    "chome-no": "[長崎市滑石99丁目1の1]のごみの日は？",
    "building": "[架空町3丁目99-5 サンプルハイツ201]",
    "ward": "[福岡市中央区架空1-2-3]",
    "postal": "[〒850-0000 長崎市架空町1-1]",
    "postal-without-mark": "[850-0000 長崎市架空町1-1]",
    "postal-alone": "[〒８５０－００００]",
    "postal-two-lines": "[〒850-0000\n長崎市架空町1-1\nサンプルマンション１０１号室]",
    "full-width": "[長崎市架空町３丁目９９番５号]",
    "kanji-numbers": "[長崎市架空三丁目二番五号]",
    "prefecture": "[長崎県長崎市架空町99−9 コーポ見本 B棟203号室]",
    "after-a-word": "住所[長崎市架空町99-9]",
    "tokyo-after-a-word": "住所[東京都見本区架空9-9-9]",
    "county": "[西彼杵郡架空町見本郷999-9]",
    "town-and-bare-number": "[長崎市架空町99]です",
    "no-city": "[架空町99番地]です",
    "no-city-chome": "[滑石99丁目9番9号]",
    "kana-town": "[女の都99丁目9-9]",
    "kana-city": "[さいたま市架空区見本9-9-9]",
    "three-parts": "[滑石99-9-9]",
    "four-parts": "[架空町3-99-5-201]",
    "spaced": "[長崎市 架空町 3丁目 99-5]",
    "room-only": "[架空町5-3 203号室]",
    "hiragana-building": "[架空町3丁目99番5号 さくらハイツ 101]",
}
CARDS = {
    "bare": "[4111111111111111]",
    "fours-and-expiry": "[4111 1111 1111 1111] 12/28",
    "full-width": "[４１１１－１１１１－１１１１－１１１１]",
    "fifteen": "[3782-822463-10005]",
    "mistyped-but-named": "カード番号は[4111-1111-1111-1112]",
}
ACCOUNTS = {
    "named": "口座番号 [1234567]",
    "ordinary": "普通 [1234567]",
    "bank-and-branch": "[架空銀行見本支店 普通0001234]",
    "branch-only": "[架空銀行見本支店 0001234]",
    "full-width": "普通預金　口座番号：[１２３４５６７]",
    "japan-post": "ゆうちょ 記号[10000 番号12345678]",
}
BIRTHDATES = {
    "born": "[昭和30年1月2日]生まれ",
    "short-era": "[S30.1.2]生",
    "named": "生年月日は[1955/1/2]",
    "full-width": "生年月日：[１９５５年１月２日]",
    "kanji": "誕生日は[令和五年三月三日]です",
    "one-character-era": "[㍼30年1月2日]生まれ",
    "eight-digits": "生年月日 [19550102]",
    "in-brackets": "娘（[令和5年3月3日]生）",
    "asked-first": "生まれたのは[昭和30年1月2日]です",
}
NAMES = {
    "self": "私は[長崎花子]です",
    "named": "名前は[長崎 花子]です",
    "form": "氏名：[長崎花子]",
    "humble": "[長崎花子]と申します",
    "humble-after-a-town": "滑石の[長崎花子]と申します",
    "called": "[長崎花子]といいます。",
    "katakana": "私は[ナガサキハナコ]です",
    "katakana-spaced": "[ナガサキ　ハナコ]と申します",
    "half-width-katakana": "名前は[ﾅｶﾞｻｷ ﾊﾅｺ]です",
    "hiragana": "わたしは[ながさきはなこ]と申します",
    "mixed": "母の名前は[長崎ハナ]です",
    "unknown-family": "私は[油木架空斎]です",
    "foreign": "名前は[グエン・ヴァン・アン]です",
    "latin": "My name is [Nagasaki Hanako]",
    "signed": "ごみの日はいつですか。\n[長崎 花子]",
    "signed-in-hiragana": "住民票の写し\n[ながさき はなこ]",
    "alone": "[長崎 花子]",
    "honorific": "[長崎花子]さんの住民票",
    "account-holder": "名義 [ナガサキ ハナコ]",
}
TABLES = {
    "phone": PHONES,
    "mynumber": MY_NUMBERS,
    "email": EMAILS,
    "address": ADDRESSES,
    "card": CARDS,
    "account": ACCOUNTS,
    "birthdate": BIRTHDATES,
    "name": NAMES,
}

HARMLESS = """
095-822-8888に電話しました|０９５（８２２）８８８８|0958228888|+81-95-822-8888|電話は822-8888
119と110と#7119|0120-279-338|12,000円|納付書の30万円|令和8年度|2024 2025 2026|2020-2025年|8:00-17:00
9-12時|１１時２分|8月9日|2026年10月15日に転入します|2026-10-15|令和8年4月1日以降に生まれた子
令和2年4月2日から令和3年4月1日生まれの子|昭和30年生まれ|1歳半の健診|0歳4月入園|誕生日は1月2日
50cm|1-3-①-1|施策1-3-1|項目10-20-30|x^2-5x+6=0|ごみ袋45L 10枚 1-2袋|1日2-3回|エントリー 12345678
https://example.jp/0900000000/1234-5678-9012?m=a@example.jp|4111 1111 1111 1112|整理番号 1234567
口座番号は7桁|口座振替 12,345円|2501-10000158円|滑石です|東長崎|浦上の近く|魚の町
滑石3丁目のごみの日|滑石1丁目の5歳児|滑石1-3丁目|長崎市役所|長崎市役所の2-3階|長崎市の人口は40万人|桜町電停から5-6分
更新日2026-07-21|東長崎地区の1-2年生|私は高齢者です|私は長崎市民です|私は外国人です
私は車を持っていません|私は主婦です|私は年金生活者です|私は大学生です|私は妊娠中です|私は対象ですか
私は東長崎です|私はフリーランスです|私、昨日引っ越しました|母は認知症です|息子の歯医者代は戻る？|名前は何ですか
子どもの名前は決まっていません|名前は変わったのですか|名前を変更したい|氏名変更の手続き
氏名、住所、電話番号の変更|名前は未定です|これを児童手当といいます|長崎 夜景|福岡 空港|保育園 申込
粗大ごみ 椅子|ごみ ぶくろ|教えてください\nよろしく お願い|ごみの日\n滑石 三丁目
市民の様子です|冷蔵庫 処分\n長崎市架空町|バス1-2-3|長崎市内3-4|小島さんちの猫|田中先生です
"""
FALSE_ALARMS = [line for row in HARMLESS.strip().split("\n") for line in row.split("|")]
