/* What the printed documents say: plain texts that a service fills and the document room lays out.
 *
 * The document room knows no language, no price format and no calendar: every text here is already in the reader's
 * language, labels included. All texts are UTF-8 and must live until the document function returns. An empty text
 * leaves its line out, label and all. */
#ifndef GUICHET_DOMAIN_DOCUMENT_H
#define GUICHET_DOMAIN_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/civil.h"
#include "base/str.h"

struct sheet_texts {
    const struct str *p;
    size_t n;
};

/* ---- Tickets: one A4 page a person (TKT-1), one sheet for each visit or each batch of undated tickets. ---- */

enum sheet_kind {
    SHEET_SLOT,   /* valid for one day and time */
    SHEET_DATED,  /* valid for one day */
    SHEET_UNDATED /* valid until a day */
};

enum sheet_role { SHEET_VISITOR, SHEET_GUIDE, SHEET_LEADER };

struct sheet_ticket {
    struct str number;     /* what a gate agent types; shown in groups of four when it is one unbroken word */
    struct str qr;         /* payload of the QR code, 1 to 600 bytes */
    struct str tariff;     /* «Tarif groupe adultes» */
    struct str price;      /* «11,00 €» or «gratuit» */
    enum sheet_role role;
    struct str role_label; /* «Visiteur», «Guide-conférencier», «Accompagnateur» */
    struct str proof;      /* set where proof is due: «Justificatif professionnel obligatoire à l’entrée» (COM-3) */
    struct str holder;     /* name of this ticket's person when known */
    int seq, total;        /* «3 / 25» */
};

/* The words around the values, in the reader's language. */
struct ticket_labels {
    struct str title;        /* document title: «Billets, commande GU-7K3M» */
    struct str kind;         /* over the monument: «Billet de groupe», «E-billet» */
    struct str page;         /* before «3 / 25»: «Billet» */
    struct str date;         /* «Date» */
    struct str time;         /* «Heure d’entrée» */
    struct str valid;        /* «Valable jusqu’au» */
    struct str number;       /* «Numéro de billet» */
    struct str tariff;       /* «Tarif» */
    struct str price;        /* «Prix» */
    struct str holder;       /* «Titulaire» */
    struct str organisation; /* «Organisation» */
    struct str group;        /* «Groupe» */
    struct str leader;       /* «Accompagnateur» */
    struct str persons;      /* «Effectif» */
    struct str order;        /* «Commande» */
    struct str conditions;   /* heading: «Conditions» */
    struct str contact;      /* heading: «Contact» */
    struct str qr_alt;       /* said before the number by a screen reader: «Code QR du billet» */
};

struct ticket_sheet {
    struct ticket_labels labels;
    struct str language; /* BCP 47: «fr», «en» */
    enum sheet_kind kind;
    struct str network;  /* name of the network, top left */
    struct str monument;
    struct str city;
    struct str address;
    struct str date;       /* SHEET_SLOT, SHEET_DATED: «samedi 12 décembre 2026» */
    struct str time;       /* SHEET_SLOT: «10 h 30» */
    struct str valid_until; /* SHEET_UNDATED: «23 novembre 2029» */
    struct str validity_note; /* under the date: «Valable uniquement pour cette date et ce créneau.» */
    struct str organisation;
    struct str group;
    struct str leader;
    struct str persons;    /* «25 personnes, accompagnateur compris» */
    struct str order;      /* the order's reference */
    struct sheet_texts conditions; /* at most 12 are printed */
    struct sheet_texts contact;    /* lines: desk, e-mail, telephone */
    struct str seller;     /* foot: name, address, SIRET */
    const struct sheet_ticket *tickets;
    size_t ticket_count;   /* 1 to LIMIT_ORDER_TICKETS */
};

/* ---- Invoices, credit notes and pro formas. The figures are already rounded (VAT per rate on totals). ---- */

struct invoice_line {
    struct str description; /* «Sainte-Chapelle – visite de groupe, 12/12/2026 10 h 30» */
    struct str why;         /* smaller, below: why this price («tarif groupe à partir de 8 personnes») */
    struct str quantity;
    struct str unit;        /* unit price */
    struct str vat;         /* «10 %», «hors champ»; the column is left out when no line has one */
    struct str total;
};

struct invoice_vat {
    struct str label; /* «TVA 10 %» or «Hors champ de la TVA» */
    struct str base;
    struct str vat;
};

struct invoice_amount {
    struct str label;
    struct str amount;
    bool strong; /* the sum that matters: «Total à payer» */
};

struct invoice_fact {
    struct str label; /* «Commande», «Date d’émission», «Échéance», «SIRET» */
    struct str value;
};

