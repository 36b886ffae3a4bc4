"""The picture of the page: what a whole case costs, as bars of processor time. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT, _BAR, _GAP, _TOP = 860, 270, 110, 26, 16, 64
_COLOURS = {"server": "#3b5b92", "worker": "#c8873a", "driver": "#7a7a7a", "process": "#5d8a66"}
_NAMES = {"server": "Temporal server", "worker": "worker", "driver": "client", "process": "one process, all in one"}
_FONT = "font-family=\"-apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif\""


class Bar(NamedTuple):
    """One way to do a whole case: CPU milliseconds by part."""

    label: str
    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        """All parts."""
        return sum(self.parts.values())


def picture(bars: Sequence[Bar], against: float) -> str:
    """An SVG of the bars, with a line at ``against``, the bare engine's milliseconds."""
    height = _TOP + len(bars) * (_BAR + _GAP) + 30
    scale = (_WIDTH - _LEFT - _RIGHT) / max(bar.total for bar in bars)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" {_FONT} font-size="13">',
        "<title>Processor time of a whole case</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        '<text x="16" y="26" font-size="16" font-weight="600" fill="#222">'
        "Processor time of a whole case, milliseconds</text>",
        *_legend(bars),
    ]
    for place, bar in enumerate(bars):
        lines += _drawn(bar, _TOP + place * (_BAR + _GAP), scale, against)
    at, foot = _LEFT + against * scale, height - 26
    lines += [
        f'<line x1="{at:.1f}" y1="{_TOP - 6}" x2="{at:.1f}" y2="{foot}" stroke="#222" stroke-dasharray="3 3"/>',
        f'<text x="{at:.1f}" y="{foot + 16}" text-anchor="middle" fill="#222">the bare engine</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _legend(bars: Sequence[Bar]) -> list[str]:
    lines, at = [], _LEFT
    for part in dict.fromkeys(part for bar in bars for part in bar.parts):
        lines.append(f'<rect x="{at}" y="36" width="12" height="12" fill="{_COLOURS[part]}"/>')
        lines.append(f'<text x="{at + 17}" y="46" fill="#444">{_NAMES[part]}</text>')
        at += 40 + 7 * len(_NAMES[part])
    return lines


def _drawn(bar: Bar, top: int, scale: float, against: float) -> list[str]:
    middle = top + _BAR / 2 + 4.5
    lines = [f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end" fill="#222">{escape(bar.label)}</text>']
    at = float(_LEFT)
    for part, spent in bar.parts.items():
        width = spent * scale
        lines.append(
            f'<rect x="{at:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="{_COLOURS[part]}">'
            f"<title>{escape(_NAMES[part])}: {spent:.0f} ms</title></rect>"
        )
        at += width
    said = f"{bar.total:.0f} · × {bar.total / against:.2f}"
    return [*lines, f'<text x="{at + 7:.1f}" y="{middle}" fill="#222">{said}</text>']
