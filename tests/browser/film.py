"""What lies before the fake camera: a film that never ends, and whose picture changes while it runs."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

BENCH = 200  # grey of what labels lie on
FRAMES = 2  # all alike; the browser begins anew after the last


class Film:
    """A file as the browser's fake camera reads it (YUV4MPEG2, 4:2:0, grey), frame by frame, again and again: what is
    written into it is seen in the next frame. So a label lies there until it was read, however busy this machine is."""

    def __init__(self, path: Path, size: tuple[int, int] = (1280, 720), rate: int = 30) -> None:
        self.path, self.size = path, size
        width, height = size
        self.head = f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420jpeg\n".encode()
        self.frame = b"FRAME\n" + bytes([BENCH]) * (width * height) + bytes([128]) * (width * height // 2)
        path.write_bytes(self.head + self.frame * FRAMES)

    def show(self, label: Image.Image | None = None, turned: float = 0) -> None:
        """Lay a label in the middle of the bench, turned by so many degrees; without one, the bench is empty."""
        seen = Image.new("L", self.size, BENCH)
        if label is not None:
            laid = label.convert("L").rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=BENCH)
            seen.paste(laid, ((seen.width - laid.width) // 2, (seen.height - laid.height) // 2))
        with self.path.open("r+b") as film:
            for index in range(FRAMES):
                film.seek(len(self.head) + index * len(self.frame) + len(b"FRAME\n"))
                film.write(seen.tobytes())
