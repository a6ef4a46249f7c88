/* The stand-in's hosted page: what a buyer sees, and the test cards. Plain HTML, one style sheet, no script. */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "pay/standin_parts.h"
#include "pay/standin_words.h"

enum card_end { CARD_PAYS, CARD_DECLINED, CARD_INSUFFICIENT, CARD_ABANDONS, CARD_UNKNOWN };

static const struct test_card {
    const char *number, *shown;
    enum card_end end;
} test_cards[] = {
    {"4242424242424242", "4242 4242 4242 4242", CARD_PAYS},
    {"4000000000000002", "4000 0000 0000 0002", CARD_DECLINED},
    {"4000000000009995", "4000 0000 0000 9995", CARD_INSUFFICIENT},
    {"4000000000000127", "4000 0000 0000 0127", CARD_ABANDONS},
};
enum { TEST_CARDS = sizeof test_cards / sizeof test_cards[0] };

enum field { FIELD_NUMBER, FIELD_EXPIRY, FIELD_CODE, FIELD_NAME, FIELDS };

/* A field as typed, its label and help, and what is wrong with it. */
struct card_field {
    const char *name, *label, *help, *autocomplete, *mode;
    struct str value;
    const char *wrong;
};

struct view {
    const json_t *session;
    const char *merchant, *path;
    const struct standin_words *w;
    struct card_field fields[FIELDS];
    const char *alert; /* above the form, or NULL */
};

static const struct standin_words *words_of(const json_t *session, const struct request *request)
{
    struct str locale = str_of(standin_text(session, "locale"));
    if (str_empty(locale) || str_eq(locale, S("auto"))) {
        locale = request_header(request, "accept-language");
    }
    return str_starts(locale, S("en")) ? &standin_english : &standin_french;
}

static void money(struct buf *out, const struct standin_words *w, int64_t amount)
{
    bool french = w == &standin_french;
    buf_c(out, french ? "" : "€");
    buf_int(out, amount / 100);
    buf_c(out, french ? "," : ".");
    buf_int_padded(out, amount % 100, 2);
    buf_c(out, french ? "\u00a0€" : "");
}

static void top(struct buf *out, const struct standin_words *w, const char *title, const char *merchant)
{
    buf_format(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", w->lang);
    buf_c(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"robots\" content=\"noindex\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<link rel=\"stylesheet\" href=\"/c/style.css\">\n<title>");
    buf_html(out, str_of(title));
    buf_c(out, " – ");
    buf_html(out, str_of(merchant));
    buf_format(out, "</title>\n</head>\n<body>\n<aside class=\"demo\"><p><strong>%s.</strong> %s</p>"
                    "</aside>\n<main>\n", w->demo_title, w->demo);
}

static void bottom(struct buf *out)
{
    buf_c(out, "</main>\n</body>\n</html>\n");
}

static void summary(struct buf *out, const struct view *v)
{
    buf_format(out, "<section class=\"summary\" aria-labelledby=\"s\">\n<h2 id=\"s\">%s</h2>\n<ul>\n", v->w->summary);
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(v->session, "_lines"), i, line) {
        int64_t quantity = standin_number(line, "quantity");
        buf_c(out, "<li><span>");
        buf_html(out, str_of(standin_text(line, "name")));
        buf_c(out, " <small>");
        buf_int(out, quantity);
        buf_c(out, "\u00a0×\u00a0");
        money(out, v->w, standin_number(line, "unit"));
        buf_c(out, "</small></span> <span class=\"sum\">");
        money(out, v->w, standin_number(line, "unit") * quantity);
        buf_c(out, "</span></li>\n");
    }
    buf_format(out, "</ul>\n<p class=\"total\"><span>%s</span> <strong>", v->w->total);
    money(out, v->w, standin_number(v->session, "amount_total"));
    buf_c(out, "</strong></p>\n");
    if (*standin_text(v->session, "customer_email") != '\0') {
        buf_format(out, "<p class=\"mail\">%s%s ", v->w->email, v->w == &standin_french ? "\u00a0:" : ":");
        buf_html(out, str_of(standin_text(v->session, "customer_email")));
        buf_c(out, "</p>\n");
    }
    buf_c(out, "</section>\n");
}

