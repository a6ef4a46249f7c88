/* What a statement does with values and rows, the same on every engine. */
#include "contract/engines.h"

#include <string.h>

#include "contract/fixture.h"

static void begin(struct engine_test *t)
{
    struct fault fault;
    ASSERT_OK(db_begin(t->db, DB_WRITE, &fault), fault);
}

static int64_t add_thing(struct engine_test *t, struct thing_add_in in)
{
    struct fault fault;
    struct thing_add_row row;
    ASSERT_OK(q_thing_add(t->db, t->arena, in, &row, NULL, &fault), fault);
    return row.id;
}

static struct thing_get_row get_thing(struct engine_test *t, int64_t id)
{
    struct fault fault;
    struct thing_get_row row;
    ASSERT_OK(q_thing_get(t->db, t->arena, (struct thing_get_in){id}, &row, NULL, &fault), fault);
    return row;
}

static void assert_same(struct maybe_str actual, struct str expected)
{
    assert_true(actual.is);
    assert_int_equal(actual.v.n, expected.n);
    assert_memory_equal(actual.v.p, expected.p, expected.n);
}

static void integers_come_back(void **state)
{
    struct engine_test *t = *state;
    static const int64_t numbers[] = {0, 1, -1, 127, 128, 255, 256, 65536, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    begin(t);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct thing_get_row row = get_thing(t, add_thing(t, (struct thing_add_in){.number = some_int(numbers[i])}));
        assert_true(row.number.is);
        assert_int_equal(row.number.v, numbers[i]);
    }
}

static void nulls_come_back(void **state)
{
    struct engine_test *t = *state;
    begin(t);
    struct thing_get_row row = get_thing(t, add_thing(t, (struct thing_add_in){.number = {.is = false}}));
    assert_false(row.number.is);
    assert_false(row.words.is);
    assert_false(row.bytes.is);
}

static void texts_come_back(void **state)
{
    struct engine_test *t = *state;
    static const char *const texts[] = {"", "a", "d'Artagnan", "\"quoted\" \\ ?1 $1 :x", "Éléonore à Noël, œuvre",
                                        "巴黎圣礼拜堂", "قوس النصر", "🏰 𝄞", " blanks  and\nlines\t\r\n"};
    begin(t);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t id = add_thing(t, (struct thing_add_in){.words = some_str(str_of(texts[i]))});
        struct thing_get_row row = get_thing(t, id);
        assert_same(row.words, str_of(texts[i]));
        assert_int_equal(row.words.v.p[row.words.v.n], '\0');
    }
    struct thing_get_row row = get_thing(t, add_thing(t, (struct thing_add_in){.words = {true, {NULL, 0}}}));
    assert_same(row.words, S(""));
}

static void bad_text_is_refused(void **state)
{
    struct engine_test *t = *state;
    static const struct str texts[] = {{"a\0b", 3}, {"\xff", 1}, {"\xc3", 1}, {"\xed\xa0\x80", 3}};
    begin(t);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct thing_add_in in = {.words = some_str(texts[i])};
        struct thing_add_row row;
        ASSERT_ERR(q_thing_add(t->db, t->arena, in, &row, NULL, NULL), ERR_INPUT);
    }
    add_thing(t, (struct thing_add_in){.words = some_str(S("the transaction goes on"))});
}

static void blobs_come_back(void **state)
{
    struct engine_test *t = *state;
    char all[256], large[100000];
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)i;
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (char)(i * 7);
    const struct str blobs[] = {{"", 0}, {"\0", 1}, {"a\0b\0", 4}, {all, sizeof all}, {large, sizeof large}};
    begin(t);
    for (size_t i = 0; i < sizeof blobs / sizeof *blobs; i++) {
        struct thing_get_row row = get_thing(t, add_thing(t, (struct thing_add_in){.bytes = some_str(blobs[i])}));
        assert_same(row.bytes, blobs[i]);
    }
}

static void a_missing_row_is_told(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct thing_get_row row = {.number = some_int(42)};
    bool found = true;
    ASSERT_OK(q_thing_get(t->db, t->arena, (struct thing_get_in){1}, &row, &found, &fault), fault);
    assert_false(found);
    ASSERT_ERR(q_thing_get(t->db, t->arena, (struct thing_get_in){1}, &row, NULL, &fault), ERR_NOT_FOUND);
    assert_int_equal(row.number.v, 42);
}

static void a_second_row_is_a_bug(void **state)
{
    struct engine_test *t = *state;
    struct thing_any_row row;
    begin(t);
    add_thing(t, (struct thing_add_in){.number = some_int(1)});
    ASSERT_ERR(q_thing_any(t->db, t->arena, &row, NULL, NULL), OK);
    add_thing(t, (struct thing_add_in){.number = some_int(2)});
    ASSERT_ERR(q_thing_any(t->db, t->arena, &row, NULL, NULL), ERR_BUG);
}

