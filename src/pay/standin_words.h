/* The words of the stand-in's page in both languages. They are not in i18n/: the page belongs to another firm. */
#ifndef GUICHET_PAY_STANDIN_WORDS_H
#define GUICHET_PAY_STANDIN_WORDS_H

struct standin_words {
    const char *lang, *title, *pay_to, *total, *email, *card, *number, *number_help, *expiry, *expiry_help, *code,
        *code_help, *name, *pay, *back, *demo_title, *demo, *cards, *pays, *declines, *short_of_money, *abandons, *fill, *summary,
        *wrong_title, *bad_number, *bad_expiry, *bad_code, *bad_name, *not_a_test_card, *declined, *insufficient,
        *expired_title, *expired, *complete_title, *complete, *unknown_title, *unknown, *to_shop, *broken;
};

static const struct standin_words standin_french = {
    .lang = "fr", .title = "Paiement par carte", .pay_to = "Payer à", .total = "Total à payer", .email = "Adresse e-mail",
    .card = "Votre carte", .number = "Numéro de carte", .number_help = "16 chiffres, avec ou sans espaces",
    .expiry = "Date d’expiration", .expiry_help = "MM/AA, par exemple 12/28", .code = "Code de sécurité",
    .code_help = "3 chiffres au dos de la carte", .name = "Nom du titulaire", .pay = "Payer",
    .back = "Abandonner et revenir à la boutique", .demo_title = "Démonstration : aucune carte n’est débitée",
    .demo = "Cette page remplace celle d’un prestataire de paiement. N’y saisissez jamais une vraie carte : seules "
            "les cartes d’essai ci-dessous sont acceptées.",
    .cards = "Cartes d’essai", .pays = "le paiement réussit", .declines = "la carte est refusée",
    .short_of_money = "provision insuffisante", .abandons = "l’acheteur abandonne et revient à la boutique",
    .fill = "Remplir avec la carte", .summary = "Votre achat",
    .wrong_title = "Le paiement n’a pas eu lieu", .bad_number = "Saisissez un numéro de carte complet et exact.",
    .bad_expiry = "Saisissez une date d’expiration à venir, au format MM/AA.",
    .bad_code = "Saisissez les 3 chiffres du code de sécurité.", .bad_name = "Saisissez le nom du titulaire de la carte.",
    .not_a_test_card = "Ce n’est pas une carte d’essai. Utilisez une des cartes proposées.",
    .declined = "Votre carte a été refusée. Essayez avec une autre carte.",
    .insufficient = "Votre carte a été refusée : provision insuffisante. Essayez avec une autre carte.",
    .expired_title = "Cette page de paiement a expiré",
    .expired = "Le délai pour payer est passé ou le paiement a été annulé. Rien n’a été débité.",
    .complete_title = "Ce paiement est déjà fait", .complete = "Il n’y a plus rien à payer ici.",
    .unknown_title = "Page de paiement inconnue", .unknown = "Vérifiez l’adresse ou retournez à la boutique.",
    .to_shop = "Revenir à la boutique",
    .broken = "Le prestataire n’a pas pu enregistrer le paiement. Rien n’a été débité ; réessayez.",
};

static const struct standin_words standin_english = {
    .lang = "en", .title = "Card payment", .pay_to = "Pay", .total = "Total to pay", .email = "E-mail address",
    .card = "Your card", .number = "Card number", .number_help = "16 digits, with or without spaces",
    .expiry = "Expiry date", .expiry_help = "MM/YY, for example 12/28", .code = "Security code",
    .code_help = "3 digits on the back of the card", .name = "Name on the card", .pay = "Pay",
    .back = "Give up and go back to the shop", .demo_title = "Demonstration: no card is charged",
    .demo = "This page stands in for a payment provider’s. Never type a real card here: only the test cards below are "
            "accepted.",
    .cards = "Test cards", .pays = "the payment succeeds", .declines = "the card is declined",
    .short_of_money = "insufficient funds", .abandons = "the buyer gives up and goes back to the shop",
    .fill = "Fill in card", .summary = "Your purchase",
    .wrong_title = "The payment did not take place", .bad_number = "Enter a complete and correct card number.",
    .bad_expiry = "Enter an expiry date to come, as MM/YY.", .bad_code = "Enter the 3 digits of the security code.",
    .bad_name = "Enter the name on the card.",
    .not_a_test_card = "This is not a test card. Use one of the cards given.",
    .declined = "Your card was declined. Try another card.",
    .insufficient = "Your card was declined: insufficient funds. Try another card.",
    .expired_title = "This payment page has expired",
    .expired = "The time to pay is over or the payment was cancelled. Nothing was charged.",
    .complete_title = "This payment is done", .complete = "There is nothing left to pay here.",
    .unknown_title = "Unknown payment page", .unknown = "Check the address or go back to the shop.",
    .to_shop = "Go back to the shop",
    .broken = "The provider could not record the payment. Nothing was charged; try again.",
};

#endif
