/* Reading the operator's people. */
#include "domain/checks.h"
#include "service/account_parts.h"
#include "service/staff.h"
#include "store/queries.h"

static enum err allowed(const struct staff_caller *caller, struct fault *fault)
{
    return caller == NULL ? OK : permit_staff(caller, TASK_STAFF, 0, fault);
}

struct listing {
    struct staff_list list;
};

/* The monuments of one of them: a run of the rows, which are sorted by person. */
static void monuments_of(struct arena *arena, const struct staff_list_monuments_list *rows, struct staff_member *m)
{
    m->monuments = ARENA_ARRAY(arena, rows->n + 1, struct staff_monument);
    for (size_t i = 0; i < rows->n; i++)
        if (rows->p[i].staff_id == m->id)
            m->monuments[m->monument_count++] = (struct staff_monument){
                .id = rows->p[i].monument_id, .slug = rows->p[i].slug, .name = rows->p[i].name};
}

static enum err member_of(struct arena *arena, const struct staff_list_row *row,
                          const struct staff_list_monuments_list *monuments, struct staff_member *ret_member,
                          struct fault *fault)
{
    *ret_member = (struct staff_member){.id = row->id,
                                        .email = row->email,
                                        .first_name = row->first_name,
                                        .last_name = row->last_name,
                                        .lang = lang_of(row->lang),
                                        .created_at = row->created_at,
                                        .disabled_at = row->disabled_at.v,
                                        .seen_at = row->seen_at.v,
                                        .is_set_up = row->is_set_up != 0,
                                        .factor = row->factor > 0};
    if (!staff_role_parse(row->role, &ret_member->role))
        return fault_set(fault, ERR_BUG, "role of staff %lld", (long long)row->id);
    if (role_has_monuments(ret_member->role))
        monuments_of(arena, monuments, ret_member);
    return OK;
}

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *l = argument;
    struct staff_list_list rows;
    struct staff_list_monuments_list monuments;
    enum err err = q_staff_list(db, arena, &rows, fault);
    if (err == OK)
        err = q_staff_list_monuments(db, arena, &monuments, fault);
    if (err != OK)
        return err;
    struct account_sort_name *names = ARENA_ARRAY(arena, rows.n + 1, struct account_sort_name);
    for (size_t i = 0; i < rows.n; i++)
        names[i] = (struct account_sort_name){.rank = rows.p[i].disabled_at.is,
                                              .last_name = rows.p[i].last_name.n > 0 ? rows.p[i].last_name
                                                                                     : rows.p[i].email,
                                              .first_name = rows.p[i].first_name};
    size_t *order = account_sorted(arena, names, rows.n);
    l->list = (struct staff_list){.p = ARENA_ARRAY(arena, rows.n + 1, struct staff_member), .n = rows.n};
    for (size_t i = 0; err == OK && i < rows.n; i++)
        err = member_of(arena, &rows.p[order[i]], &monuments, &l->list.p[i], fault);
    return err;
}

enum err staff_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                    struct staff_list *ret_list, struct fault *fault)
{
    struct listing l = {.list = {.n = 0}};
    enum err err = allowed(caller, fault);
    if (err == OK)
        err = service_read(service, arena, list_read, &l, fault);
    if (err == OK)
        *ret_list = l.list;
    return err;
}

enum err staff_read(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t staff_id,
                    struct staff_member *ret_member, struct fault *fault)
{
    struct staff_list list;
    enum err err = staff_list(service, arena, caller, &list, fault);
    if (err != OK)
        return err;
    for (size_t i = 0; i < list.n; i++)
        if (list.p[i].id == staff_id) {
            *ret_member = list.p[i];
            return OK;
        }
    return fault_set(fault, ERR_NOT_FOUND, "no such person");
}

struct lookup {
    struct str word;
    int64_t id;
};

static enum err email_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct lookup *l = argument;
    struct staff_by_email_row row;
    enum err err = q_staff_by_email(
        db, arena, (struct staff_by_email_in){.email_key = email_key(arena, l->word)}, &row, NULL, fault);
    if (err == OK)
        l->id = row.id;
    return err;
}

static enum err slug_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct lookup *l = argument;
    struct staff_monument_by_slug_row row;
    enum err err = q_staff_monument_by_slug(db, arena, (struct staff_monument_by_slug_in){.slug = l->word}, &row, NULL,
                                            fault);
    if (err == OK)
        l->id = row.id;
    return err;
}

static enum err look_up(struct service *service, struct arena *arena, struct str word, service_read_function read,
                        int64_t *ret_id, struct fault *fault)
{
    struct lookup l = {.word = str_trim(word)};
    enum err err = service_read(service, arena, read, &l, fault);
    if (err == ERR_NOT_FOUND)
        return fault_set(fault, ERR_NOT_FOUND, "there is no «%.*s»", STR_ARG(str_sub(l.word, 0, 100)));
    if (err == OK)
        *ret_id = l.id;
    return err;
}

enum err staff_id_of_email(struct service *service, struct arena *arena, struct str email, int64_t *ret_staff_id,
                           struct fault *fault)
{
    return look_up(service, arena, email, email_read, ret_staff_id, fault);
}

enum err staff_monument_id(struct service *service, struct arena *arena, struct str slug, int64_t *ret_monument_id,
                           struct fault *fault)
{
    return look_up(service, arena, slug, slug_read, ret_monument_id, fault);
}