static void a_broken_promise_is_told(void **state)
{
    struct engine_test *t = *state;
    struct thing_strict_row strict;
    struct thing_wrong_type_row wrong;
    begin(t);
    int64_t id = add_thing(t, (struct thing_add_in){.words = some_str(S("words"))});
    ASSERT_ERR(q_thing_strict(t->db, t->arena, (struct thing_strict_in){id}, &strict, NULL, NULL), ERR_DB);
    ASSERT_ERR(q_thing_wrong_type(t->db, t->arena, (struct thing_wrong_type_in){id}, &wrong, NULL, NULL), ERR_DB);
}

static void lists_are_bounded(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct thing_all_list list = {NULL, 99};
    ASSERT_OK(q_thing_all(t->db, t->arena, &list, &fault), fault);
    assert_int_equal(list.n, 0);
    begin(t);
    for (int i = 0; i < 20; i++)
        add_thing(t, (struct thing_add_in){.number = some_int(i * i),
                                           .words = some_str(str_format(t->arena, "%d", i))});
    ASSERT_OK(q_thing_all(t->db, t->arena, &list, &fault), fault);
    assert_int_equal(list.n, 20);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(list.p[i].number.v, i * i);
        assert_same(list.p[i].words, str_format(t->arena, "%d", i));
    }
    add_thing(t, (struct thing_add_in){.number = some_int(0)});
    ASSERT_ERR(q_thing_all(t->db, t->arena, &list, &fault), ERR_LIMIT);
    assert_int_equal(list.n, 20);
}

static void sums_are_integers(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct thing_sums_row row;
    begin(t);
    ASSERT_OK(q_thing_sums(t->db, t->arena, &row, NULL, &fault), fault);
    assert_int_equal(row.sum, 0);
    assert_int_equal(row.truth, 0);
    add_thing(t, (struct thing_add_in){.number = some_int(5000000000)});
    add_thing(t, (struct thing_add_in){.number = some_int(-12340005)});
    ASSERT_OK(q_thing_sums(t->db, t->arena, &row, NULL, &fault), fault);
    assert_int_equal(row.count, 2);
    assert_int_equal(row.sum, 4987659995);
    assert_int_equal(row.truth, 1);
}

static void like_minds_the_case(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct thing_like_list list;
    begin(t);
    add_thing(t, (struct thing_add_in){.words = some_str(S("Paris"))});
    add_thing(t, (struct thing_add_in){.words = some_str(S("paris"))});
    ASSERT_OK(q_thing_like(t->db, t->arena, (struct thing_like_in){S("pa%")}, &list, &fault), fault);
    assert_int_equal(list.n, 1);
    assert_true(str_eq(list.p[0].label, S(":no 'parameter' ::paris")));
}

static void on_conflict_works(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct thing_once_row row;
    bool found;
    int64_t changed = 0;
    begin(t);
    for (int i = 0; i < 2; i++) {
        struct thing_keyed_in in = {7, i == 0 ? S("one") : S("two")};
        ASSERT_OK(q_thing_keyed(t->db, in, &changed, &fault), fault);
        assert_int_equal(changed, 1);
    }
    assert_same(get_thing(t, 7).words, S("two"));
    ASSERT_OK(q_thing_once(t->db, t->arena, (struct thing_once_in){7, S("three")}, &row, &found, &fault), fault);
    assert_false(found);
    ASSERT_OK(q_thing_once(t->db, t->arena, (struct thing_once_in){8, S("three")}, &row, &found, &fault), fault);
    assert_true(found);
    assert_int_equal(row.id, 8);
}

static void changes_are_counted(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    int64_t changed = 99;
    begin(t);
    for (int i = 1; i <= 5; i++)
        ASSERT_OK(q_thing_keyed(t->db, (struct thing_keyed_in){i, S("x")}, NULL, &fault), fault);
    ASSERT_OK(q_thing_change(t->db, (struct thing_change_in){S("y"), 2, 4}, &changed, &fault), fault);
    assert_int_equal(changed, 3);
    ASSERT_OK(q_thing_change(t->db, (struct thing_change_in){S("y"), 20, 40}, &changed, &fault), fault);
    assert_int_equal(changed, 0);
    struct thing_delete_list gone;
    ASSERT_OK(q_thing_delete(t->db, t->arena, (struct thing_delete_in){3}, &gone, &fault), fault);
    assert_int_equal(gone.n, 3);
    ASSERT_OK(q_thing_change(t->db, (struct thing_change_in){S("z"), 1, 5}, &changed, &fault), fault);
    assert_int_equal(changed, 2);
}

static void add_slot(struct engine_test *t, int64_t id, int64_t capacity)
{
    struct fault fault;
    ASSERT_OK(q_slot_add(t->db, (struct slot_add_in){id, capacity}, NULL, &fault), fault);
}

