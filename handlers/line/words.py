"""Every sentence the bot says, in one place, so that a clerk can proof-read it in one sitting.

Names in {braces} are filled in by the program; everything else reaches citizens as written here.
"""

CALL_CENTRE = "長崎市あじさいコール"
CALL_CENTRE_PHONE = "095-822-8888"
CALL_CENTRE_HOURS = "8時から20時まで、毎日"
HOME_PAGE = "https://www.city.nagasaki.lg.jp/"

HUMAN_ROUTE = f"電話で聞くとき：{CALL_CENTRE} {CALL_CENTRE_PHONE}（{CALL_CENTRE_HOURS}）"

GREETING = f"""友だち追加ありがとうございます。長崎市の行政サービスを案内します。
自動で答えるプログラムです。職員が読んで返事をするものではありません。

市の手続き、ごみ、子育て、健康、支払いなどについて、知りたいことをふだんの言葉で送ってください。
例：「スマホの使い方を教えてほしい」「粗大ごみを出したい」

お願い：名前、住所、電話番号、マイナンバーなどの個人情報は送らないでください。

火事・救急は119番、事件・事故は110番へ電話してください。ここでは受け付けていません。

{HUMAN_ROUTE}"""

MENU = "案内できる分野です。知りたい分野を選んでください。"

HELP = f"""知りたいことを、ふだんの言葉で送ってください。
例：「住民票がほしい」「ごみの日はいつ」「子どもが夜に熱を出した」

答えに番号があるときは、番号だけ（1 など）や、書いてある言葉を送っても選べます。
「メニュー」と送ると、案内できる分野が出ます。
名前や電話番号などの個人情報は送らないでください。

{HUMAN_ROUTE}"""

FREQUENT = "よくお尋ねのあるものです。"

CATEGORY = "「{category}」の案内です。"

HOW_TO_CHOOSE = "番号か言葉を送って選べます。"

CHOOSE = "お尋ねに近い案内があります。どれについて知りたいですか。"

NOT_FOUND = f"""申し訳ありません。お尋ねに合う案内が見つかりませんでした。
短い言葉（例：「住民票」「ごみの日」）に変えて、もう一度送ってみてください。下の分野からも選べます。

{HUMAN_ROUTE}"""

NONE_OF_THESE = f"""お役に立てず、申し訳ありません。
別の言葉でもう一度送ってみてください。下の分野からも選べます。

{HUMAN_ROUTE}"""

NO_SUCH_NUMBER = "その番号の案内はありません。次の中から選んでください。"
NOTHING_TO_CHOOSE = "番号で選べるものが、今はありません。知りたい分野を選んでください。"
GONE = "その案内は、今は公開していません。知りたい分野を選んでください。"

STICKER = "スタンプをありがとうございます。知りたいことは、文字で送ってください。"
PICTURE = (
    "申し訳ありません。写真や動画、ファイルの中身は見ることができません。保存もしていません。\n"
    "知りたいことは、文字で送ってください。"
)
VOICE = (
    "申し訳ありません。音声は聞き取ることができません。\n"
    "キーボードのマイクの印を押して話すと、話した言葉が文字になります。その文字を送ってください。"
)
LOCATION = (
    "場所を送ってくださり、ありがとうございます。場所に合わせた案内はできません。場所は保存していません。\n"
    "場所に関わる案内は、次の中から選べます。"
)
UNKNOWN_MESSAGE = (
    "申し訳ありません。この形の送信は読み取れません。知りたいことは、文字で送ってください。"
)
EMPTY = "文字が読み取れませんでした。知りたいことを、短い言葉で送ってください。"

LEAVING_GROUP = (
    "お招きありがとうございます。長崎市の案内は、一対一のトークだけでお答えしています。"
    "このグループからは退出します。お尋ねは、友だち追加のうえ一対一のトークで送ってください。"
)

LABEL_MENU = "メニュー"
LABEL_FREQUENT = "よくある質問"
LABEL_EASY = "やさしい日本語"
LABEL_FULL = "くわしい説明"
LABEL_PHONE = "電話番号を見る"
LABEL_CALL_DEPARTMENT = "担当課へ電話する"
LABEL_CALL_CENTRE = "あじさいコールへ電話"
LABEL_HOME_PAGE = "市のホームページを開く"
LABEL_NONE_OF_THESE = "どれでもない"

STATUS = "計画での位置づけ：{status}"
STATUS_IN_USE = "今の状況：{status}"
STATUS_OF_ROW = "計画での位置づけ（{row}）：{status}"
DEPARTMENT = "担当：{department}"
PHONE = "電話：{phone}"
HOURS = "受付：{hours}"
PAGE = "ページ：{label} {url}"
NO_PAGE = f"ページ：この案内では専用のページを確認できていません。市のホームページ {HOME_PAGE}"
PHONES_OF = "「{title}」の電話番号です。"
PAGE_OF = "「{title}」のページです。"
EASY_OF = "【{title}】やさしい日本語"
NO_EASY = "この案内には、やさしい日本語の説明がまだありません。"
ALT_CHOICES = "選択：{labels}"
CARD_HINT = "くわしくは、上の文字の案内をお読みください。"
