/* Every view struct that a template names is declared in a header of this list. A new page adds its line. */
#ifndef GUICHET_WEB_VIEWS_H
#define GUICHET_WEB_VIEWS_H

#include "web/form.h"
#include "web/page.h"

#endif
