/* The views of the frame around every page and of the error page. */
#ifndef GUICHET_WEB_VIEWS_FRAME_H
#define GUICHET_WEB_VIEWS_FRAME_H

#include "web/page.h"

struct error_view {
    int status;
    enum msg title, text;
    struct str request_id;
};

#endif
