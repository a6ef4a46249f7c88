/* The views of the templates of this area. */
#ifndef GUICHET_WEB_ACCOUNT_VIEWS_H
#define GUICHET_WEB_ACCOUNT_VIEWS_H

#include "web/form.h"
#include "web/page.h"

struct sign_in_form {
    struct form head;
    struct text_field email, password;
};
struct sign_in_view {
    struct sign_in_form form;
    struct str back; /* the page to go to afterwards */
};

#endif