struct invoice_labels {
    struct str seller, buyer; /* «Vendeur», «Client» */
    struct str description, quantity, unit, vat, total; /* column headings */
    struct str vat_heading;   /* «Détail de la TVA» */
    struct str vat_label, vat_base, vat_amount; /* its columns: «Régime», «Base», «TVA» */
    struct str page;          /* «Page», before «1 / 2» */
    struct str continued;     /* at the foot of a page that is not the last: «Suite page suivante»; may be empty */
};

struct invoice_sheet {
    struct invoice_labels labels;
    struct str language;
    struct str title;    /* «Facture», «Facture d’avoir», «Facture pro forma» */
    struct str number;   /* gap-free; empty on a pro forma */
    struct str network;  /* name shown at the top left */
    instant issued;      /* for the file's metadata; 0 leaves it out */
    const struct invoice_fact *facts; /* issue date, order, visit dates, due date… top right */
    size_t fact_count; /* at most 24 */
    struct str seller_name, buyer_name;
    struct sheet_texts seller, buyer; /* address lines, SIRET, VAT number, e-mail */
    const struct invoice_line *lines;
    size_t line_count;   /* at most 4000 */
    const struct invoice_vat *vat;
    size_t vat_count;    /* at most 12 */
    const struct invoice_amount *amounts; /* total before VAT, VAT, total, already paid, left to pay */
    size_t amount_count; /* at most 12 */
    struct str paid;     /* «Payée par carte bancaire le 23/11/2026» or empty */
    struct sheet_texts payment; /* bank details, reference for a transfer */
    struct str qr;       /* payload of a code beside them, for a banking application; empty: none */
    struct str qr_alt;   /* what a screen reader says of it */
    struct str qr_label; /* printed below it */
    struct sheet_texts mentions; /* legal lines: VAT ground, late payment, recovery fee, discount */
};

/* ---- The sales manual (CAT-2), generated from the catalogue. ---- */

struct manual_rule { /* one row of the booking rules of the planning monuments (PLA-3) */
    struct str monument;
    struct str mandatory; /* «À partir de 8 personnes, ou toute taille avec un guide» */
    struct str maximum;   /* «26 personnes» */
    struct str option;    /* «60 jours», «Pas d’option» */
};

struct manual_entry {
    struct str region;  /* entries are sorted by region by the caller; a heading is set where it changes */
    struct str name;
    struct str place;   /* «Paris (Paris)» */
    struct str kind;    /* «château», «abbaye» */
    struct str summary;
    struct str hours;
    struct str closing;
    struct str prices;
    struct str booking; /* how groups book here */
    struct str contact;
};

struct manual_step {
    struct str title;
    struct str text;
};

struct manual_labels {
    struct str booking_heading; /* «Comment réserver» */
    struct str rules_heading;   /* «Réservation en ligne pour les groupes» */
    struct str rule_monument, rule_mandatory, rule_maximum, rule_option; /* column headings */
    struct str contents;        /* «Sommaire» */
    struct str hours, closing, prices, booking, contact; /* before each value */
    struct str page;            /* «page», for the reader of a link: «Sainte-Chapelle, page 12» */
};

struct manual_sheet {
    struct manual_labels labels;
    struct str language;
    struct str network;
    struct str title;    /* «Manuel de vente» */
    struct str subtitle; /* «Groupes et professionnels du tourisme» */
    struct str edition;  /* «Édition du 23 novembre 2026» */
    struct sheet_texts intro; /* paragraphs */
    const struct manual_step *steps; /* how to book: headings with a paragraph each */
    size_t step_count;
    const struct manual_rule *rules;
    size_t rule_count;
    const struct manual_entry *entries;
    size_t entry_count;  /* at most 1000 */
    struct sheet_texts contact; /* last lines of the cover */
};

/* ---- The confirmation of a reservation at a monument without slots (MON-2): one page. ---- */

struct confirmation_fact {
    struct str label; /* «Date», «Heure», «Effectif» */
    struct str value;
};

struct confirmation_labels {
    struct str reference;  /* «Réservation» */
    struct str date, time; /* the two that matter, large */
    struct str validity;   /* heading over what the confirmation is valid for */
    struct str payment, conditions, contact; /* headings */
};

struct confirmation_sheet {
    struct confirmation_labels labels;
    struct str language;
    struct str network;
    struct str title;      /* «Confirmation de réservation» */
    struct str reference;
    struct str monument, place; /* «Abbaye de Cluny», «Cluny» */
    struct str date;       /* «samedi 12 décembre 2026» */
    struct str time;       /* «10:30» */
    struct str validity;   /* «Valable uniquement le …» */
    const struct confirmation_fact *facts; /* organisation, persons, leader … at most 12 are printed */
    size_t fact_count;
    struct sheet_texts payment;    /* paid with which order, or at the till */
    struct sheet_texts conditions; /* at most 12 are printed */
    struct sheet_texts contact;    /* lines: monument, e-mail, telephone */
    struct str seller;     /* foot */
    instant issued;        /* for the file's metadata; 0 leaves it out */
};

#endif
