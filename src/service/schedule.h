/* Plannings as a monument makes them (OPS-2): seasons and exceptions with their lines, slots made and made anew from
 * them, one slot changed by hand, private events. All of TASK_PLANNING, at one's own monuments.
 *
 * Who holds places keeps them. Nothing here takes a slot away that a visit names, lowers a capacity below what is
 * taken or closes a slot that somebody holds: the answer then says whom it would hit, and the closure desk is the
 * place to go. A customer who takes places while somebody looks at a preview is safe as well: what is written is
 * compared again inside the transaction. */
#ifndef GUICHET_SERVICE_SCHEDULE_H
#define GUICHET_SERVICE_SCHEDULE_H

#include "domain/schedule.h"
#include "service/day_sheet.h"

enum {
    SCHEDULE_PERIODS = 200,     /* of one monument */
    SCHEDULE_LINES = 40,        /* of one period */
    SCHEDULE_DAYS = 550,        /* days at once: 18 months */
    SCHEDULE_SLOTS = 60000,     /* slots looked at, at once */
    SCHEDULE_SHOWN = 120,       /* changes that a preview lists one by one */
    SCHEDULE_CONFLICTS = 60,    /* slots whose holders a preview lists */
    SCHEDULE_NAME = 120         /* characters of a name or a reason */
};

enum schedule_refusal {
    SCHEDULE_DONE,
    SCHEDULE_NO_NAME,
    SCHEDULE_DATES,     /* turned round, or longer than SCHEDULE_DAYS */
    SCHEDULE_OVERLAP,   /* `other` has days of it already */
    SCHEDULE_TOO_MANY,  /* periods, lines or slots */
    SCHEDULE_SALES,     /* the opening of sales is missing or impossible */
    SCHEDULE_LINE,      /* `line` says what */
    SCHEDULE_CLASH,     /* another line starts a slot at `minute` as well */
    SCHEDULE_STALE,     /* what would change is not what was shown: look again */
    SCHEDULE_TAKEN,     /* `groups` hold more places than that, or hold places at all */
    SCHEDULE_CAPACITY,  /* below 0 or above SCHEDULE_CAPACITY_MOST */
    SCHEDULE_PAST,      /* begun already */
    SCHEDULE_REASON,    /* missing in one of the languages, or too long */
    SCHEDULE_WINDOW     /* turned round, or not of a day */
};

struct schedule_answer {
    enum schedule_refusal refusal;
    int64_t id;
    enum schedule_line_fault line;
    int minute;
    struct str other;
    struct groups groups;
};

/* The plan of a monument: every period, events from `today` on, how far the slots go. */
struct schedule_plan {
    int64_t monument_id;
    struct schedule schedule;
    day_number today, last; /* last day that has slots; below `today` when there is none */
};
enum err schedule_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, struct schedule_plan *ret_plan, struct fault *fault);

/* Adds (id 0) or changes a period; its lines and `exception` of one that exists stay. Slots follow when they are made
 * anew. ERR_NOT_FOUND: not a period of this monument. */
enum err schedule_period_save(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, const struct schedule_period *period,
                              struct schedule_answer *ret_answer, struct fault *fault);
enum err schedule_period_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                                int64_t monument_id, int64_t id, struct fault *fault);
enum err schedule_line_save(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t monument_id, int64_t period_id, const struct schedule_line *line,
                            struct schedule_answer *ret_answer, struct fault *fault);
enum err schedule_line_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, int64_t period_id, int64_t id, struct fault *fault);

/* ---- slots from the plan ---- */

enum schedule_what {
    SLOT_ADDED,
    SLOT_CHANGED,
    SLOT_REMOVED, /* nobody ever named it */
    SLOT_RETIRED, /* a visit names it: it stays, and nothing more of it is sold */
    SLOT_KEPT,    /* changed by hand, and left so */
    SLOT_SAME
};
enum { SCHEDULE_WHATS = SLOT_SAME + 1 };

