/* The gate (OPS-3): tickets are scanned or typed, groups arrive with counted heads, everything is noted and only ever
 * added to. For managers and gate agents, at their own monuments (TASK_GATE_SCAN, TASK_GATE_UNDO).
 *
 * Each act carries a device and a key of its own, so that one that comes again is the same one. What was scanned without
 * a network arrives later with the moment of the scan and with what the device had said; where that disagrees with what
 * is known here it becomes a conflict that both gates see. */
#ifndef GUICHET_SERVICE_GATE_H
#define GUICHET_SERVICE_GATE_H

#include "domain/gate.h"
#include "service/permit.h"

enum gate_act { GATE_ACT_TICKET, GATE_ACT_GROUP, GATE_ACT_UNDO };
enum { GATE_ACTS = GATE_ACT_UNDO + 1 };
/* «ticket», «group», «undo». */
const char *gate_act_name(enum gate_act act);
bool gate_act_parse(struct str name, enum gate_act *ret_act);

struct gate_place {
    int64_t id;
    struct str slug, name;
};
struct gate_places {
    struct gate_place *p;
    size_t n;
};

/* The caller's own monuments. */
enum err gate_places(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     struct gate_places *ret_places, struct fault *fault);
/* The one of the address. ERR_NOT_FOUND when it is not the caller's. */
enum err gate_place_find(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str slug,
                         struct gate_place *ret_place, struct fault *fault);

struct gate_request {
    int64_t monument_id; /* of the gate */
    enum gate_act act;   /* a ticket or a group */
    struct str code;     /* what was scanned or typed: a signed code, an older one, a number */
    int64_t visit_id;    /* a group from the day's list, when there is no code */
    int counted;         /* heads of a group; 0: all that are left */
    struct str device, key, gate;
    instant at;          /* when it was scanned without a network; 0: now */
    bool offline;
    enum gate_result told; /* what the device said then */
};

/* What the gate says to one act; also to one that was done before. */
struct gate_answer {
    int64_t scan_id;
    enum gate_act act;
    enum gate_result result;
    instant at;
    struct str number; /* «1234 5678 9012 3»; empty: none was read */
    struct str reason; /* of an undo */
    bool offline, undone, may_undo;
    int counted, heads;
    /* the ticket, when it is known */
    bool has_ticket, proof;
    enum ticket_role role;
    struct str tariff_code;
    instant from, until; /* validity */
    struct str ended_why; /* closure, replaced, refunded, exchanged; empty: not said */
    /* the group, when it is known */
    int64_t visit_id;
    enum ticket_kind kind;
    struct str monument, organisation, leader;
    struct str leader_card; /* number of a guide's professional card (COM-5); empty: none is known */
    bool has_card_until;
    day_number card_until;  /* its last day */
    int persons, arrived; /* arrived: by now */
    /* the scan that had used it */
    bool has_prior;
    enum gate_act prior_act;
    instant prior_at;
    struct str prior_gate, prior_by;
};

/* ERR_INPUT: a key or device that is none. Never fails for what stands in a code. */
enum err gate_scan(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   const struct gate_request *request, struct gate_answer *ret_answer, struct fault *fault);
/* An act that was done at this monument. ERR_NOT_FOUND. */
enum err gate_answer_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          int64_t monument_id, int64_t scan_id, struct gate_answer *ret_answer, struct fault *fault);

enum gate_undo_refusal {
    GATE_UNDO_DONE,
    GATE_UNDO_REASON,  /* a reason is needed */
    GATE_UNDO_NOBODY,  /* it let nobody in */
    GATE_UNDO_BEFORE,  /* it was taken back before */
    GATE_UNDO_DISPUTED /* two gates let the same ticket in: what is taken back would be somebody who is inside */
};
/* Takes back what one act let in; audited with the reason. */
enum err gate_undo(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                   int64_t scan_id, struct str reason, struct str device, struct str key,
                   enum gate_undo_refusal *ret_refusal, struct fault *fault);

/* Whether anybody of the visit is in: its leader, size and slot stay as they are then (COM-5, OPT-6). Inside any
 * transaction. */
enum err gate_group_scanned(struct db *db, struct arena *arena, int64_t visit_id, bool *ret_scanned, struct fault *fault);

/* ---- lists ---- */

struct gate_visit {
    int64_t id;
    enum ticket_kind kind;
    instant start_at;
    int minutes, persons, arrived;
    struct str leader, organisation;
    bool cancelled;
};
struct gate_ticket {
    int64_t visit_id;
    struct str number; /* 13 digits */
    enum ticket_role role;
    struct str tariff_code, state, ended_why;
    instant from, until, used_at;
};
struct gate_key {
    int id;
    struct str public_key; /* 32 bytes */
};
/* What a device needs for a day without a network. Of people only the leaders' names. */
struct gate_day {
    day_number day;
    instant now, from, until; /* the local day */
    struct gate_tolerance tolerance;
    struct { struct gate_visit *p; size_t n; } visits;
    struct { struct gate_ticket *p; size_t n; } tickets; /* of these visits */
    struct { struct gate_ticket *p; size_t n; } ended;   /* not good any more, of no visit of today: number, state, why */
    struct { struct gate_key *p; size_t n; } keys;
    int64_t conflicts;
};
enum err gate_day(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                  struct gate_day *ret_day, struct fault *fault);

struct gate_side {
    struct str gate, device, by;
    instant at;
};
struct gate_conflict {
    int64_t id;
    enum gate_result why;
    struct str number, organisation;
    int counted, heads;
    bool has_winner;
    struct gate_side loser, winner;
};
struct gate_conflicts {
    struct gate_conflict *p;
    size_t n;
};
/* Of the last thirty days, the newest first. */
enum err gate_conflicts(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        int64_t monument_id, struct gate_conflicts *ret_conflicts, struct fault *fault);

struct gate_entry {
    int64_t id;
    enum gate_act act;
    enum gate_result result;
    struct str number, gate, by, organisation, reason;
    int counted, heads;
    instant at;
    bool offline, undone;
};
struct gate_entries {
    struct gate_entry *p;
    size_t n;
};
/* The last fifty acts of today and yesterday, the newest first. */
enum err gate_latest(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                     struct gate_entries *ret_entries, struct fault *fault);

#endif
