"""Printed pages as a reader sees them: pictures, codes, and lines of letters from left to right."""

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image

LABEL_DPI = 203  # the coarsest printer that labels are made for

Box = tuple[float, float, float, float]  # left, bottom, right, top in points


@dataclass(frozen=True)
class Page:
    pdf: pypdfium2.PdfPage

    def picture(self, dpi: int = LABEL_DPI) -> Image.Image:
        return self.pdf.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")

    def codes(self, dpi: int = LABEL_DPI) -> list[str]:
        found = zxingcpp.read_barcodes(self.picture(dpi), formats=zxingcpp.BarcodeFormat.QRCode)
        return [code.text for code in found]

    def letters(self) -> Iterator[tuple[str, Box]]:
        text = self.pdf.get_textpage()
        for index in range(text.count_chars()):
            letter = _letter(text, index)
            if letter.strip():
                yield letter, text.get_charbox(index, loose=True)

    def lines(self) -> list[str]:
        """The letters of each line in the order of the eye, left to right, without spaces."""
        lines: list[list[tuple[float, str]]] = []
        last = float("inf")
        for letter, (left, bottom, _, _) in sorted(self.letters(), key=lambda each: -each[1][1]):
            if last - bottom > 1:
                lines.append([])
            last = bottom
            lines[-1].append((left, letter))
        return ["".join(letter for _, letter in sorted(line, key=lambda each: each[0])) for line in lines]

    def text(self) -> str:
        """What a search, a copy or a reader of screens finds, line by line, Arabic in the order in which it is read.

        Letters of one glyph, such as lam-alef, come out of the reader turned round: they stand on the same spot."""
        text = self.pdf.get_textpage()
        kept: list[tuple[Box, str]] = []
        for index in range(text.count_chars()):
            letter, box = _letter(text, index), text.get_charbox(index, loose=True)
            is_joined = kept and letter.strip() and kept[-1][0] == box and "\u0600" <= letter <= "\u06ff"
            kept.insert(len(kept) - 1 if is_joined else len(kept), (box, letter))
        return "".join(letter for _, letter in kept).replace("\r", "")

    def shows(self, words: str) -> bool:
        """Whether `words`, read from left to right, stand in one line."""
        return any("".join(words.split()) in line for line in self.lines())

    def shows_arabic(self, words: str) -> bool:
        """Whether `words` (Arabic letters only) stand in one line, from right to left."""
        return self.shows(words[::-1])


def _letter(text: pypdfium2.PdfTextPage, index: int) -> str:
    return chr(pypdfium2.raw.FPDFText_GetUnicode(text, index))


def pages(pdf: bytes) -> list[Page]:
    return [Page(page) for page in pypdfium2.PdfDocument(pdf)]


def ink_pieces(picture: Image.Image) -> int:
    """How many separate pieces of ink a picture holds: letters that are joined are one."""
    width, height = picture.size
    dark = {(x, y) for x in range(width) for y in range(height) if picture.getpixel((x, y)) < 160}
    pieces = 0
    while dark:
        pieces += 1
        edge = [dark.pop()]
        while edge:
            x, y = edge.pop()
            for beside in [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]:
                if beside in dark:
                    dark.remove(beside)
                    edge.append(beside)
    return pieces