struct schedule_values {
    int minutes, capacity;
    bool for_groups;
    instant on_sale_from;
    struct str closed_fr, closed_en; /* of its event */
    int64_t event_id;                /* 0: none */
};
struct schedule_change {
    enum schedule_what what;
    instant start;
    day_number day;
    int minute, taken;
    bool conflict; /* more is taken than the plan wants: `to` is what can be done */
    int wanted;    /* capacity that the plan wants; 0: no such slot */
    struct schedule_values from, to;
};
struct schedule_changes {
    struct schedule_change *p;
    size_t n;
};
/* A slot whose holders stand in the way, with them. */
struct schedule_conflict {
    const struct schedule_change *change;
    struct groups groups;
};
struct schedule_conflicts {
    struct schedule_conflict *p;
    size_t n;
};
struct schedule_month {
    day_number month; /* its first day */
    int count[SCHEDULE_WHATS];
};
struct schedule_months {
    struct schedule_month *p;
    size_t n;
};

struct schedule_range {
    int64_t monument_id;
    day_number from, to; /* both included; days before today do not count */
    bool also_by_hand;   /* slots changed by hand follow the plan again */
};
struct schedule_preview {
    enum schedule_refusal refusal; /* SCHEDULE_DATES, SCHEDULE_TOO_MANY, SCHEDULE_STALE */
    struct schedule_range range;   /* as it was taken */
    int count[SCHEDULE_WHATS];
    struct schedule_months months;
    struct schedule_changes changes; /* the first SCHEDULE_SHOWN of those that do something */
    struct schedule_conflicts conflicts;
    bool more_conflicts;
    struct str mark; /* of all that would change, for schedule_apply */
};

/* What making the slots anew would change. Writes nothing. */
enum err schedule_preview(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct schedule_range range, struct schedule_preview *ret_preview, struct fault *fault);
/* Makes them anew, in one transaction, if that changes exactly what `mark` says; else SCHEDULE_STALE with the
 * preview of now. Twice the same is harmless: the second time there is nothing to change and the mark is another. */
enum err schedule_apply(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        struct schedule_range range, struct str mark, struct schedule_preview *ret_preview,
                        struct fault *fault);

/* ---- days and single slots ---- */

struct schedule_day_sum {
    day_number day;
    int slots, closed, by_hand;
    int capacity, taken; /* capacity of the slots that are open to groups */
    enum closed_why why; /* why a day without slots has none */
};
struct schedule_day_sums {
    struct schedule_day_sum *p; /* one for every day */
    size_t n;
};
/* The days from `from` to `to` (both included, at most 62). */
enum err schedule_days(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, day_number from, day_number to, struct schedule_day_sums *ret_days,
                       struct fault *fault);

struct schedule_one {
    instant start;
    day_number day;
    int minute, minutes, capacity, taken;
    bool whole_day, for_groups, by_hand, past;
    struct str closed; /* in the reader's language */
    bool by_event;     /* closed by a private event, else by the closure desk */
    instant on_sale_from;
    struct groups groups;
};
struct schedule_ones {
    struct schedule_one *p;
    size_t n;
};
/* The slots of a day, without their groups. */
enum err schedule_slots(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        int64_t monument_id, day_number day, struct schedule_ones *ret_slots, struct fault *fault);
/* One slot with whoever holds places of it. ERR_NOT_FOUND. */
enum err schedule_slot(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, instant start, struct schedule_one *ret_slot, struct fault *fault);

struct schedule_slot_wish {
    instant start;
    int capacity;
    bool for_groups;
    instant on_sale_from; /* 0: at once */
};
/* Changes one slot by hand. SCHEDULE_TAKEN: the groups that hold more than the new capacity. */
enum err schedule_slot_put(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           int64_t monument_id, const struct schedule_slot_wish *wish,
                           struct schedule_answer *ret_answer, struct fault *fault);
/* The slot follows the templates again, at once. */
enum err schedule_slot_release(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t monument_id, instant start, struct schedule_answer *ret_answer,
                               struct fault *fault);

/* Closes what starts in the window, with a reason in both languages; also slots that are made later. SCHEDULE_TAKEN
 * with whom it hits when anybody holds places there. */
enum err schedule_event_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t monument_id, const struct schedule_event *event,
                            struct schedule_answer *ret_answer, struct fault *fault);
/* The event does not take place: its slots open again. */
enum err schedule_event_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t monument_id, int64_t id, struct fault *fault);

#endif
