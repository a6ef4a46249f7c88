/* The views of the templates of this area. */
#ifndef GUICHET_WEB_INFO_VIEWS_H
#define GUICHET_WEB_INFO_VIEWS_H

#include "web/form.h"
#include "web/page.h"

#endif
