/* What the pages of customer service for one customer share; see common.h. */
#include "web/customer/common.h"

bool customer_captured(struct page *page, const char *name, int64_t *ret_id)
{
    if (str_int(page_capture(page, name), ret_id) && *ret_id > 0)
        return true;
    page_error(page, 404);
    return false;
}

bool customer_find(struct page *page, enum task task, struct customer_page_head *ret_head)
{
    int64_t id = 0;
    if (!page_staff_need(page, task) || !customer_captured(page, "id", &id))
        return false;
    struct staff_caller caller = page_staff_caller(page);
    struct customer_page_head head = {.id = id, .key = page_request_key(page)};
    struct fault fault = {.err = OK};
    enum err err = customer_head_read(page_service(page), page->arena, &caller, id, &head.customer, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    head.name = head.customer.organisation.name;
    page->nav = S("service-clients");
    *ret_head = head;
    return true;
}

struct customer_act customer_act_of(const struct page *page, const struct staff_caller *caller,
                                    const struct customer_page_head *head, struct str reason)
{
    return (struct customer_act){.caller = caller, .organisation_id = head->id, .reason = reason,
                                 .request_key = page_sent_key(page)};
}

void customer_done(struct page *page, int64_t organisation_id, enum msg done)
{
    page_flash(page, FLASH_SUCCESS, done);
    page_redirect(page, page_url(page, "/service/organisations/{}",
                                 str_format(page->arena, "%lld", (long long)organisation_id)));
}

enum msg customer_refusal_message(enum customer_refusal refusal)
{
    switch (refusal) {
    case CUSTOMER_REFUSED_NOT: return MSG_none;
    case CUSTOMER_OPTION_ENDED: return MSG_customer_refused_ended;
    case CUSTOMER_OPTION_PAYING: return MSG_customer_refused_paying;
    case CUSTOMER_NOT_LATER: return MSG_customer_refused_not_later;
    case CUSTOMER_AFTER_CONFIRM: return MSG_customer_refused_after_confirm;
    case CUSTOMER_AFTER_START: return MSG_customer_refused_after_start;
    case CUSTOMER_MAIL_WAITING: return MSG_customer_refused_mail_waiting;
    case CUSTOMER_MAIL_GONE: return MSG_customer_refused_mail_gone;
    case CUSTOMER_MAIL_OFTEN: return MSG_customer_refused_mail_often;
    }
    return MSG_none;
}
