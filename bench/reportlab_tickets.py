"""The same 35 ticket pages with reportlab, for comparison: `plain` as its guide shows it (a paragraph for each text, the QR
code as its own widget, fonts registered for each document), `tuned` with what its users do when it has to be fast (text drawn
without paragraphs, fonts loaded once, the QR code's dark runs as one path). Untagged: reportlab makes no PDF/UA.

    reportlab_tickets.py plain|tuned SECONDS
"""
import io
import json
import sys
import time

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import qrencoder
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph

PAGES = 35
FONTS = "/usr/share/fonts/truetype/noto/"
CONDITIONS = [
    "Billet valable uniquement pour cette date et ce créneau.",
    "Ni repris, ni échangé, ni remboursé, sauf fermeture du monument.",
    "Présentez ce billet imprimé ou sur l’écran d’un téléphone à l’entrée du monument.",
    "Le groupe se présente au complet dix minutes avant l’heure, avec son accompagnateur.",
]
FACTS = [
    ("Date", "samedi 12 décembre 2026"), ("Heure d’entrée", "10 h 30"), ("Tarif", "Tarif groupe adultes"), ("Prix", "14,00 €"),
    ("Organisation", "Voyages Lumière"), ("Groupe", "35 personnes, accompagnateur compris"), ("Accompagnateur", "Jeanne Martin"),
    ("Commande", "K7Q2-XD4M"),
]


def load_fonts():
    pdfmetrics.registerFont(TTFont("Sans", FONTS + "NotoSans-Regular.ttf"))
    pdfmetrics.registerFont(TTFont("SansBold", FONTS + "NotoSans-Bold.ttf"))


def payload(page):
    return "G1.%013d.ABCDEFGHIJKLMNOP" % (1000000000000 + page)


def plain():
    load_fonts()
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=A4)
    head = ParagraphStyle("head", fontName="SansBold", fontSize=22, leading=26)
    body = ParagraphStyle("body", fontName="Sans", fontSize=10, leading=14)

    def put(text, style, x, y, width=300):
        paragraph = Paragraph(text, style)
        _, height = paragraph.wrap(width, 800)
        paragraph.drawOn(c, x, y - height)

    for page in range(PAGES):
        put("Centre des visites", body, 48, 800)
        put("Sainte-Chapelle", head, 48, 770)
        y = 700
        for label, value in FACTS:
            put("<b>%s</b> %s" % (label, value), body, 48, y)
            y -= 24
        put("Billet %d / %d – numéro %d" % (page + 1, PAGES, 1000000000000 + page), body, 48, y)
        y = 320
        for condition in CONDITIONS:
            put(condition, body, 48, y, 480)
            y -= 18
        code = QrCodeWidget(payload(page), barLevel="M")
        x0, y0, x1, y1 = code.getBounds()
        drawing = Drawing(150, 150, transform=[150 / (x1 - x0), 0, 0, 150 / (y1 - y0), 0, 0])
        drawing.add(code)
        renderPDF.draw(drawing, c, 400, 560)
        c.showPage()
    c.save()
    return out.getvalue()


def tuned():
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=A4, pageCompression=1)
    for page in range(PAGES):
        text = c.beginText(48, 790)
        text.setFont("Sans", 10)
        text.textLine("Centre des visites")
        text.setFont("SansBold", 22)
        text.textLine("Sainte-Chapelle")
        text.setFont("Sans", 10)
        for label, value in FACTS:
            text.textLine(label + " " + value)
        text.textLine("Billet %d / %d – numéro %d" % (page + 1, PAGES, 1000000000000 + page))
        for condition in CONDITIONS:
            text.textLine(condition)
        c.drawText(text)
        code = qrencoder.QRCode(3, qrencoder.QRErrorCorrectLevel.M)
        code.addData(payload(page))
        code.make()
        size = code.getModuleCount()
        unit = 150.0 / size
        path = c.beginPath()
        for row in range(size):
            start = None
            for column in range(size + 1):
                dark = column < size and code.isDark(row, column)
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    path.rect(400 + start * unit, 560 + (size - 1 - row) * unit, (column - start) * unit, unit)
                    start = None
        c.drawPath(path, stroke=0, fill=1)
        c.showPage()
    c.save()
    return out.getvalue()


def main():
    make = {"plain": plain, "tuned": tuned}[sys.argv[1]]
    seconds = float(sys.argv[2])
    load_fonts()
    data = make()
    done, begin = 0, time.monotonic()
    while time.monotonic() - begin < seconds:
        data = make()
        done += 1
    print(json.dumps({"pages_per_second": done * PAGES / (time.monotonic() - begin), "bytes": len(data)}))


main()
