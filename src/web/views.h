/* Every view struct that a template names is declared in a header of this list. A new page adds its line. */
#ifndef GUICHET_WEB_VIEWS_H
#define GUICHET_WEB_VIEWS_H

#include "web/account/views.h"
#include "web/catalogue/views.h"
#include "web/change/views.h"
#include "web/closure/views.h"
#include "web/customer/views.h"
#include "web/form.h"
#include "web/gate/views.h"
#include "web/info/views.h"
#include "web/monument/views.h"
#include "web/page.h"
#include "web/request/views.h"
#include "web/rights/views.h"
#include "web/sales/views.h"
#include "web/staff/views.h"
#include "web/transfer/views.h"
#include "web/views_frame.h"

#endif
