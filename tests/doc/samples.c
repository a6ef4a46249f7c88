/* The sample documents. Parties, numbers and addresses are fictional. */
#include "samples.h"

#include <stdio.h>

static struct sheet_texts texts(struct arena *arena, const char *const *list)
{
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    struct str *p = ARENA_ARRAY(arena, count, struct str);
    for (size_t i = 0; i < count; i++)
        p[i] = str_of(list[i]);
    return (struct sheet_texts){p, count};
}

/* ---- Tickets. ---- */

static struct ticket_labels french_labels(void)
{
    return (struct ticket_labels){.title = S("Billets, commande GU-7K3M9"),
                                  .kind = S("Billet de groupe"),
                                  .page = S("Billet"),
                                  .date = S("Date"),
                                  .time = S("Heure d’entrée"),
                                  .valid = S("Valable jusqu’au"),
                                  .number = S("Numéro de billet"),
                                  .tariff = S("Tarif"),
                                  .price = S("Prix"),
                                  .holder = S("Titulaire"),
                                  .organisation = S("Organisation"),
                                  .group = S("Groupe"),
                                  .leader = S("Accompagnateur"),
                                  .persons = S("Effectif"),
                                  .order = S("Commande"),
                                  .conditions = S("Conditions"),
                                  .contact = S("Contact"),
                                  .qr_alt = S("Code QR du billet")};
}

static struct ticket_labels english_labels(void)
{
    return (struct ticket_labels){.title = S("Tickets, order GU-4T8XW"),
                                  .kind = S("Group ticket"),
                                  .page = S("Ticket"),
                                  .date = S("Date"),
                                  .time = S("Entry time"),
                                  .valid = S("Valid until"),
                                  .number = S("Ticket number"),
                                  .tariff = S("Rate"),
                                  .price = S("Price"),
                                  .holder = S("Holder"),
                                  .organisation = S("Organisation"),
                                  .group = S("Group"),
                                  .leader = S("Group leader"),
                                  .persons = S("Group size"),
                                  .order = S("Order"),
                                  .conditions = S("Conditions"),
                                  .contact = S("Contact"),
                                  .qr_alt = S("QR code of ticket")};
}

static const char *const french_conditions[] = {
    "Ce billet n’est valable que pour la date et le créneau indiqués.",
    "Présentez-vous au contrôle quinze minutes avant l’heure d’entrée, groupe au complet.",
    "Le groupe compte vingt-six personnes au plus, guide compris.",
    "Billet ni repris, ni échangé, ni remboursé, sauf annulation de la visite par le monument.",
    "Un contrôle de sûreté a lieu à l’entrée ; les bagages volumineux ne sont pas admis.",
    "Seul le premier passage du code est accepté : gardez vos billets hors de vue jusqu’à la visite.",
    NULL};

static const char *const contact_lines[] = {"Service groupes", "groupes@monuments.example", "01 00 00 00 00", NULL};

/* About as long as a signed payload is. */
static struct str payload(struct arena *arena, size_t i)
{
    return str_format(arena, "GU1:26114800%04zu:20261212T0930:%s%03zu", i,
                      "QmFzZTY0dXJsLXNpZ25hdHVyZS1vZi1hLXRpY2tldC1udW1iZXIt", i * 7 % 1000);
}

static struct sheet_ticket *plain_tickets(struct arena *arena, size_t count, struct str tariff, struct str price)
{
    struct sheet_ticket *tickets = ARENA_ARRAY(arena, count, struct sheet_ticket);
    for (size_t i = 0; i < count; i++)
        tickets[i] = (struct sheet_ticket){.number = str_format(arena, "26114800%04zu", i + 1),
                                           .qr = payload(arena, i + 1),
                                           .tariff = tariff,
                                           .price = price,
                                           .role = SHEET_VISITOR,
                                           .role_label = S("Visiteur"),
                                           .seq = (int)i + 1,
                                           .total = (int)count};
    return tickets;
}