static void constraints_are_conflicts(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    begin(t);
    add_slot(t, 1, 10);
    ASSERT_OK(q_holding_add(t->db, (struct holding_add_in){1, 1, S("key")}, NULL, &fault), fault);
    ASSERT_OK(db_commit(t->db, &fault), fault);
    begin(t);
    ASSERT_ERR(q_slot_add(t->db, (struct slot_add_in){1, 5}, NULL, &fault), ERR_CONFLICT); /* primary key */
    db_rollback(t->db);
    begin(t);
    ASSERT_ERR(q_slot_force(t->db, (struct slot_force_in){1, 11}, NULL, &fault), ERR_CONFLICT); /* check */
    db_rollback(t->db);
    begin(t);
    ASSERT_ERR(q_holding_add(t->db, (struct holding_add_in){1, 1, S("key")}, NULL, &fault), ERR_CONFLICT); /* unique */
    db_rollback(t->db);
    begin(t);
    /* reference */
    ASSERT_ERR(q_holding_add(t->db, (struct holding_add_in){2, 1, S("other")}, NULL, &fault), ERR_CONFLICT);
    db_rollback(t->db);
    assert_true(fault.text[0] != '\0');
}

static void take_says_no_without_a_row(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct slot_take_row row;
    bool found;
    begin(t);
    add_slot(t, 1, 10);
    ASSERT_OK(q_slot_take(t->db, t->arena, (struct slot_take_in){1, 7}, &row, &found, &fault), fault);
    assert_true(found);
    assert_int_equal(row.taken, 7);
    assert_int_equal(row.capacity, 10);
    ASSERT_OK(q_slot_take(t->db, t->arena, (struct slot_take_in){1, 4}, &row, &found, &fault), fault);
    assert_false(found);
    ASSERT_OK(q_slot_take(t->db, t->arena, (struct slot_take_in){1, 3}, &row, &found, &fault), fault);
    assert_int_equal(row.taken, 10);
}

/* Two statements of the same number, as two generated sets in one program have. */
static void numbers_may_clash(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    static const enum db_type types[] = {DB_INT};
    struct db_statement one = {.name = "one", .sqlite = "SELECT 1", .postgres = "SELECT 1", .id = 3, .column_count = 1,
                               .column_types = types};
    struct db_statement two = one;
    two.sqlite = two.postgres = "SELECT 2";
    for (int i = 0; i < 3; i++) {
        struct db_value value;
        bool found;
        ASSERT_OK(db_run_one(t->db, &one, NULL, t->arena, &value, &found, &fault), fault);
        assert_int_equal(value.number, 1);
        ASSERT_OK(db_run_one(t->db, &two, NULL, t->arena, &value, &found, &fault), fault);
        assert_int_equal(value.number, 2);
    }
}

static void a_wrong_declaration_is_a_bug(void **state)
{
    struct engine_test *t = *state;
    static const enum db_type types[] = {DB_INT};
    const struct db_statement wrong = {.name = "wrong", .sqlite = "SELECT 1, 2", .postgres = "SELECT 1, 2", .id = -1,
                                       .column_count = 1, .column_types = types};
    const struct db_statement broken = {.name = "broken", .sqlite = "SELEKT", .postgres = "SELEKT", .id = -1,
                                        .column_count = 1, .column_types = types};
    struct db_value value;
    bool found;
    ASSERT_ERR(db_run_one(t->db, &wrong, NULL, t->arena, &value, &found, NULL), ERR_BUG);
    ASSERT_ERR(db_run_one(t->db, &broken, NULL, t->arena, &value, &found, NULL), ERR_DB);
}

static void one_cursor_at_a_time(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct thing_all_list list;
    const struct db_statement *all = NULL;
    for (int i = 0; i < db_statement_count; i++)
        if (strcmp(db_statements[i]->name, "thing_all") == 0)
            all = db_statements[i];
    assert_non_null(all);
    struct db_cursor *cursor;
    ASSERT_OK(t->db->engine->start(t->db, all, NULL, &cursor, &fault), fault);
    ASSERT_ERR(q_thing_all(t->db, t->arena, &list, &fault), ERR_BUG);
    assert_int_equal(t->db->engine->finish(cursor), 0);
    ASSERT_OK(q_thing_all(t->db, t->arena, &list, &fault), fault);
    assert_int_equal(t->db->engine->finish(NULL), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_come_back),
        cmocka_unit_test(nulls_come_back),
        cmocka_unit_test(texts_come_back),
        cmocka_unit_test(bad_text_is_refused),
        cmocka_unit_test(blobs_come_back),
        cmocka_unit_test(a_missing_row_is_told),
        cmocka_unit_test(a_second_row_is_a_bug),
        cmocka_unit_test(a_broken_promise_is_told),
        cmocka_unit_test(lists_are_bounded),
        cmocka_unit_test(sums_are_integers),
        cmocka_unit_test(like_minds_the_case),
        cmocka_unit_test(on_conflict_works),
        cmocka_unit_test(changes_are_counted),
        cmocka_unit_test(constraints_are_conflicts),
        cmocka_unit_test(take_says_no_without_a_row),
        cmocka_unit_test(numbers_may_clash),
        cmocka_unit_test(a_wrong_declaration_is_a_bug),
        cmocka_unit_test(one_cursor_at_a_time),
    };
    return ENGINES_MAIN(argc, argv, "statements", tests);
}
