/* What a monument's page says of it, and its group rules. */
#include "base/limits.h"
#include "templates.h"
#include "web/monument/common.h"

static const struct field_spec FACTS[] = {
    F_TEXT(struct facts_form, name, "nom", MSG_facts_name, .required = true, .max = MONUMENT_TEXT),
    F_TEXT(struct facts_form, kind, "genre", MSG_facts_kind, .required = true, .max = MONUMENT_TEXT,
           .hint = MSG_facts_kind_hint),
    F_TEXT(struct facts_form, city, "ville", MSG_facts_city, .required = true, .max = MONUMENT_TEXT),
    F_TEXT(struct facts_form, department, "departement", MSG_facts_department, .required = true, .max = MONUMENT_TEXT),
    F_TEXT(struct facts_form, region, "region", MSG_facts_region, .required = true, .max = MONUMENT_TEXT),
    F_TEXT(struct facts_form, latitude, "latitude", MSG_facts_latitude, .required = true, .max = 10,
           .hint = MSG_facts_degrees_hint),
    F_TEXT(struct facts_form, longitude, "longitude", MSG_facts_longitude, .required = true, .max = 10),
    F_LONG_TEXT(struct facts_form, description_fr, "texte_fr", MSG_facts_description_fr, .required = true,
                .max = MONUMENT_DESCRIPTION),
    F_LONG_TEXT(struct facts_form, description_en, "texte_en", MSG_facts_description_en, .required = true,
                .max = MONUMENT_DESCRIPTION),
    F_TEXT(struct facts_form, hours_summer, "ete", MSG_facts_hours_summer, .required = true,
           .hint = MSG_facts_hours_hint),
    F_TEXT(struct facts_form, hours_winter, "hiver", MSG_facts_hours_winter, .required = true),
    F_TEXT(struct facts_form, closing, "fermetures", MSG_facts_closing, .hint = MSG_facts_closing_hint),
    F_EMAIL(struct facts_form, email, "courriel", MSG_facts_email, .required = true),
    F_PHONE(struct facts_form, phone, "telephone", MSG_facts_phone, .required = true),
    F_BOOL(struct facts_form, published, "publie", MSG_facts_published, .hint = MSG_facts_published_hint),
};

static void refuse_facts(struct facts_form *f, enum monument_fault wrong)
{
    const struct {
        struct field *field;
        enum msg error;
    } refusals[] = {
        [MONUMENT_NAME] = {&f->name.f, MSG_form_required},
        [MONUMENT_CITY] = {&f->city.f, MSG_form_required},
        [MONUMENT_DEPARTMENT] = {&f->department.f, MSG_form_required},
        [MONUMENT_REGION] = {&f->region.f, MSG_form_required},
        [MONUMENT_KIND] = {&f->kind.f, MSG_form_required},
        [MONUMENT_DESCRIPTION_FR] = {&f->description_fr.f, MSG_form_required},
        [MONUMENT_DESCRIPTION_EN] = {&f->description_en.f, MSG_form_required},
        [MONUMENT_LATITUDE] = {&f->latitude.f, MSG_facts_degrees_wrong},
        [MONUMENT_LONGITUDE] = {&f->longitude.f, MSG_facts_degrees_wrong},
        [MONUMENT_HOURS_SUMMER] = {&f->hours_summer.f, MSG_facts_hours_wrong},
        [MONUMENT_HOURS_WINTER] = {&f->hours_winter.f, MSG_facts_hours_wrong},
        [MONUMENT_CLOSING] = {&f->closing.f, MSG_facts_closing_wrong},
        [MONUMENT_EMAIL] = {&f->email.f, MSG_form_email},
        [MONUMENT_PHONE] = {&f->phone.f, MSG_form_phone},
    };
    if ((size_t)wrong < sizeof refusals / sizeof *refusals && refusals[wrong].field != NULL)
        form_refuse(&f->head, refusals[wrong].field, refusals[wrong].error);
    else
        form_refuse_all(&f->head, MSG_form_required);
}

