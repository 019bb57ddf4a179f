"""The plan's indicators of 基本施策1-3, as its own survey figures: none of them is counted here."""

from dataclasses import dataclass

SOURCE = "長崎市DX推進計画（2022年3月策定、2025年3月改訂）基本施策1-3「サービスの情報発信と快適な利用のサポート」"


@dataclass(frozen=True)
class Indicator:
    """One 成果指標 with the measure it belongs to; values as the plan writes them."""

    measure: str
    name: str
    baseline: str
    target: str


LINE = Indicator(
    "1-3-②",
    "市役所の情報を入手している人の割合（LINE）",
    "10.1％（令和5年度）",
    "11％（令和9年度）",
)
HOMEPAGE = Indicator(
    "1-3-②",
    "市役所の情報を入手している人の割合（ホームページ）",
    "17.1％（令和5年度）",
    "20％（令和9年度）",
)
INTERNET = Indicator(
    "1-3-①",
    "インターネットを利用している市民の割合",
    "79.2％（令和6年度）",
    "85.0％（令和9年度）",
)
