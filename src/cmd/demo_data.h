/* The demonstration's data folder: made, or begun anew. */
#ifndef GUICHET_CMD_DEMO_DATA_H
#define GUICHET_CMD_DEMO_DATA_H

#include "cmd/config.h"

/* Makes the folder. With `fresh` what an earlier demonstration left there is removed: its own files by name, never
 * anything else. ERR_INPUT for `fresh` on a PostgreSQL database, which somebody else owns. */
enum err demo_data_prepare(const struct config *config, bool fresh, struct fault *fault);

#endif
