/* What the pages of passes, stock and layouts share. */
#ifndef GUICHET_WEB_RIGHTS_COMMON_H
#define GUICHET_WEB_RIGHTS_COMMON_H

#include "web/app.h"
#include "web/rights/views.h"

/* ---- numbers of a form ---- */

struct sent_numbers {
    struct str *p;
    size_t n;
    enum msg file_error; /* the file cannot be read; MSG_none */
};

/* The numbers of a form in their order: the single fields, then the pasted list, then the file's first column. Blank
 * ones are
 * left out; at most RIGHT_NUMBERS_MOST + 1, each cut to RIGHT_NUMBER_BYTES. */
struct sent_numbers numbers_sent(const struct page *page);

/* Fields for what was sent, each with its answer, and empty ones up to what is needed. `result` NULL: a new form. */
void numbers_fill(struct page *page, const struct sent_numbers *sent, const struct right_result *result,
                  enum right_kind kind, struct numbers_view *view);

/* Leaders and contacts to choose from; with a guide only guides lead. */
void people_fill(struct page *page, const struct leaders *leaders, const struct contacts *contacts, bool guided,
                 int64_t leader_id, int64_t contact_id, struct numbers_view *view);

/* A row id of a form's field; 0 when it is none. */
int64_t sent_id(const struct page *page, const char *name);

/* ---- answers ---- */

/* The badge of a visit's state. */
struct right_line right_line_of(struct right_row *row);
/* The id of {id} in the address; false: the page has ended with 404. */
bool rights_id(struct page *page, const char *name, int64_t *ret_id);
/* A stored file: a download, whatever it holds, and nothing in it runs. */
void rights_file(struct page *page, const struct layout_file *file, int64_t id);
struct layout_line layout_line_of(struct layout *layout);

/* ---- the handlers ---- */

void pass_list_page(struct page *page);
void pass_form_page(struct page *page);
void pass_form_sent(struct page *page);
void pass_booking_page(struct page *page);
void pass_booking_cancelled(struct page *page);
void exchange_page(struct page *page);
void exchange_cancelled(struct page *page);

void stock_desk_page(struct page *page);
void stock_file_sent(struct page *page);
void stock_number_sent(struct page *page);
void stock_right_page(struct page *page);
void stock_right_sent(struct page *page);

void stock_page(struct page *page);
void stock_page_sent(struct page *page);

void layouts_page(struct page *page);
void layout_sent(struct page *page);
void layout_withdrawn(struct page *page);
void layout_format_sent(struct page *page);
void layout_file_page(struct page *page);
void layout_desk_page(struct page *page);
void layout_one_page(struct page *page);
void layout_decided(struct page *page);
void layout_desk_file_page(struct page *page);

void tickets_csv_page(struct page *page);
void tickets_format_sent(struct page *page);

#endif