struct ticket_sheet sample_group(struct arena *arena, size_t count)
{
    struct sheet_ticket *tickets = plain_tickets(arena, count, S("Tarif groupe adultes"), S("11,00 €"));
    tickets[0].role = SHEET_GUIDE;
    tickets[0].role_label = S("Guide-conférencier");
    tickets[0].tariff = S("Guide-conférencier");
    tickets[0].price = S("gratuit");
    tickets[0].proof = S("Justificatif professionnel à présenter à l’entrée : carte de guide-conférencier");
    return (struct ticket_sheet){.labels = french_labels(),
                                 .language = S("fr"),
                                 .kind = SHEET_SLOT,
                                 .network = S("Réseau des monuments"),
                                 .monument = S("Sainte-Chapelle"),
                                 .city = S("Paris"),
                                 .address = S("10 boulevard du Palais, 75001 Paris"),
                                 .date = S("samedi 12 décembre 2026"),
                                 .time = S("10 h 30"),
                                 .validity_note = S("Valable uniquement pour cette date et ce créneau."),
                                 .organisation = S("Voyages Œcuménique & Fils SARL"),
                                 .group = S("Les amis de la Franche-Comté"),
                                 .leader = S("Hélène Lefèvre-Ÿsaÿe"),
                                 .persons = S("35 personnes, guide compris"),
                                 .order = S("GU-7K3M9"),
                                 .conditions = texts(arena, french_conditions),
                                 .contact = texts(arena, contact_lines),
                                 .seller = S("Réseau des monuments d’Exemple, 1 place du Château, 75001 Paris – "
                                             "SIRET 999 000 011 00018 – www.monuments.example"),
                                 .tickets = tickets,
                                 .ticket_count = count};
}

struct ticket_sheet sample_scripts(struct arena *arena)
{
    static const char *const names[] = {"王小明",
                                        "محمد بن عبد الله",
                                        "王小明 (محمد) Wang-Ómarsson",
                                        "Αλέξανδρος Παπαδόπουλος",
                                        "דוד בן־גוריון 1948",
                                        "สมชาย ใจดี",
                                        "श्रीमती इन्दिरा शर्मा",
                                        "Nguyễn Thị Minh Khai, Łukasz Żółć, Šárka Dvořáková, Ђорђе Петровић",
                                        "佐藤 さくら・김민준",
                                        "لينا Müller-Öztürk 27"};
    size_t count = sizeof names / sizeof *names;
    struct ticket_sheet sheet = sample_group(arena, 1);
    struct sheet_ticket *tickets = plain_tickets(arena, count, S("Group rate"), S("€11.00"));
    for (size_t i = 0; i < count; i++) {
        tickets[i].holder = str_of(names[i]);
        tickets[i].role_label = S("Visitor");
    }
    sheet.labels = english_labels();
    sheet.language = S("en");
    sheet.monument = S("Arc de triomphe");
    sheet.address = S("Place Charles-de-Gaulle, 75008 Paris");
    sheet.date = S("Wednesday 23 September 2026");
    sheet.time = S("14:30");
    sheet.validity_note = S("Valid for this date and time only.");
    sheet.organisation = S("上海春秋国际旅行社（集团）有限公司");
    sheet.group = S("شركة الأمل للسياحة والسفر");
    sheet.leader = S("陈丽华 Chen Lihua");
    sheet.persons = S("10 people, leader included");
    sheet.order = S("GU-4T8XW");
    sheet.conditions = (struct sheet_texts){0};
    sheet.tickets = tickets;
    sheet.ticket_count = count;
    return sheet;
}

