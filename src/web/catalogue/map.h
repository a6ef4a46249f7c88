/* The map of the monuments: where each dot stands in the frame of assets/svg/map-france.svg. */
#ifndef GUICHET_WEB_CATALOGUE_MAP_H
#define GUICHET_WEB_CATALOGUE_MAP_H

#include "web/catalogue/views.h"

/* Paris and its surroundings go into the inset; dots that would hide one another are set apart. */
struct map_view map_of(const struct page *page, const struct monument_list *monuments);

#endif
