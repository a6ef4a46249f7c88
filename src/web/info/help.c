/* Help (CAT-5): every question that customers ask, with its answer in the product's own words. The answers are in the
 * templates info_help_*.html and in the messages; what depends on data (rules, addresses, numbers) is read here, so
 * that help never says anything else than the pages do. */
#include "domain/audience.h"
#include "service/catalogue.h"
#include "service/monument_words.h"
#include "templates.h"
#include "web/app.h"
#include "web/info/pages.h"
#include "web/info/views.h"

/* ---- questions -------------------------------------------------------------------------------------------------- */

static const struct help_question BOOKING[] = {
    {"reservation-en-ligne", MSG_help_q_online},
    {"minimum", MSG_help_q_minimum},
    {"grand-groupe", MSG_help_q_large},
    {"creneau-indisponible", MSG_help_q_unavailable},
    {"modifier", MSG_help_q_change},
};
static const struct help_question OPTIONS[] = {
    {"option", MSG_help_q_option},
    {"valider-option", MSG_help_q_confirm},
    {"annuler-option", MSG_help_q_cancel},
};
static const struct help_question LEADERS[] = {
    {"accompagnateur", MSG_help_q_leader},
    {"billet-accompagnateur", MSG_help_q_leader_ticket},
    {"accompagnateurs-manquants", MSG_help_q_leader_missing},
};
static const struct help_question PAYMENT[] = {
    {"moyens-de-paiement", MSG_help_q_means},
    {"facture", MSG_help_q_invoice},
    {"remboursement", MSG_help_q_refund},
    {"annulation-monument", MSG_help_q_closure},
};
static const struct help_question TICKETS[] = {
    {"attribution", MSG_help_q_attribution}, {"validite", MSG_help_q_validity}, {"format-billets", MSG_help_q_format},
    {"deja-billets", MSG_help_q_stock},      {"pmp", MSG_help_q_pmp},
};
static const struct help_question ELSEWHERE[] = {
    {"autres-monuments", MSG_help_q_others},
    {"scolaires", MSG_help_q_school},
    {"visites-conferences", MSG_help_q_lectures},
};
static const struct help_question ACCOUNT[] = {
    {"compte-erreur", MSG_help_q_account},
    {"changer-email", MSG_help_q_email},
    {"service-client", MSG_help_q_service},
    {"manuel-de-vente", MSG_help_q_manual},
};

#define GROUP(id_, title_, questions_)                                                                               \
    {.id = (id_), .title = (title_), .questions = {(questions_), sizeof(questions_) / sizeof((questions_)[0])}}
static const struct help_group GROUPS[] = {
    GROUP("reserver", MSG_help_booking, BOOKING),  GROUP("options", MSG_help_options, OPTIONS),
    GROUP("accompagnateurs", MSG_help_leaders, LEADERS), GROUP("paiement", MSG_help_payment, PAYMENT),
    GROUP("billets", MSG_help_tickets, TICKETS),   GROUP("autres-visites", MSG_help_elsewhere, ELSEWHERE),
    GROUP("compte", MSG_help_account, ACCOUNT),
};

/* ---- data ------------------------------------------------------------------------------------------------------- */

/* «A, B et C». */
static struct str names_joined(const struct page *page, struct str sofar, struct str name, bool last)
{
    if (sofar.n == 0)
        return name;
    return last ? msg_text(page->arena, page->lang, MSG_help_and, ARG("a", sofar), ARG("b", name))
                : str_format(page->arena, "%.*s, %.*s", STR_ARG(sofar), STR_ARG(name));
}

static struct str names_of(const struct page *page, const struct monument_list *a, const struct monument_list *b)
{
    struct str names = {0};
    size_t total = a->n + b->n;
    for (size_t i = 0; i < total; i++) {
        const struct monument *monument = i < a->n ? &a->p[i] : &b->p[i - a->n];
        names = names_joined(page, names, monument->name, i + 1 == total);
    }
    return names;
}

static struct safe_url planning_of(const struct page *page, const struct monument *monument, const char *query)
{
    struct str path = page_url(page, "/monuments/{}/planning", monument->slug);
    return safe_url_of_path(str_format(page->arena, "%.*s%s", STR_ARG(path), query));
}

static void rules_fill(const struct page *page, const struct monument_list *list, struct help_view *view)
{
    struct arena *arena = page->arena;
    view->rules.p = ARENA_ARRAY(arena, list->n + 1, struct help_rule);
    view->school.p = ARENA_ARRAY(arena, list->n + 1, struct help_link);
    for (size_t i = 0; i < list->n; i++) {
        const struct monument *monument = &list->p[i];
        if (!monument->has_rule)
            continue;
        view->rules.p[view->rules.n++] = (struct help_rule){
            .name = monument->name, .minimum = words_minimum(arena, page->lang, &monument->rule),
            .maximum = words_maximum(arena, page->lang, &monument->rule, false),
            .option = words_option(arena, page->lang, &monument->rule), .planning = planning_of(page, monument, "")};
        if (group_sold_online(&monument->rule, AUDIENCE_SCHOOL))
            view->school.p[view->school.n++] =
                (struct help_link){monument->name, planning_of(page, monument, "?public=school")};
    }
}

static enum err catalogue_fill(struct page *page, struct help_view *view, struct fault *fault)
{
    struct monument_list slots = {0}, dated = {0};
    struct catalogue_filter filter = {.has_mode = true, .mode = SALE_GROUP_SLOTS};
    enum err err = catalogue_search(page_service(page), page->arena, filter, &slots, fault);
    filter.mode = SALE_DATED;
    if (err == OK)
        err = catalogue_search(page_service(page), page->arena, filter, &dated, fault);
    if (err != OK)
        return err;
    rules_fill(page, &slots, view);
    view->slots = names_of(page, &slots, &(struct monument_list){0});
    view->timed = names_of(page, &slots, &dated);
    return OK;
}

void help_page(struct page *page)
{
    struct fault fault = {.err = OK};
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return;
    struct help_view view = {
        .groups = {GROUPS, sizeof GROUPS / sizeof GROUPS[0]}, .service = settings->contact_groups,
        .lectures = settings->contact_lectures, .shop_text = settings->public_shop,
        .shop = safe_url_external(settings->public_shop),
        .leader_missing = msg_text(page->arena, page->lang, refusal_message(REFUSED_LEADER_MISSING)),
        .leader_free_above = settings->leader_free_above, .validity_years = settings->ticket_validity_years};
    enum err err = catalogue_fill(page, &view, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page->title = msg_text(page->arena, page->lang, MSG_help_title);
    page->description = msg_text(page->arena, page->lang, MSG_help_description);
    tpl_info_help(page_out(page), page, &view);
}
