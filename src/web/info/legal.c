/* Terms of sale, privacy, accessibility: texts of the network with versions (CRT-2). The version of an order stays
 * readable. */
#include "templates.h"
#include "web/app.h"
#include "web/info/pages.h"
#include "web/info/views.h"

static day_number day_of_instant(const struct page *page, instant at)
{
    return local_of(page->zone, at).day;
}

/* Paragraphs are separated by blank lines; one that starts with «## » is a heading (service/settings.h). */
static struct legal_paragraphs paragraphs_of(struct arena *arena, struct str body)
{
    size_t most = 1;
    for (size_t i = 0; i < body.n; i++)
        most += body.p[i] == '\n';
    struct legal_paragraphs paragraphs = {.p = ARENA_ARRAY(arena, most, struct legal_paragraph)};
    bool open = false;
    while (body.n > 0) {
        struct str line = str_trim(str_cut(&body, '\n'));
        bool heading = str_starts(line, S("## "));
        if (line.n > 0 && open && !heading) { /* a paragraph over several lines */
            struct str *text = &paragraphs.p[paragraphs.n - 1].text;
            *text = str_format(arena, "%.*s %.*s", STR_ARG(*text), STR_ARG(line));
        } else if (line.n > 0) {
            paragraphs.p[paragraphs.n++] =
                (struct legal_paragraph){heading, heading ? str_sub(line, 3, line.n) : line};
        }
        open = line.n > 0 && !heading;
    }
    return paragraphs;
}

static struct legal_choices choices_of(const struct page *page, const struct legal_page *legal)
{
    struct legal_choices choices = {.p = ARENA_ARRAY(page->arena, legal->versions.n + 1, struct legal_choice),
                                    .n = legal->versions.n};
    for (size_t i = 0; i < choices.n; i++) {
        const struct legal_version *version = &legal->versions.p[i];
        choices.p[i] = (struct legal_choice){version->version, day_of_instant(page, version->effective_at),
                                             str_eq(version->version, legal->text.version)};
    }
    return choices;
}

static void legal_show(struct page *page, enum legal_kind kind, const char *path, enum msg title)
{
    struct legal_page legal;
    struct fault fault = {.err = OK};
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return;
    enum err err = legal_page_load(page_service(page), page->arena, kind, page->lang, page_query(page, "version"),
                                   page->now, &legal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct legal_view view = {.title = title, .path = path, .version = legal.text.version,
                              .service = settings->contact_groups,
                              .since = day_of_instant(page, legal.text.effective_at), .in_force = legal.in_force,
                              .paragraphs = paragraphs_of(page->arena, legal.text.body),
                              .versions = choices_of(page, &legal)};
    page->title = msg_text(page->arena, page->lang, title);
    tpl_info_legal(page_out(page), page, &view);
}

void terms_page(struct page *page)
{
    legal_show(page, LEGAL_TERMS, "cgv", MSG_legal_terms);
}

void privacy_page(struct page *page)
{
    legal_show(page, LEGAL_PRIVACY, "confidentialite", MSG_legal_privacy);
}

void accessibility_page(struct page *page)
{
    legal_show(page, LEGAL_ACCESSIBILITY, "accessibilite", MSG_legal_accessibility);
}
