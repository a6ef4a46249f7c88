/* Callers of a writer, each in its own thread, and a gate that holds the writer until they all wait. */
#ifndef GUICHET_TESTS_CROWD_H
#define GUICHET_TESTS_CROWD_H

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include "contract/engines.h"
#include "contract/fixture.h"
#include "db/writer.h"

/* One booking: takes places of a slot and writes who holds them. */
struct booking {
    int64_t slot_id;
    int64_t persons;
    struct str key;
    int runs;      /* how often the command was run */
    int64_t taken; /* after it */
};

static inline enum err book(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct booking *booking = argument;
    struct slot_take_row row;
    bool found;
    booking->runs++;
    /* The holding comes first, so that a refusal has something to undo. */
    enum err err = q_holding_add(
        db, (struct holding_add_in){booking->slot_id, booking->persons, booking->key}, NULL, fault);
    if (err == OK)
        err = q_slot_take(db, arena, (struct slot_take_in){booking->slot_id, booking->persons}, &row, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_REFUSED, "sold out");
    if (err == OK)
        booking->taken = row.taken;
    return err;
}

struct caller {
    struct writer *writer;
    write_command command;
    void *argument;
    int64_t order;
    enum err err;
    struct fault fault;
    pthread_t thread;
};

static inline void *caller_main(void *context)
{
    struct caller *caller = context;
    struct arena *arena = arena_new();
    caller->err = writer_run(caller->writer, caller->command, caller->order, arena, caller->argument, &caller->fault);
    arena_free(&arena);
    return NULL;
}

/* A command that waits inside the writer until it is let go. */
struct gate {
    sem_t entered, leave;
    struct caller caller;
};

static inline enum err stand_in_gate(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct gate *gate = argument;
    (void)db;
    (void)arena;
    sem_post(&gate->entered);
    sem_wait(&gate->leave);
    return fault_set(fault, ERR_REFUSED, "the gate changes nothing");
}

static inline void start_caller(struct caller *caller)
{
    assert_int_equal(pthread_create(&caller->thread, NULL, caller_main, caller), 0);
}

static inline void close_gate(struct gate *gate, struct writer *writer)
{
    sem_init(&gate->entered, 0, 0);
    sem_init(&gate->leave, 0, 0);
    gate->caller = (struct caller){.writer = writer, .command = stand_in_gate, .argument = gate};
    start_caller(&gate->caller);
    sem_wait(&gate->entered);
}

static inline void open_gate(struct gate *gate)
{
    sem_post(&gate->leave);
    pthread_join(gate->caller.thread, NULL);
    sem_destroy(&gate->entered);
    sem_destroy(&gate->leave);
}

static inline void wait_for_queue(struct writer *writer, int64_t waiting)
{
    while (writer_stats(writer).waiting < waiting)
        sched_yield();
}

/* Runs all callers so that they are in one batch of the writer, queued in the order of the array. */
static inline void run_as_one_batch(struct writer *writer, struct caller *callers, int count)
{
    struct gate gate;
    close_gate(&gate, writer);
    for (int i = 0; i < count; i++) {
        callers[i].writer = writer;
        start_caller(&callers[i]);
        wait_for_queue(writer, i + 1);
    }
    open_gate(&gate);
    for (int i = 0; i < count; i++)
        pthread_join(callers[i].thread, NULL);
}

static inline void add_slot(struct engine_test *t, int64_t id, int64_t capacity)
{
    struct fault fault;
    ASSERT_OK(db_begin(t->db, DB_WRITE, &fault), fault);
    ASSERT_OK(q_slot_add(t->db, (struct slot_add_in){id, capacity}, NULL, &fault), fault);
    ASSERT_OK(db_commit(t->db, &fault), fault);
}

/* The invariant: what is taken is held. */
static inline struct slot_balance_row balance(struct engine_test *t, int64_t id)
{
    struct fault fault;
    struct slot_balance_row row;
    ASSERT_OK(q_slot_balance(t->db, t->arena, (struct slot_balance_in){id}, &row, NULL, &fault), fault);
    assert_int_equal(row.taken, row.held);
    return row;
}

#endif