static void show_facts(struct page *page, struct facts_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_facts(page_out(page), page, view);
}

void facts_page(struct page *page)
{
    struct facts_view view = {.form = {.published = {.v = false}}};
    struct monument_work work;
    if (!work_open(page, TASK_MONUMENT_EDIT, "fiche", MSG_facts_title, &view.frame, &work))
        return;
    const struct monument *m = &work.monument;
    struct facts_form *f = &view.form;
    form_blank(page->arena, FORM(FACTS, *f));
    field_set_text(&f->name, m->name);
    field_set_text(&f->kind, m->kind);
    field_set_text(&f->city, m->city);
    field_set_text(&f->department, m->department);
    field_set_text(&f->region, m->region);
    field_set_text(&f->latitude, degrees_text(page->arena, m->latitude_e4));
    field_set_text(&f->longitude, degrees_text(page->arena, m->longitude_e4));
    field_set_text(&f->description_fr, m->description_fr);
    field_set_text(&f->description_en, m->description_en);
    field_set_text(&f->hours_summer, m->hours_summer);
    field_set_text(&f->hours_winter, m->hours_winter);
    field_set_text(&f->closing, m->closing_days);
    field_set_text(&f->email, m->contact_email);
    field_set_text(&f->phone, m->contact_phone);
    field_set_bool(&f->published, work.published);
    show_facts(page, &view);
}

void facts_sent(struct page *page)
{
    struct facts_view view = {.form = {.published = {.v = false}}};
    struct staff_caller caller = page_staff_caller(page);
    enum monument_fault wrong = MONUMENT_GOOD;
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_MONUMENT_EDIT, "fiche", MSG_facts_title, &view.frame, NULL))
        return;
    if (form_read(page->arena, page->request->form, FORM(FACTS, view.form))) {
        struct facts_form *f = &view.form;
        struct monument m = {.id = view.frame.id, .name = f->name.v, .city = f->city.v, .department = f->department.v,
                             .region = f->region.v, .kind = f->kind.v, .description_fr = f->description_fr.v,
                             .description_en = f->description_en.v, .hours_summer = f->hours_summer.v,
                             .hours_winter = f->hours_winter.v, .closing_days = f->closing.v,
                             .contact_email = f->email.v, .contact_phone = f->phone.v};
        enum err err = OK;
        if (!degrees_parse(f->latitude.v, &m.latitude_e4))
            wrong = MONUMENT_LATITUDE;
        else if (!degrees_parse(f->longitude.v, &m.longitude_e4))
            wrong = MONUMENT_LONGITUDE;
        else
            err = monument_work_put(page_service(page), page->arena, &caller, &m, f->published.v, &wrong, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == MONUMENT_GOOD) {
            work_done(page, &view.frame, S("/fiche"), MSG_facts_kept);
            return;
        }
        refuse_facts(f, wrong);
    }
    page->response->status = 422;
    show_facts(page, &view);
}

/* ---- group rules ---- */

static const struct field_spec RULE[] = {
    F_INT(struct rule_form, minimum, "minimum", MSG_rules_minimum, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS, .hint = MSG_rules_minimum_hint),
    F_BOOL(struct rule_form, guide, "guide", MSG_rules_guide),
    F_INT(struct rule_form, maximum, "maximum", MSG_rules_maximum, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS, .hint = MSG_rules_maximum_hint),
    F_INT(struct rule_form, option_days, "option", MSG_rules_option, .min = 1, .max = RULE_OPTION_DAYS,
          .hint = MSG_rules_option_hint),
    F_INT(struct rule_form, confirm_days, "confirmation", MSG_rules_confirm_days, .required = true, .min = 0,
          .max = RULE_CONFIRM_MOST, .hint = MSG_rules_confirm_hint),
    F_TIME(struct rule_form, confirm_minute, "heure", MSG_rules_confirm_minute, .required = true),
    F_INT(struct rule_form, sales_close, "cloture", MSG_rules_sales_close, .required = true, .min = 0,
          .max = RULE_SALES_CLOSE_MOST, .hint = MSG_rules_sales_close_hint),
    F_BOOL(struct rule_form, school, "scolaires", MSG_rules_school),
};

