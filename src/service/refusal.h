/* Why the domain said no. Each has a message (`refusal.<word>`) in both languages that says what to do. */
#ifndef GUICHET_SERVICE_REFUSAL_H
#define GUICHET_SERVICE_REFUSAL_H

enum refusal {
    REFUSED_NOT = 0,
    /* places */
    REFUSED_NO_SLOT,         /* there is no such slot */
    REFUSED_FULL,            /* no place left */
    REFUSED_SHORT,           /* fewer places left than asked */
    REFUSED_NOT_FOR_GROUPS,
    REFUSED_CLOSED,
    REFUSED_PAST,
    REFUSED_NOT_ON_SALE,
    REFUSED_BELOW_MINIMUM,   /* PLA-3: group booking starts at a number */
    REFUSED_ABOVE_MAXIMUM,   /* PLA-2: more than a group may be; the splitter helps */
    REFUSED_NO_OPTION_HERE,  /* OPT-1: this monument has no options */
    REFUSED_NO_OPTION_SCHOOL,/* VIS-1: school and special groups pay, no option */
    REFUSED_SCHOOL_ELSEWHERE,/* VIS-1: not online at this monument: its contact */
    REFUSED_OPTION_TOO_LATE, /* the last-confirmation time before the visit has passed */
    REFUSED_NO_TARIFF,
    REFUSED_NO_SPLIT,        /* PLA-5: the window cannot hold the whole group */
    REFUSED_NOT_SOLD_SO,     /* the monument does not sell this kind of ticket */
    REFUSED_ENDED,           /* the option or hold has ended */
    REFUSED_CART_FULL,
    REFUSED_OPTION_CAP,      /* OPT-7: the organisation has as many live options as it may */
    REFUSED_NUMBER,          /* the number of persons or tickets is not usable */
    REFUSED_PAYING,          /* a payment for it is under way */
    /* checkout */
    REFUSED_CART_EMPTY,
    REFUSED_LEADER_MISSING,  /* COM-2: «Tous les accompagnateurs ne sont pas renseignés» */
    REFUSED_TERMS,           /* the terms of sale are not accepted */
    REFUSED_CONTACT,         /* the chosen contact does not exist (any more) */
    REFUSED_TRANSFER,        /* transfer is not allowed for this account (CRT-4) */
    REFUSED_TRANSFER_LATE,   /* the visit is too near for a transfer (CRT-4) */
    REFUSED_TRANSFER_ASKED,  /* as many requests to pay by transfer wait as may */
    REFUSED_PAID,            /* the order is paid already */
    REFUSED_ORDER_ENDED,     /* the order has expired */
    REFUSED_PROVIDER         /* the payment provider does not answer: nothing was charged, try again */
};

#endif