struct ticket_sheet sample_undated(struct arena *arena, size_t count)
{
    struct ticket_sheet sheet = sample_group(arena, 1);
    sheet.kind = SHEET_UNDATED;
    sheet.labels.kind = S("E-billet non daté");
    sheet.monument = S("Château d’Azay-le-Rideau");
    sheet.city = S("Azay-le-Rideau");
    sheet.address = S("");
    sheet.date = sheet.time = S("");
    sheet.valid_until = S("23 novembre 2029");
    sheet.validity_note = S("Entrée un jour au choix, aux heures d’ouverture du monument, avec la confirmation de "
                            "réservation du monument.");
    sheet.group = sheet.leader = sheet.persons = S("");
    sheet.tickets = plain_tickets(arena, count, S("Plein tarif"), S("13,00 €"));
    sheet.ticket_count = count;
    return sheet;
}

struct ticket_sheet sample_crowded(struct arena *arena)
{
    static const char *const conditions[] = {
        "Ce billet n’est valable que pour la date indiquée ; il n’est ni repris, ni échangé, ni remboursé.",
        "Présentez-vous au contrôle quinze minutes avant la visite, groupe au complet, billets en main.",
        "L’accompagnateur reste avec le groupe pendant toute la visite et répond de sa conduite.",
        "Un contrôle de sûreté a lieu à l’entrée ; les bagages volumineux ne sont pas admis.",
        "La visite des remparts peut être fermée par grand vent ; l’entrée au château reste alors possible.",
        "Les photographies sans flash ni trépied sont permises pour un usage privé.",
        "Les animaux ne sont pas admis, à l’exception des chiens guides et d’assistance.",
        "Le monument n’est pas entièrement accessible aux personnes à mobilité réduite.",
        "Les enfants restent sous la surveillance constante d’un adulte du groupe.",
        "Le responsable du groupe peut être remplacé jusqu’au contrôle à l’entrée.",
        "En cas de fermeture exceptionnelle, l’acheteur et l’accompagnateur sont prévenus aussitôt.",
        "Le droit français est applicable. Les conditions générales de vente complètes sont en ligne.",
        NULL};
    struct ticket_sheet sheet = sample_undated(arena, 2);
    sheet.kind = SHEET_DATED;
    sheet.labels.kind = S("E-billet daté");
    sheet.monument = S("Château et remparts de la cité médiévale fortifiée de Carcassonne, en Languedoc");
    sheet.city = S("Carcassonne");
    sheet.address = S("1 rue Viollet-le-Duc, 11000 Carcassonne, entrée des groupes par la porte Narbonnaise, à droite");
    sheet.date = S("mercredi 23 septembre 2026");
    sheet.organisation = S("Comité social et économique de l’Établissement public d’aménagement et de développement "
                           "durable du territoire de la Haute-Vallée de l’Aude");
    sheet.group = S("Sortie des retraités du personnel administratif, technique, ouvrier et de service");
    sheet.leader = S("Marie-Antoinette de La Rochefoucauld-Montmorency");
    sheet.conditions = texts(arena, conditions);
    return sheet;
}

/* ---- Invoices. ---- */

static struct invoice_labels invoice_labels(void)
{
    return (struct invoice_labels){.seller = S("Vendeur"),
                                   .buyer = S("Client"),
                                   .description = S("Désignation"),
                                   .quantity = S("Quantité"),
                                   .unit = S("Prix unitaire"),
                                   .vat = S("TVA"),
                                   .total = S("Montant"),
                                   .vat_heading = S("Détail de la TVA"),
                                   .vat_label = S("Régime"),
                                   .vat_base = S("Base"),
                                   .vat_amount = S("TVA"),
                                   .page = S("Page"),
                                   .continued = S("Suite page suivante")};
}

