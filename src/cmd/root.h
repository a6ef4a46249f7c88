/* The root of the program: the one place that puts the rooms together. */
#ifndef GUICHET_CMD_ROOT_H
#define GUICHET_CMD_ROOT_H

#include "cmd/config.h"
#include "service/service.h"

struct root;

enum { ROOT_WITH_OUTSIDE = 1 /* mail, payment and documents too, not only the data */ };

/* Makes the data folder, opens and migrates the database, starts the writer, reads the key. The caller closes. */
enum err root_open(const struct config *config, unsigned what, struct root **ret_root, struct fault *fault);
void root_close(struct root **root);

struct service *root_service(struct root *root);
/* The maildir of the demonstration; NULL when mail goes by SMTP. */
struct maildir;
struct maildir *root_maildir(struct root *root);

#endif
