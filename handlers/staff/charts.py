"""Draw bars as an SVG that stands alone: no script, no font or style from elsewhere."""

import sys
from collections.abc import Sequence
from typing import Any

import pygal  # type: ignore[import-untyped]  # the library has no types
from pygal.style import Style  # type: ignore[import-untyped]  # as above

sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, pygal.PluginImportFixer)]
"""For the library's plugins, which we have none of; Python warns of it at every later import."""

MEDIA_TYPE = "image/svg+xml"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""The drawing's styles are inside it and reach no further; nothing else may act (OPS.md §4, X2)."""

_FONT = "system-ui, 'Hiragino Sans', 'Noto Sans CJK JP', sans-serif"
_STYLE = Style(
    background="white",
    plot_background="white",
    foreground="#1a1a1a",
    foreground_strong="#1a1a1a",
    foreground_subtle="#6c757d",
    colors=("#004882",),
    opacity="1",
    opacity_hover="1",
    font_family=_FONT,
    label_font_family=_FONT,
    major_label_font_family=_FONT,
    value_font_family=_FONT,
    label_font_size=18,
    major_label_font_size=18,
)


def bars(labels: Sequence[str], values: Sequence[int]) -> bytes:
    """One bar a label, counted in whole numbers."""
    top = max(values, default=0)
    chart = pygal.Bar(
        js=[],
        style=_STYLE,
        show_legend=False,
        width=800,
        height=320,
        explicit_size=True,
        margin=12,
        spacing=4,
        range=(0, max(top, 1)),
        y_labels=_steps(top),
        value_formatter=lambda value: f"{value:,.0f}",
        no_data_text="まだありません",
        disable_xml_declaration=False,
    )
    chart.add_xml_filter(_without_scripts)
    chart.x_labels = list(labels)
    chart.add("質問", list(values))
    drawn: bytes = chart.render()
    return drawn


def _steps(top: int) -> list[int]:
    """About four whole numbers up the side, the highest not below the highest bar."""
    step = max(1, -(-top // 4))
    return list(range(0, max(top, 1) + step, step))


def _without_scripts(svg: Any) -> Any:
    """The library writes its settings into a script even when it is told to use none."""
    for parent in list(svg.iter()):
        for child in list(parent):
            if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == "script":
                parent.remove(child)
    return svg