static struct invoice_line *invoice_lines(struct arena *arena, size_t count)
{
    static const char *const monuments[] = {"Sainte-Chapelle", "Conciergerie", "Arc de triomphe",
                                            "Château de Vincennes"};
    struct invoice_line *lines = ARENA_ARRAY(arena, count, struct invoice_line);
    for (size_t i = 0; i < count; i++) {
        bool free_leader = i % 3 == 2;
        lines[i] = (struct invoice_line){
            .description = str_format(arena, "%s – %s, samedi 12 décembre 2026, %zu h 30", monuments[i / 3 % 4],
                                      free_leader ? "accompagnateur" : "visite de groupe", 9 + i % 8),
            .why = free_leader ? S("Gratuité : accompagnateur d’un groupe de plus de 20 personnes")
                   : i % 3 == 0 ? S("Tarif groupe, à partir de 8 personnes, valable du 1ᵉʳ avril 2026 au 31 mars 2027")
                                : S(""),
            .quantity = free_leader ? S("1") : S("25"),
            .unit = free_leader ? S("0,00 €") : S("11,00 €"),
            .vat = S("hors champ"),
            .total = free_leader ? S("0,00 €") : S("275,00 €")};
    }
    return lines;
}

struct invoice_sheet sample_invoice(struct arena *arena, size_t line_count)
{
    static const char *const seller[] = {"1 place du Château", "75001 Paris", "SIRET 999 000 011 00018",
                                         "groupes@monuments.example", NULL};
    static const char *const buyer[] = {"12 rue des Granges", "25000 Besançon", "SIRET 999 000 029 00010",
                                        "TVA FR23 999 000 029", NULL};
    static const char *const mentions[] = {
        "TVA non applicable, article 256 B du code général des impôts.",
        "En cas de retard de paiement : pénalités au taux de trois fois l’intérêt légal et indemnité forfaitaire de "
        "40 € pour frais de recouvrement. Pas d’escompte pour paiement anticipé.",
        NULL};
    static const struct invoice_fact facts[] = {{S("Date d’émission"), S("23 novembre 2026")},
                                                {S("Commande"), S("GU-7K3M9")},
                                                {S("Date de visite"), S("12 décembre 2026")},
                                                {S("Votre référence"), S("Groupe 4217")}};
    static const struct invoice_vat vat[] = {{S("Hors champ (art. 256 B)"), S("550,00 €"), S("0,00 €")}};
    static const struct invoice_amount amounts[] = {{S("Total hors taxes"), S("550,00 €"), false},
                                                    {S("TVA"), S("0,00 €"), false},
                                                    {S("Total"), S("550,00 €"), true},
                                                    {S("Déjà payé"), S("550,00 €"), false},
                                                    {S("Reste à payer"), S("0,00 €"), false}};
    return (struct invoice_sheet){.labels = invoice_labels(),
                                  .language = S("fr"),
                                  .title = S("Facture"),
                                  .number = S("F2026-000123"),
                                  .network = S("Réseau des monuments"),
                                  .issued = 1795446000,
                                  .facts = facts,
                                  .fact_count = 4,
                                  .seller_name = S("Établissement public des Monuments d’Exemple"),
                                  .buyer_name = S("Voyages Œcuménique & Fils SARL"),
                                  .seller = texts(arena, seller),
                                  .buyer = texts(arena, buyer),
                                  .lines = invoice_lines(arena, line_count),
                                  .line_count = line_count,
                                  .vat = vat,
                                  .vat_count = 1,
                                  .amounts = amounts,
                                  .amount_count = 5,
                                  .paid = S("Payée par carte bancaire le 23 novembre 2026."),
                                  .mentions = texts(arena, mentions)};
}

struct invoice_sheet sample_pro_forma(struct arena *arena)
{
    static const char *const payment[] = {"À régler par virement avant le 5 décembre 2026 :",
                                          "IBAN FR76 1007 1750 0000 0001 2345 617 – BIC TRPUFRP1",
                                          "Référence à rappeler : RF91 2026 0004 217", NULL};
    static const struct invoice_amount amounts[] = {{S("Total à payer"), S("550,00 €"), true}};
    struct invoice_sheet sheet = sample_invoice(arena, 2);
    struct invoice_line *lines = ARENA_ARRAY(arena, 2, struct invoice_line);
    for (size_t i = 0; i < 2; i++) {
        lines[i] = sheet.lines[i];
        lines[i].vat = S("");
    }
    sheet.title = S("Facture pro forma");
    sheet.number = sheet.paid = S("");
    sheet.lines = lines;
    sheet.vat_count = 0;
    sheet.amounts = amounts;
    sheet.amount_count = 1;
    sheet.payment = texts(arena, payment);
    sheet.qr = S("BCD\n002\n1\nSCT\nDEMOFRPPXXX\nRéseau national des monuments\nFR7699999000010001234567809\nEUR550.00\n\n"
                 "RF9120260000217\n");
    sheet.qr_alt = S("Code QR du virement de 550,00 €");
    sheet.qr_label = S("À lire avec votre banque");
    return sheet;
}

