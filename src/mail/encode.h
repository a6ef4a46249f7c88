/* The encodings of mail: how any text becomes lines of ASCII that no host on the way changes. Input is valid UTF-8. */
#ifndef GUICHET_MAIL_ENCODE_H
#define GUICHET_MAIL_ENCODE_H

#include "base/buf.h"

/* «Name: value» CRLF. Plain when printable ASCII that fits one line, else encoded words; control characters become
 * blanks, so a value never ends its line. */
void encode_header(struct buf *out, const char *name, struct str value);
/* «Name: "Display" <address>» CRLF. The address must have passed mail_address_ok. */
void encode_address(struct buf *out, const char *header, struct str display, struct str address);
/* «; name="value"», or RFC 2231 with continuations when the value is not simple. Only one form: some readers prefer the
 * plain one when both are there. */
void encode_parameter(struct buf *out, const char *name, struct str value);
/* A text part's body, ends with CRLF. Dots and «From » at line starts are encoded, so no host changes them. */
void encode_quoted_printable(struct buf *out, struct str text);
void encode_base64_lines(struct buf *out, struct str bytes);

#endif
