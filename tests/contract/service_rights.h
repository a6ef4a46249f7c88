/* Steps that the tests of passes, stock and layouts share. */
#ifndef GUICHET_TESTS_SERVICE_RIGHTS_H
#define GUICHET_TESTS_SERVICE_RIGHTS_H

#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/layout.h"
#include "service/pass_booking.h"
#include "service/stock.h"
#include "service/stock_booking.h"
#include "service/ticket_csv.h"

struct desk {
    struct buyer *buyer;
    struct staff_caller service; /* customer service */
    int keys;
};

static inline struct desk *open_desk(struct stage *stage)
{
    struct desk *desk = ARENA_NEW(stage->arena, struct desk);
    desk->service = worker(stage, "service@network.example", ROLE_CUSTOMER_SERVICE).head.caller;
    desk->buyer = open_shop(stage);
    return desk;
}

/* «A001», «A002» …: numbers that are plausible and differ. */
static inline struct str *numbers_from(struct stage *stage, const char *letter, int first, int count)
{
    struct str *numbers = ARENA_ARRAY(stage->arena, (size_t)count + 1, struct str);
    for (int i = 0; i < count; i++)
        numbers[i] = str_format(stage->arena, "%s%04d", letter, first + i);
    return numbers;
}

static inline struct right_wish wish_for(struct stage *stage, struct desk *desk, int monument, int slot_index,
                                         int persons, const struct str *numbers, int count)
{
    return (struct right_wish){.monument_id = monument,
                               .start_at = desk->buyer->slots + slot_index * HOUR,
                               .persons = persons,
                               .audience = AUDIENCE_ADULTS,
                               .leader = LEADER_ACCOMPANYING,
                               .leader_id = desk->buyer->guide,
                               .numbers = numbers,
                               .count = (size_t)count,
                               .request_key = str_format(stage->arena, "form-%d", ++desk->keys)};
}

static inline struct right_result book_passes(struct stage *stage, struct desk *desk, const struct right_wish *wish)
{
    struct right_result result = {.done = false};
    stage_ok(pass_book(&stage->service, stage->arena, &desk->service, desk->buyer->caller.organisation_id, 0, wish,
                       &result, &fault));
    return result;
}

static inline struct right_result book_stock(struct stage *stage, struct desk *desk, const struct right_wish *wish)
{
    struct right_result result = {.done = false};
    stage_ok(stock_book(&stage->service, stage->arena, &desk->buyer->caller, wish, S("v1"), &result, &fault));
    return result;
}

static inline bool set_right(struct stage *stage, struct desk *desk, bool grant)
{
    bool changed = false;
    stage_ok(stock_right_set(&stage->service, stage->arena, &desk->service, desk->buyer->caller.organisation_id, grant,
                             S("by telephone"), &changed, &fault));
    return changed;
}

static inline struct stock_import import(struct stage *stage, struct desk *desk, const char *text)
{
    struct stock_import result = {.done = false};
    stage_ok(stock_import(&stage->service, stage->arena, &desk->service, S("list.csv"), str_of(text), &result, &fault));
    return result;
}

/* `count` numbers of a monument in stock until the end of 2027, and the right to use them. */
static inline struct str *stocked(struct stage *stage, struct desk *desk, const char *letter, const char *slug,
                                  int count)
{
    struct buf file = buf_new(1 << 16);
    struct str *numbers = numbers_from(stage, letter, 1, count);
    for (int i = 0; i < count; i++)
        buf_format(&file, "%.*s;%s;2027-12-31\n", STR_ARG(numbers[i]), slug);
    assert_true(import(stage, desk, str_dup(stage->arena, buf_view(&file)).p).done);
    buf_free(&file);
    return numbers;
}

static inline int64_t count_of(struct stage *stage, const char *what)
{
    return stage_number(stage, str_format(stage->arena, "SELECT count(*) FROM %s", what).p);
}

#endif