/* ---- The manual. ---- */

static struct manual_labels manual_labels(void)
{
    return (struct manual_labels){.booking_heading = S("Comment réserver"),
                                  .rules_heading = S("Réservation en ligne pour les groupes"),
                                  .rule_monument = S("Monument"),
                                  .rule_mandatory = S("Réservation obligatoire"),
                                  .rule_maximum = S("Maximum par groupe"),
                                  .rule_option = S("Durée de l’option"),
                                  .contents = S("Sommaire"),
                                  .hours = S("Horaires"),
                                  .closing = S("Fermeture"),
                                  .prices = S("Tarifs"),
                                  .booking = S("Réservation des groupes"),
                                  .contact = S("Contact"),
                                  .page = S("page")};
}

static struct manual_entry *manual_entries(struct arena *arena, size_t count)
{
    static const char *const regions[] = {"Auvergne-Rhône-Alpes", "Bretagne", "Bourgogne-Franche-Comté",
                                          "Centre-Val de Loire", "Île-de-France", "Occitanie",
                                          "Provence-Alpes-Côte d’Azur"};
    static const char *const kinds[] = {"château", "abbaye", "site archéologique", "maison d’artiste"};
    struct manual_entry *entries = ARENA_ARRAY(arena, count, struct manual_entry);
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct manual_entry){
            .region = str_of(regions[i * 7 / (count > 0 ? count : 1)]),
            .name = str_format(arena, "%s de Saint-Exemple-sur-Loire n° %zu", i % 2 == 0 ? "Château" : "Abbaye", i + 1),
            .place = S("Saint-Exemple-sur-Loire (Maine-et-Loire)"),
            .kind = str_of(kinds[i % 4]),
            .summary = S("Forteresse du XIIIᵉ siècle remaniée à la Renaissance, avec ses jardins en terrasses et sa "
                         "salle des tapisseries."),
            .hours = S("Été : 9 h 30 – 19 h 00. Hiver : 9 h 30 – 12 h 30 et 14 h 00 – 17 h 00"),
            .closing = S("1ᵉʳ janvier, 1ᵉʳ mai, 25 décembre ; lundi en hiver"),
            .prices = S("Plein tarif 13,00 € ; groupe 11,00 €"),
            .booking = S("Prise de contact avec le monument, puis paiement en ligne ou sur place"),
            .contact = str_format(arena, "reservation-%zu@monuments.example, 01 00 00 00 00", i + 1)};
    return entries;
}

