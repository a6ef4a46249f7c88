/* Seller and buyer, as printed. */
#include "service/billing.h"

#include "store/queries.h"

struct str billing_seller(struct arena *arena, const struct settings *s)
{
    return str_format(arena, "%.*s\n%.*s\n%.*s %.*s\nSIRET %.*s", STR_ARG(s->seller_name), STR_ARG(s->seller_address),
                      STR_ARG(s->seller_postcode), STR_ARG(s->seller_city), STR_ARG(s->seller_siret));
}

enum err billing_buyer(struct db *db, struct arena *arena, int64_t organisation_id, struct str *ret_block,
                       struct fault *fault)
{
    struct organisation_billing_row row;
    enum err err = q_organisation_billing(db, arena, (struct organisation_billing_in){.id = organisation_id}, &row,
                                          NULL, fault);
    if (err != OK)
        return err;
    bool french = str_eq(row.country, S("FR"));
    struct str block = str_format(arena, "%.*s\n%.*s\n%.*s %.*s %.*s\n%s %.*s", STR_ARG(row.name), STR_ARG(row.address),
                                  STR_ARG(row.postcode), STR_ARG(row.city), STR_ARG(row.country),
                                  french ? "SIRET" : "Reg.", STR_ARG(row.registration));
    if (!str_empty(row.vat_number))
        block = str_format(arena, "%.*s\nTVA %.*s", STR_ARG(block), STR_ARG(row.vat_number));
    *ret_block = block;
    return OK;
}
