/* Text that was made safe for HTML, as a type of its own: a `struct str` is escaped wherever it goes, a `struct html` is
 * written as it is. Only code that built or checked the markup itself may make one. */
#ifndef GUICHET_TEXT_MARKUP_H
#define GUICHET_TEXT_MARKUP_H

#include "base/str.h"

struct html {
    struct str s;
};

#endif