static void field_html(struct buf *out, const struct card_field *f)
{
    buf_format(out, "<div class=\"field %s\">\n<label for=\"%s\">%s</label>\n", f->name, f->name, f->label);
    if (f->help != NULL) {
        buf_format(out, "<p class=\"help\" id=\"%s_help\">%s</p>\n", f->name, f->help);
    }
    if (f->wrong != NULL) {
        buf_format(out, "<p class=\"wrong\" id=\"%s_wrong\">%s</p>\n", f->name, f->wrong);
    }
    buf_format(out, "<input id=\"%s\" name=\"%s\" type=\"text\" autocomplete=\"%s\" inputmode=\"%s\" required "
                    "maxlength=\"100\" spellcheck=\"false\"", f->name, f->name, f->autocomplete, f->mode);
    if (f->help != NULL || f->wrong != NULL) {
        buf_c(out, " aria-describedby=\"");
        if (f->wrong != NULL) {
            buf_format(out, "%s_wrong%s", f->name, f->help != NULL ? " " : "");
        }
        if (f->help != NULL) {
            buf_format(out, "%s_help", f->name);
        }
        buf_char(out, '"');
    }
    buf_c(out, f->wrong != NULL ? " aria-invalid=\"true\" value=\"" : " value=\"");
    buf_html(out, f->value);
    buf_c(out, "\">\n</div>\n");
}

static void card_form(struct buf *out, const struct view *v)
{
    buf_c(out, "<section class=\"card\" aria-labelledby=\"c\">\n");
    buf_format(out, "<h2 id=\"c\">%s</h2>\n", v->w->card);
    if (v->alert != NULL) {
        buf_format(out, "<div class=\"alert\" role=\"alert\"><strong>%s.</strong> %s</div>\n", v->w->wrong_title,
                   v->alert);
    }
    buf_format(out, "<form method=\"post\" action=\"%s\" novalidate>\n", v->path);
    for (int i = 0; i < FIELDS; i++) {
        field_html(out, &v->fields[i]);
    }
    buf_format(out, "<button type=\"submit\">%s ", v->w->pay);
    money(out, v->w, standin_number(v->session, "amount_total"));
    buf_c(out, "</button>\n</form>\n");
    if (*standin_text(v->session, "cancel_url") != '\0') {
        buf_c(out, "<p class=\"back\"><a href=\"");
        buf_html(out, str_of(standin_text(v->session, "cancel_url")));
        buf_format(out, "\">%s</a></p>\n", v->w->back);
    }
    buf_c(out, "</section>\n");
}

static void cards_html(struct buf *out, const struct view *v)
{
    buf_format(out, "<section class=\"cards\" aria-labelledby=\"t\">\n<h2 id=\"t\">%s</h2>\n<ul>\n", v->w->cards);
    for (int i = 0; i < TEST_CARDS; i++) {
        const char *what = test_cards[i].end == CARD_PAYS       ? v->w->pays
                           : test_cards[i].end == CARD_DECLINED ? v->w->declines
                           : test_cards[i].end == CARD_ABANDONS ? v->w->abandons
                                                                : v->w->short_of_money;
        buf_format(out, "<li><code>%s</code> <span>%s</span> <a href=\"%s?fill=%s\">%s <span class=\"hidden\">%s</span>"
                        "</a></li>\n", test_cards[i].shown, what, v->path, test_cards[i].number, v->w->fill,
                   test_cards[i].shown);
    }
    buf_c(out, "</ul>\n</section>\n");
}

static void page_html(struct buf *out, const struct view *v)
{
    top(out, v->w, v->w->title, v->merchant);
    buf_format(out, "<header><p class=\"merchant\">%s <strong>", v->w->pay_to);
    buf_html(out, str_of(v->merchant));
    buf_format(out, "</strong></p>\n<h1>%s</h1></header>\n<div class=\"columns\">\n", v->w->title);
    summary(out, v);
    card_form(out, v);
    buf_c(out, "</div>\n");
    cards_html(out, v);
    bottom(out);
}

/* A page with a sentence and, where there is one, the way back to the shop. */
static void notice(struct response *response, const struct standin *s, const struct standin_words *w, int status,
                   const char *title, const char *text, const char *back)
{
    response->status = status;
    struct buf *out = &response->body;
    top(out, w, title, s->merchant);
    buf_format(out, "<header><h1>%s</h1></header>\n<p>%s</p>\n", title, text);
    if (*back != '\0') {
        buf_c(out, "<p class=\"back\"><a href=\"");
        buf_html(out, str_of(back));
        buf_format(out, "\">%s</a></p>\n", w->to_shop);
    }
    bottom(out);
}

