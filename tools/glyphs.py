#!/usr/bin/env python3
"""The letters of plots: python tools/glyphs.py DejaVuSansMono.ttf

Writes src/main/resources/org/tfddpm/run/glyphs.png: the characters 32 ... 126 side by side, each of the
same width, as opacity 0 ... 255. Plots draw with them in place of the fonts of the machine, which a
server may lack, and which differ from one machine to the next. Needs pillow.
"""

import pathlib
import sys

from PIL import Image, ImageDraw, ImageFont

FILE = pathlib.Path(__file__).resolve().parents[1] / "src/main/resources/org/tfddpm/run/glyphs.png"
WIDTH, HEIGHT, SIZE = 8, 17, 13


def main():
    font = ImageFont.truetype(sys.argv[1], SIZE)
    sheet = Image.new("L", (95 * WIDTH, HEIGHT))
    for i in range(95):
        cell = Image.new("L", (WIDTH, HEIGHT))
        ImageDraw.Draw(cell).text((0, 1), chr(32 + i), fill=255, font=font)
        sheet.paste(cell, (i * WIDTH, 0))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(FILE, optimize=True)


if __name__ == "__main__":
    main()