static void refuse_rule(struct rule_form *f, enum rule_fault wrong)
{
    switch (wrong) {
    case RULE_MAXIMUM: form_refuse(&f->head, &f->maximum.f, MSG_rules_maximum_wrong); break;
    case RULE_MINIMUM: form_refuse(&f->head, &f->minimum.f, MSG_form_number); break;
    case RULE_OPTION: form_refuse(&f->head, &f->option_days.f, MSG_form_number); break;
    case RULE_CONFIRM_DAYS: form_refuse(&f->head, &f->confirm_days.f, MSG_form_number); break;
    case RULE_CONFIRM_MINUTE: form_refuse(&f->head, &f->confirm_minute.f, MSG_form_time); break;
    case RULE_SALES_CLOSE: form_refuse(&f->head, &f->sales_close.f, MSG_form_number); break;
    default: form_refuse_all(&f->head, MSG_rules_not_here); break;
    }
}

static void show_rule(struct page *page, struct rule_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_rule(page_out(page), page, view);
}

void rule_page(struct page *page)
{
    struct rule_view view = {.contact = false};
    struct monument_work work;
    if (!work_open(page, TASK_SETTINGS, "regles", MSG_rules_title, &view.frame, &work))
        return;
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return;
    struct rule_form *f = &view.form;
    struct group_rule rule = work.monument.rule;
    if (!work.monument.has_rule) /* the network's defaults */
        rule = (struct group_rule){.min_persons = 1, .max_persons = 30,
                                   .confirm_days_before = (int)settings->confirm_days_before,
                                   .confirm_minute = (int)settings->confirm_minute,
                                   .sales_close_minutes = (int)settings->sales_close_minutes};
    view.contact = work.monument.mode == SALE_CONTACT;
    form_blank(page->arena, FORM(RULE, *f));
    field_set_int(page->arena, &f->minimum, rule.min_persons);
    field_set_bool(&f->guide, rule.guide_waives_minimum);
    field_set_int(page->arena, &f->maximum, rule.max_persons);
    if (rule.has_option)
        field_set_int(page->arena, &f->option_days, rule.option_days);
    field_set_int(page->arena, &f->confirm_days, rule.confirm_days_before);
    field_set_time(page->arena, &f->confirm_minute, rule.confirm_minute);
    field_set_int(page->arena, &f->sales_close, rule.sales_close_minutes);
    field_set_bool(&f->school, rule.school_online);
    show_rule(page, &view);
}

void rule_sent(struct page *page)
{
    struct rule_view view = {.contact = false};
    struct monument_work work;
    struct staff_caller caller = page_staff_caller(page);
    enum rule_fault wrong = RULE_GOOD;
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_SETTINGS, "regles", MSG_rules_title, &view.frame, &work))
        return;
    view.contact = work.monument.mode == SALE_CONTACT;
    if (form_read(page->arena, page->request->form, FORM(RULE, view.form))) {
        const struct rule_form *f = &view.form;
        struct group_rule rule = {.min_persons = (int)f->minimum.v, .guide_waives_minimum = f->guide.v,
                                  .max_persons = (int)f->maximum.v, .has_option = f->option_days.f.given,
                                  .option_days = (int)f->option_days.v, .confirm_days_before = (int)f->confirm_days.v,
                                  .confirm_minute = f->confirm_minute.v, .sales_close_minutes = (int)f->sales_close.v,
                                  .school_online = f->school.v};
        enum err err = monument_rule_put(page_service(page), page->arena, &caller, view.frame.id, &rule, &wrong,
                                         &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == RULE_GOOD) {
            work_done(page, &view.frame, S("/regles"), MSG_rules_kept);
            return;
        }
        refuse_rule(&view.form, wrong);
    }
    page->response->status = 422;
    show_rule(page, &view);
}