static struct view view_of(const struct standin *s, const struct request *request, const json_t *session)
{
    const struct standin_words *w = words_of(session, request);
    struct view v = {.session = session, .merchant = s->merchant, .w = w,
                     .path = str_format(request->arena, "/c/pay/%s", standin_text(session, "id")).p};
    v.fields[FIELD_NUMBER] = (struct card_field){"card_number", w->number, w->number_help, "cc-number", "numeric"};
    v.fields[FIELD_EXPIRY] = (struct card_field){"card_expiry", w->expiry, w->expiry_help, "cc-exp", "numeric"};
    v.fields[FIELD_CODE] = (struct card_field){"card_cvc", w->code, w->code_help, "cc-csc", "numeric"};
    v.fields[FIELD_NAME] = (struct card_field){"card_name", w->name, NULL, "cc-name", "text"};
    return v;
}

/* Fills the form with one of the test cards, so that a demonstration needs no typing. */
static void fill(struct view *v, struct arena *arena, struct str number, instant now)
{
    for (int i = 0; i < TEST_CARDS; i++) {
        if (str_eq(number, str_of(test_cards[i].number))) {
            int year = date_of((day_number)(now / SECONDS_A_DAY)).year + 2;
            v->fields[FIELD_NUMBER].value = str_of(test_cards[i].shown);
            v->fields[FIELD_EXPIRY].value = str_format(arena, "12/%02d", year % 100);
            v->fields[FIELD_CODE].value = S("123");
            v->fields[FIELD_NAME].value = S("Camille Durand");
        }
    }
}

/* Digits only; blanks and hyphens are how people group them. Empty when there is anything else. */
static struct str digits(struct arena *arena, struct str typed)
{
    char *out = arena_alloc(arena, typed.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c >= '0' && c <= '9') {
            out[n++] = c;
        } else if (c != ' ' && c != '-') {
            return (struct str){0};
        }
    }
    return (struct str){out, n};
}

