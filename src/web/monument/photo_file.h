/* The route without a language that serves photographs, for the table of machine.c. */
#ifndef GUICHET_WEB_MONUMENT_PHOTO_FILE_H
#define GUICHET_WEB_MONUMENT_PHOTO_FILE_H

#include "http/http.h"

void photo_file(void *context, struct request *request, struct response *response, const void *route_data);

#endif
