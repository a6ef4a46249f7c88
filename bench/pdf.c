/* Tickets as PDF in a loop: 35 tagged pages, as a full coach gets them. `pdf SECONDS`; prints one line of JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "doc/ticket.h"
#include "samples.h"

enum { PAGES = 35 };

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 3;
    struct arena *arena = arena_new();
    struct doc_fonts *fonts = NULL;
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    if (doc_fonts_open(NULL, &fonts, NULL) != OK)
        return 1;
    struct ticket_sheet sheet = sample_group(arena, PAGES);
    int done = 0;
    double begin = seconds_now(), now = begin;
    while (now - begin < seconds) {
        buf_clear(&out);
        if (doc_ticket_pdf(fonts, &sheet, &out, NULL) != OK)
            return 1;
        done++;
        now = seconds_now();
    }
    printf("{\"pages_per_second\": %.1f, \"bytes\": %zu}\n", (double)done * PAGES / (now - begin), out.n);
    buf_free(&out);
    doc_fonts_free(&fonts);
    arena_free(&arena);
    return 0;
}
