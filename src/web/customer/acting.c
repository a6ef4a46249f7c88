/* «Agir pour ce client»: from here on the customers' own pages are this customer's, until «Terminer» (OPS-1). */
#include "service/role_words.h"
#include "templates.h"
#include "web/customer/common.h"
#include "web/customer/pages.h"

static const struct field_spec ACTING[] = {
    F_CHOICE(struct acting_form, person, "personne", MSG_acting_person, .required = true, .radio = true,
             .hint = MSG_acting_person_hint),
    F_REASON(struct acting_form, .hint = MSG_acting_reason_hint),
};

/* «Claire Morel, gestionnaire – claire@…»; a manager first, and chosen already. */
static void prepare(struct page *page, struct acting_view *view)
{
    const struct customer_head *customer = &view->of.customer;
    struct possibilities *possible = &view->form.person.f.possible;
    *possible = (struct possibilities){ARENA_ARRAY(page->arena, customer->people_count + 1, struct possibility), 0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < customer->people_count; i++) {
            const struct customer_member *person = &customer->people[i];
            if ((person->role == ROLE_MANAGER) != (pass == 0))
                continue;
            struct str role = msg_text(page->arena, page->lang, role_message(person->role));
            possible->p[possible->n++] = (struct possibility){
                .value = str_format(page->arena, "%lld", (long long)person->id),
                .text = str_format(page->arena, "%.*s %.*s, %.*s – %.*s", STR_ARG(person->first_name),
                                   STR_ARG(person->last_name), STR_ARG(role), STR_ARG(person->email))};
        }
}

static void show(struct page *page, struct acting_view *view)
{
    account_title(page, MSG_acting_title, &view->form.head);
    tpl_customer_act(page_out(page), page, view);
}

void acting_page(struct page *page)
{
    struct acting_view view = {.of.id = 0};
    if (!customer_find(page, TASK_ACT_FOR, &view.of))
        return;
    prepare(page, &view);
    form_blank(page->arena, FORM(ACTING, view.form));
    if (view.form.person.f.possible.n > 0)
        field_set_choice(&view.form.person, view.form.person.f.possible.p[0].value);
    show(page, &view);
}

void acting_sent(struct page *page)
{
    struct acting_view view = {.of.id = 0};
    if (!customer_find(page, TASK_ACT_FOR, &view.of))
        return;
    prepare(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(ACTING, view.form))) {
        page->response->status = 422;
        show(page, &view);
        return;
    }
    int64_t person_id = 0;
    struct fault fault = {.err = OK};
    (void)str_int(view.form.person.value, &person_id);
    enum err err = staff_act_for(page_service(page), page->arena, page_staff(page), view.of.id, person_id,
                                 view.form.reason.v, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_INFO, MSG_acting_begun);
    page_redirect(page, page_url(page, "/monuments"));
}

static void end(struct page *page)
{
    const struct staff_head *head = page_staff(page);
    struct fault fault = {.err = OK};
    int64_t organisation_id = head->acting.organisation_id;
    enum err err = staff_act_end(page_service(page), page->arena, head, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (organisation_id != 0)
        customer_done(page, organisation_id, MSG_acting_ended);
    else
        page_redirect(page, page_url(page, "/service"));
}

void acting_ended(struct page *page)
{
    if (page->acting || page->staff_side)
        end(page);
    else /* it has ended already, in another window perhaps */
        page_redirect(page, page_url(page, "/service"));
}
