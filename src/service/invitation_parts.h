/* What the services of members, of the operator's people and of mails share about invitations; nobody else includes
 * it. */
#ifndef GUICHET_SERVICE_INVITATION_PARTS_H
#define GUICHET_SERVICE_INVITATION_PARTS_H

#include "service/invitation.h"
#include "store/queries.h"

struct invitation {
    int64_t organisation_id, staff_id; /* one of them is 0 */
    enum role role;
    struct str email, name; /* to whom; the name may be empty */
    struct str inviter;
    enum lang lang;
    struct str token; /* drawn before the write, so that a repeated run mails the same */
    instant now;
    bool mail; /* else the caller hands the link over */
};

/* Writes the invitation, and its mail, into the transaction that is open. */
enum err invitation_send(struct db *db, struct arena *arena, const struct invitation *invitation, struct fault *fault);

/* Finds an invitation of this side and says what it is worth; *ret_row is untouched when it is unknown. */
enum err invitation_judge(struct db *db, struct arena *arena, struct str token, bool staff, instant now,
                          struct invitation_find_row *ret_row, enum account_refusal *ret_refusal, struct fault *fault);

/* Takes it: of two at the same moment one does, the other is told that it was used. */
enum err invitation_take(struct db *db, const struct invitation_find_row *row, instant now,
                         enum account_refusal *ret_refusal, struct fault *fault);

#endif
