/* Options in the course of their life: their holders are reminded of the end (OPT-7). */
#ifndef GUICHET_SERVICE_OPTION_H
#define GUICHET_SERVICE_OPTION_H

#include "service/service.h"

/* Job: mails the reminders that are due, each once: on the days of settings.reminder_days before an option's last day,
 * once for all sub-groups of a large group that end together. Of several that are due together only the last is sent.
 * Passed over: a reminder whose time had come before the option was placed or its end set anew; not yet sent: one of an
 * option that is being paid. *ret_noted counts what was sent or passed over; bounded, so call again while it is not 0.
 * One that fails does not stop the others: its error is returned by the call that notes nothing else. */
enum err option_remind(struct service *service, struct arena *arena, int *ret_noted, struct fault *fault);

#endif
