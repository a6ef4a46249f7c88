/* What the two files of layouts share. */
#ifndef GUICHET_SERVICE_LAYOUT_PARTS_H
#define GUICHET_SERVICE_LAYOUT_PARTS_H

#include "service/layout.h"
#include "store/queries.h"

/* ERR_BUG: the database holds a word that this program does not know. */
enum err layout_words_of(struct str kind, struct str state, struct layout *layout, struct fault *fault);
/* `organisation_id` 0: any. */
enum err layout_file_in(struct db *db, struct arena *arena, int64_t id, int64_t organisation_id,
                        struct layout_file *ret_file, struct fault *fault);
struct str layout_subject(struct arena *arena, int64_t id);

#endif
