/* QR codes through libqrencode, and their drawing as SVG for the HTML ticket. */
#include "doc/qr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <qrencode.h>

enum err qr_encode(struct str payload, struct qr *ret_qr, struct fault *fault)
{
    if (payload.n == 0 || memchr(payload.p, '\0', payload.n) != NULL)
        return fault_set(fault, ERR_INPUT, "qr: empty payload or a NUL in it");
    if (payload.n > QR_PAYLOAD_MAX)
        return fault_set(fault, ERR_LIMIT, "qr: payload of %zu bytes", payload.n);
    char text[QR_PAYLOAD_MAX + 1];
    memcpy(text, payload.p, payload.n);
    text[payload.n] = '\0';
    /* libqrencode picks digits, capitals or bytes by part, which keeps the symbol small. */
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL && errno == ENOMEM)
        abort();
    if (code == NULL)
        return fault_set(fault, ERR_LIMIT, "qr: no symbol for %zu bytes", payload.n);
    ret_qr->side = code->width;
    for (int i = 0; i < code->width * code->width; i++)
        ret_qr->modules[i] = code->data[i] & 1;
    QRcode_free(code);
    return OK;
}

/* One dark stretch of a row as a closed path: right, down, back. */
static void put_stretch(struct buf *out, int x, int y, int length)
{
    buf_char(out, 'M');
    buf_int(out, x + QR_QUIET_ZONE);
    buf_char(out, ' ');
    buf_int(out, y + QR_QUIET_ZONE);
    buf_char(out, 'h');
    buf_int(out, length);
    buf_c(out, "v1h-");
    buf_int(out, length);
    buf_char(out, 'z');
}

enum err qr_svg(struct buf *out, struct str payload, struct str label, struct fault *fault)
{
    struct qr qr;
    enum err err = qr_encode(payload, &qr, fault);
    if (err != OK)
        return err;
    int whole = qr.side + 2 * QR_QUIET_ZONE;
    buf_format(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 %d %d\" "
                    "shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"", whole, whole);
    buf_html(out, label);
    buf_format(out, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/><path fill=\"#000\" d=\"", whole, whole, whole);
    for (int y = 0; y < qr.side; y++) {
        const uint8_t *row = qr.modules + y * qr.side;
        for (int x = 0; x < qr.side;) {
            int from = x;
            while (x < qr.side && row[x] == 1)
                x++;
            if (x > from)
                put_stretch(out, from, y, x - from);
            x += x == from;
        }
    }
    buf_c(out, "\"/></svg>");
    return OK;
}
