/* The doctor: checks every invariant of the data and tells what breaks one. */
#ifndef GUICHET_SERVICE_DOCTOR_H
#define GUICHET_SERVICE_DOCTOR_H

#include <stdio.h>

#include "service/service.h"

/* Writes one line a finding to `out` (NULL: none) and a line for each check; *ret_findings counts the findings. */
enum err doctor_check(struct service *service, struct arena *arena, FILE *out, int *ret_findings, struct fault *fault);

#endif