static bool luhn(struct str number)
{
    int sum = 0;
    for (size_t i = 0; i < number.n; i++) {
        int digit = number.p[number.n - 1 - i] - '0';
        digit = i % 2 == 1 ? digit * 2 : digit;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return number.n >= 12 && number.n <= 19 && sum % 10 == 0;
}

/* «12/28»: the card is good until the end of its month. */
static bool expiry_good(struct arena *arena, struct str typed, instant now)
{
    struct str rest = typed;
    struct str month_text = str_trim(str_cut(&rest, '/'));
    struct str year_text = str_trim(rest);
    int64_t month, year;
    if (year_text.n == 0) { /* typed without the stroke */
        struct str all = digits(arena, month_text);
        month_text = str_sub(all, 0, 2);
        year_text = str_sub(all, 2, SIZE_MAX);
    }
    if (!str_int(month_text, &month) || !str_int(year_text, &year) || month < 1 || month > 12 || year < 0 ||
        year_text.n != 2) {
        return false;
    }
    struct date today = date_of((day_number)(now / SECONDS_A_DAY));
    return year + 2000 > today.year || (year + 2000 == today.year && month >= today.month);
}

/* Reads the form into the view; whether everything is right. */
static bool form_read(struct view *v, const struct request *request, instant now)
{
    struct card_field *f = v->fields;
    for (int i = 0; i < FIELDS; i++) {
        f[i].value = str_sub(str_trim(pairs_get(request->form, str_of(f[i].name))), 0, LIMIT_TEXT_FIELD);
    }
    struct str code = digits(request->arena, f[FIELD_CODE].value);
    f[FIELD_NUMBER].wrong = luhn(digits(request->arena, f[FIELD_NUMBER].value)) ? NULL : v->w->bad_number;
    f[FIELD_EXPIRY].wrong = expiry_good(request->arena, f[FIELD_EXPIRY].value, now) ? NULL : v->w->bad_expiry;
    f[FIELD_CODE].wrong = code.n == 3 || code.n == 4 ? NULL : v->w->bad_code;
    f[FIELD_NAME].wrong = str_empty(f[FIELD_NAME].value) ? v->w->bad_name : NULL;
    for (int i = 0; i < FIELDS; i++) {
        if (f[i].wrong != NULL) {
            v->alert = f[i].wrong;
            return false;
        }
    }
    return true;
}

static enum card_end card_end(struct arena *arena, struct str typed)
{
    struct str number = digits(arena, typed);
    for (int i = 0; i < TEST_CARDS; i++) {
        if (str_eq(number, str_of(test_cards[i].number))) {
            return test_cards[i].end;
        }
    }
    return CARD_UNKNOWN;
}

static void to_success(struct request *request, struct response *response, const json_t *session)
{
    struct str url = str_of(standin_text(session, "success_url")), mark = S("{CHECKOUT_SESSION_ID}");
    struct buf out = buf_new(8192);
    while (url.n != 0) {
        if (str_starts(url, mark)) {
            buf_c(&out, standin_text(session, "id"));
            url = str_sub(url, mark.n, SIZE_MAX);
        } else {
            buf_char(&out, url.p[0]);
            url = str_sub(url, 1, SIZE_MAX);
        }
    }
    response_redirect_external(response, str_dup(request->arena, buf_view(&out)));
    buf_free(&out);
}

/* What a page that is not open says: a second click on «pay» goes where the first one went. */
static void not_open(struct standin *s, struct request *request, struct response *response, const json_t *session)
{
    const struct standin_words *w = words_of(session, request);
    const char *back = standin_text(session, "cancel_url");
    if (session == NULL) {
        notice(response, s, w, 404, w->unknown_title, w->unknown, "");
    } else if (!standin_is(session, "status", "complete")) {
        notice(response, s, w, 410, w->expired_title, w->expired, back);
    } else if (request->method == HTTP_POST) {
        to_success(request, response, session);
    } else {
        notice(response, s, w, 200, w->complete_title, w->complete, back);
    }
}

/* The session of the path if it is open; else the answer is already made. Needs the lock. */
static const json_t *open_session(struct standin *s, struct request *request, struct response *response)
{
    standin_expire_due(s);
    const char *id = str_c(request->arena, pairs_get(request->captures, S("id")));
    const json_t *session = book_get(s->book, BOOK_SESSIONS, id);
    if (!standin_is(session, "status", "open")) {
        not_open(s, request, response, session);
        return NULL;
    }
    return session;
}

void standin_page(void *context, struct request *request, struct response *response, const void *data)
{
    (void)data;
    struct standin *s = context;
    book_lock(s->book);
    const json_t *session = open_session(s, request, response);
    if (session != NULL) {
        struct view v = view_of(s, request, session);
        fill(&v, request->arena, pairs_get(request->query, S("fill")), clock_now(&s->clock));
        page_html(&response->body, &v);
    }
    response_header(response, "Cache-Control", S("no-store"));
    book_unlock(s->book);
}

/* 422 for fields to correct, 402 for a card that was refused; the buyer may try again on the same page. */
static void pay(struct standin *s, struct request *request, struct response *response, const json_t *session)
{
    struct view v = view_of(s, request, session);
    response->status = 422;
    if (form_read(&v, request, clock_now(&s->clock))) {
        response->status = 402;
        switch (card_end(request->arena, v.fields[FIELD_NUMBER].value)) {
        case CARD_PAYS: {
            const char *id = str_c(request->arena, str_of(standin_text(session, "id"))); /* the commit ends `session` */
            standin_put_paid(s, request->arena, session);
            if (standin_commit(s, NULL) == OK) {
                to_success(request, response, book_get(s->book, BOOK_SESSIONS, id));
                return;
            }
            response->status = 500;
            v.alert = v.w->broken;
            break;
        }
        case CARD_DECLINED:
            v.alert = v.w->declined;
            break;
        case CARD_INSUFFICIENT:
            v.alert = v.w->insufficient;
            break;
        case CARD_ABANDONS: /* as a buyer who turns back: nothing is paid and the page stays open */
            if (*standin_text(session, "cancel_url") != '\0') {
                response_redirect_external(response, str_of(standin_text(session, "cancel_url")));
                return;
            }
            v.alert = v.w->declined;
            break;
        case CARD_UNKNOWN:
            v.alert = v.w->not_a_test_card;
            break;
        }
    }
    v.fields[FIELD_CODE].value = (struct str){0}; /* never sent back */
    page_html(&response->body, &v);
}

void standin_pay(void *context, struct request *request, struct response *response, const void *data)
{
    (void)data;
    struct standin *s = context;
    book_lock(s->book);
    const json_t *session = open_session(s, request, response);
    if (session != NULL) {
        pay(s, request, response, session);
    }
    response_header(response, "Cache-Control", S("no-store"));
    book_unlock(s->book);
}
