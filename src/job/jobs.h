/* What happens by itself: options end, payments are asked about, mails go out, old rows are swept. A few threads a server;
 * each step is a conditional write, so several servers may run the same job without doing anything twice. */
#ifndef GUICHET_JOB_JOBS_H
#define GUICHET_JOB_JOBS_H

#include "service/service.h"

struct jobs;

/* Starts the threads. `service` must outlive it. */
enum err jobs_start(struct service *service, struct jobs **ret_jobs, struct fault *fault);
/* Lets the running step finish, then ends the threads. Accepts a pointer to NULL. */
void jobs_stop(struct jobs **jobs);

struct jobs_stats {
    int64_t rounds;       /* of the worker that ends options, which waits for nobody outside; done since start */
    int64_t failures;     /* steps of any worker that ended with an error */
    int64_t last_round_us; /* monotonic time of the last of those rounds, for health */
    int64_t options_ended, mails_sent, payments_asked;
};
struct jobs_stats jobs_stats(struct jobs *jobs);

#endif
