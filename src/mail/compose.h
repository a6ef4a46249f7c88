/* A message as the bytes that travel: MIME with CRLF line ends, lines of at most 76 characters (long addresses aside),
 * mixed[alternative[text, html], attachments]. No library: the shape is fixed and the bytes are the same every time. */
#ifndef GUICHET_MAIL_COMPOSE_H
#define GUICHET_MAIL_COMPOSE_H

#include "base/buf.h"
#include "service/mailer.h"

/* Whether it is a bare address that can stand in a header and in an envelope: ASCII, one @, no blanks or specials. */
bool mail_address_ok(struct str address);

/* Appends the message to `out`, whose maximum should be LIMIT_MAIL_BYTES. ERR_INPUT for a malformed address, message id
 * or content type and for text that is not UTF-8; ERR_LIMIT when it does not fit. What was appended before a failure
 * is left there. */
enum err mail_compose(const struct mail_message *message, struct buf *out, struct fault *fault);

#endif