struct manual_sheet sample_manual(struct arena *arena, size_t entry_count)
{
    static const char *const intro[] = {
        "Ce manuel présente les monuments du réseau et la manière d’y conduire un groupe. Il est tiré du catalogue : "
        "horaires et tarifs sont ceux du jour de son édition.",
        NULL};
    static const struct manual_step steps[] = {
        {S("Choisir le monument et le créneau"),
         S("Quatre monuments ont un planning de groupes : la place est confirmée aussitôt. Pour les autres, contactez "
           "d’abord le service de réservation du monument.")},
        {S("Poser une option ou payer"),
         S("Une option retient les places sans paiement, pour la durée indiquée dans le tableau.")},
        {S("Recevoir les billets"), S("Un billet par personne, au format PDF, dès le paiement reçu.")}};
    static const struct manual_rule rules[] = {
        {S("Arc de triomphe"), S("À partir de 7 personnes"), S("35 personnes"), S("30 jours")},
        {S("Château de Vincennes"), S("À partir de 8 personnes"), S("35 personnes"), S("Pas d’option")},
        {S("Conciergerie"), S("À partir de 8 personnes, ou groupe accompagné d’un guide quelle que soit sa taille"),
         S("26 personnes"), S("60 jours")},
        {S("Sainte-Chapelle"), S("À partir de 8 personnes, ou groupe accompagné d’un guide quelle que soit sa taille"),
         S("26 personnes"), S("60 jours")}};
    return (struct manual_sheet){.labels = manual_labels(),
                                 .language = S("fr"),
                                 .network = S("Réseau des monuments"),
                                 .title = S("Manuel de vente"),
                                 .subtitle = S("Groupes et professionnels du tourisme"),
                                 .edition = S("Édition du 23 novembre 2026"),
                                 .intro = texts(arena, intro),
                                 .steps = steps,
                                 .step_count = 3,
                                 .rules = rules,
                                 .rule_count = 4,
                                 .entries = manual_entries(arena, entry_count),
                                 .entry_count = entry_count,
                                 .contact = texts(arena, contact_lines)};
}

/* ---- Confirmations. ---- */

struct confirmation_sheet sample_confirmation(struct arena *arena)
{
    static const struct confirmation_fact facts[] = {
        {S("Organisation"), S("Voyages Œcuménique & Fils SARL")},
        {S("Effectif"), S("25 personnes, accompagnateur compris")},
        {S("Public"), S("Adultes")},
        {S("Langue de la visite"), S("anglais")},
        {S("Accompagnateur"), S("Hélène Lefèvre-Ÿsaÿe")},
        {S("Réservé par"), S("王小明")}};
    static const char *const payment[] = {
        "Payée en ligne, commande GU-7K3M9.",
        "Présentez aussi vos billets électroniques : un par personne.", NULL};
    return (struct confirmation_sheet){
        .labels = {.reference = S("Réservation"), .date = S("Date"), .time = S("Heure"), .validity = S("Validité"),
                   .payment = S("Paiement"), .conditions = S("Conditions"), .contact = S("Contact")},
        .language = S("fr"), .network = S("Réseau des monuments"), .title = S("Confirmation de réservation"),
        .reference = S("K7Q2-XD4M"), .monument = S("Abbaye de Cluny"), .place = S("Cluny"),
        .date = S("samedi 12 décembre 2026"), .time = S("10:30"),
        .validity = S("Valable uniquement le samedi 12 décembre 2026 à 10:30."), .facts = facts, .fact_count = 6,
        .payment = texts(arena, payment), .conditions = texts(arena, french_conditions),
        .contact = texts(arena, contact_lines), .seller = S("Réseau national des monuments – SIRET 999 999 998 00019"),
        .issued = 1795000000};
}

struct confirmation_sheet sample_confirmation_crowded(struct arena *arena)
{
    enum { FACTS = 12, LINES = 12 };
    static const char words[] = "Une phrase qui ne veut pas finir, et qui revient encore une fois sur ce qu’elle a dit ";
    struct confirmation_sheet sheet = sample_confirmation(arena);
    struct confirmation_fact *facts = ARENA_ARRAY(arena, FACTS, struct confirmation_fact);
    struct str *lines = ARENA_ARRAY(arena, LINES, struct str);
    for (int i = 0; i < FACTS; i++)
        facts[i] = (struct confirmation_fact){S("Un fait"), str_format(arena, "%s%s", words, words)};
    for (int i = 0; i < LINES; i++)
        lines[i] = str_format(arena, "%d. %s%s%s%s%s", i + 1, words, words, words, words, words);
    sheet.monument = S("Ancien collège des moines cisterciens de la principauté de Saint-Exemple-sur-Loire et de ses "
                       "dépendances champêtres");
    sheet.facts = facts;
    sheet.fact_count = FACTS;
    sheet.conditions = (struct sheet_texts){lines, LINES};
    return sheet;
}
