/* The countries and territories of ISO 3166 that have inhabitants, in the alphabetical order of their French names. */
#include "web/account/countries.h"

#include <stdlib.h>

static const struct country {
    const char *code, *fr, *en;
} countries[] = {
    {"AF", "Afghanistan", "Afghanistan"}, {"ZA", "Afrique du Sud", "South Africa"}, {"AL", "Albanie", "Albania"},
    {"DZ", "Algérie", "Algeria"}, {"DE", "Allemagne", "Germany"}, {"AD", "Andorre", "Andorra"},
    {"AO", "Angola", "Angola"}, {"AI", "Anguilla", "Anguilla"}, {"AG", "Antigua-et-Barbuda", "Antigua & Barbuda"},
    {"SA", "Arabie saoudite", "Saudi Arabia"}, {"AR", "Argentine", "Argentina"}, {"AM", "Arménie", "Armenia"},
    {"AW", "Aruba", "Aruba"}, {"AU", "Australie", "Australia"}, {"AT", "Autriche", "Austria"},
    {"AZ", "Azerbaïdjan", "Azerbaijan"}, {"BS", "Bahamas", "Bahamas"}, {"BH", "Bahreïn", "Bahrain"},
    {"BD", "Bangladesh", "Bangladesh"}, {"BB", "Barbade", "Barbados"}, {"BE", "Belgique", "Belgium"},
    {"BZ", "Belize", "Belize"}, {"BJ", "Bénin", "Benin"}, {"BM", "Bermudes", "Bermuda"}, {"BT", "Bhoutan", "Bhutan"},
    {"BY", "Biélorussie", "Belarus"}, {"BO", "Bolivie", "Bolivia"},
    {"BA", "Bosnie-Herzégovine", "Bosnia & Herzegovina"}, {"BW", "Botswana", "Botswana"}, {"BR", "Brésil", "Brazil"},
    {"BN", "Brunei", "Brunei"}, {"BG", "Bulgarie", "Bulgaria"}, {"BF", "Burkina Faso", "Burkina Faso"},
    {"BI", "Burundi", "Burundi"}, {"KH", "Cambodge", "Cambodia"}, {"CM", "Cameroun", "Cameroon"},
    {"CA", "Canada", "Canada"}, {"CV", "Cap-Vert", "Cape Verde"}, {"CL", "Chili", "Chile"}, {"CN", "Chine", "China"},
    {"CY", "Chypre", "Cyprus"}, {"CO", "Colombie", "Colombia"}, {"KM", "Comores", "Comoros"}, {"CG", "Congo", "Congo"},
    {"CD", "Congo (République démocratique)", "Congo (Democratic Republic)"}, {"KP", "Corée du Nord", "North Korea"},
    {"KR", "Corée du Sud", "South Korea"}, {"CR", "Costa Rica", "Costa Rica"}, {"CI", "Côte d’Ivoire", "Côte d’Ivoire"},
    {"HR", "Croatie", "Croatia"}, {"CU", "Cuba", "Cuba"}, {"CW", "Curaçao", "Curaçao"}, {"DK", "Danemark", "Denmark"},
    {"DJ", "Djibouti", "Djibouti"}, {"DM", "Dominique", "Dominica"}, {"EG", "Égypte", "Egypt"},
    {"AE", "Émirats arabes unis", "United Arab Emirates"}, {"EC", "Équateur", "Ecuador"}, {"ER", "Érythrée", "Eritrea"},
    {"ES", "Espagne", "Spain"}, {"EE", "Estonie", "Estonia"}, {"SZ", "Eswatini", "Eswatini"},
    {"VA", "État de la Cité du Vatican", "Vatican City"}, {"US", "États-Unis", "United States"},
    {"ET", "Éthiopie", "Ethiopia"}, {"FJ", "Fidji", "Fiji"}, {"FI", "Finlande", "Finland"}, {"FR", "France", "France"},
    {"GA", "Gabon", "Gabon"}, {"GM", "Gambie", "Gambia"}, {"GE", "Géorgie", "Georgia"},
    {"GS", "Géorgie du Sud-et-les Îles Sandwich du Sud", "South Georgia & South Sandwich Islands"},
    {"GH", "Ghana", "Ghana"}, {"GI", "Gibraltar", "Gibraltar"}, {"GR", "Grèce", "Greece"}, {"GD", "Grenade", "Grenada"},
    {"GL", "Groenland", "Greenland"}, {"GP", "Guadeloupe", "Guadeloupe"}, {"GU", "Guam", "Guam"},
    {"GT", "Guatemala", "Guatemala"}, {"GG", "Guernesey", "Guernsey"}, {"GN", "Guinée", "Guinea"},
    {"GQ", "Guinée équatoriale", "Equatorial Guinea"}, {"GW", "Guinée-Bissau", "Guinea-Bissau"},
    {"GY", "Guyana", "Guyana"}, {"GF", "Guyane française", "French Guiana"}, {"HT", "Haïti", "Haiti"},
    {"HN", "Honduras", "Honduras"}, {"HK", "Hong Kong", "Hong Kong"}, {"HU", "Hongrie", "Hungary"},
    {"CX", "Île Christmas", "Christmas Island"}, {"IM", "Île de Man", "Isle of Man"},
    {"NF", "Île Norfolk", "Norfolk Island"}, {"AX", "Îles Åland", "Åland Islands"},
    {"KY", "Îles Caïmans", "Cayman Islands"}, {"CC", "Îles Cocos", "Cocos (Keeling) Islands"},
    {"CK", "Îles Cook", "Cook Islands"}, {"FO", "Îles Féroé", "Faroe Islands"},
    {"FK", "Îles Malouines", "Falkland Islands"}, {"MP", "Îles Mariannes du Nord", "Northern Mariana Islands"},
    {"MH", "Îles Marshall", "Marshall Islands"}, {"PN", "Îles Pitcairn", "Pitcairn Islands"},
    {"SB", "Îles Salomon", "Solomon Islands"}, {"TC", "Îles Turques-et-Caïques", "Turks & Caicos Islands"},
    {"VG", "Îles Vierges britanniques", "British Virgin Islands"},
    {"VI", "Îles Vierges des États-Unis", "U.S. Virgin Islands"}, {"IN", "Inde", "India"},
    {"ID", "Indonésie", "Indonesia"}, {"IQ", "Irak", "Iraq"}, {"IR", "Iran", "Iran"}, {"IE", "Irlande", "Ireland"},
    {"IS", "Islande", "Iceland"}, {"IL", "Israël", "Israel"}, {"IT", "Italie", "Italy"}, {"JM", "Jamaïque", "Jamaica"},
    {"JP", "Japon", "Japan"}, {"JE", "Jersey", "Jersey"}, {"JO", "Jordanie", "Jordan"},
    {"KZ", "Kazakhstan", "Kazakhstan"}, {"KE", "Kenya", "Kenya"}, {"KG", "Kirghizstan", "Kyrgyzstan"},
    {"KI", "Kiribati", "Kiribati"}, {"KW", "Koweït", "Kuwait"}, {"RE", "La Réunion", "Réunion"}, {"LA", "Laos", "Laos"},
    {"LS", "Lesotho", "Lesotho"}, {"LV", "Lettonie", "Latvia"}, {"LB", "Liban", "Lebanon"},
    {"LR", "Liberia", "Liberia"}, {"LY", "Libye", "Libya"}, {"LI", "Liechtenstein", "Liechtenstein"},
    {"LT", "Lituanie", "Lithuania"}, {"LU", "Luxembourg", "Luxembourg"}, {"MO", "Macao", "Macao"},
    {"MK", "Macédoine du Nord", "North Macedonia"}, {"MG", "Madagascar", "Madagascar"}, {"MY", "Malaisie", "Malaysia"},
    {"MW", "Malawi", "Malawi"}, {"MV", "Maldives", "Maldives"}, {"ML", "Mali", "Mali"}, {"MT", "Malte", "Malta"},
    {"MA", "Maroc", "Morocco"}, {"MQ", "Martinique", "Martinique"}, {"MU", "Maurice", "Mauritius"},
    {"MR", "Mauritanie", "Mauritania"}, {"YT", "Mayotte", "Mayotte"}, {"MX", "Mexique", "Mexico"},
    {"FM", "Micronésie", "Micronesia"}, {"MD", "Moldavie", "Moldova"}, {"MC", "Monaco", "Monaco"},
    {"MN", "Mongolie", "Mongolia"}, {"ME", "Monténégro", "Montenegro"}, {"MS", "Montserrat", "Montserrat"},
    {"MZ", "Mozambique", "Mozambique"}, {"MM", "Myanmar (Birmanie)", "Myanmar (Burma)"}, {"NA", "Namibie", "Namibia"},
    {"NR", "Nauru", "Nauru"}, {"NP", "Népal", "Nepal"}, {"NI", "Nicaragua", "Nicaragua"}, {"NE", "Niger", "Niger"},
    {"NG", "Nigeria", "Nigeria"}, {"NU", "Niue", "Niue"}, {"NO", "Norvège", "Norway"},
    {"NC", "Nouvelle-Calédonie", "New Caledonia"}, {"NZ", "Nouvelle-Zélande", "New Zealand"}, {"OM", "Oman", "Oman"},
    {"UG", "Ouganda", "Uganda"}, {"UZ", "Ouzbékistan", "Uzbekistan"}, {"PK", "Pakistan", "Pakistan"},
    {"PW", "Palaos", "Palau"}, {"PA", "Panama", "Panama"}, {"PG", "Papouasie-Nouvelle-Guinée", "Papua New Guinea"},
    {"PY", "Paraguay", "Paraguay"}, {"NL", "Pays-Bas", "Netherlands"},
    {"BQ", "Pays-Bas caribéens", "Caribbean Netherlands"}, {"PE", "Pérou", "Peru"},
    {"PH", "Philippines", "Philippines"}, {"PL", "Pologne", "Poland"},
    {"PF", "Polynésie française", "French Polynesia"}, {"PR", "Porto Rico", "Puerto Rico"},
    {"PT", "Portugal", "Portugal"}, {"QA", "Qatar", "Qatar"},
    {"CF", "République centrafricaine", "Central African Republic"},
    {"DO", "République dominicaine", "Dominican Republic"}, {"RO", "Roumanie", "Romania"},
    {"GB", "Royaume-Uni", "United Kingdom"}, {"RU", "Russie", "Russia"}, {"RW", "Rwanda", "Rwanda"},
    {"EH", "Sahara occidental", "Western Sahara"}, {"BL", "Saint-Barthélemy", "St. Barthélemy"},
    {"KN", "Saint-Christophe-et-Niévès", "St. Kitts & Nevis"}, {"SM", "Saint-Marin", "San Marino"},
    {"MF", "Saint-Martin", "St. Martin"}, {"SX", "Saint-Martin (partie néerlandaise)", "Sint Maarten"},
    {"PM", "Saint-Pierre-et-Miquelon", "St. Pierre & Miquelon"},
    {"VC", "Saint-Vincent-et-les Grenadines", "St. Vincent & Grenadines"}, {"SH", "Sainte-Hélène", "St. Helena"},
    {"LC", "Sainte-Lucie", "St. Lucia"}, {"SV", "Salvador", "El Salvador"}, {"WS", "Samoa", "Samoa"},
    {"AS", "Samoa américaines", "American Samoa"}, {"ST", "Sao Tomé-et-Principe", "São Tomé & Príncipe"},
    {"SN", "Sénégal", "Senegal"}, {"RS", "Serbie", "Serbia"}, {"SC", "Seychelles", "Seychelles"},
    {"SL", "Sierra Leone", "Sierra Leone"}, {"SG", "Singapour", "Singapore"}, {"SK", "Slovaquie", "Slovakia"},
    {"SI", "Slovénie", "Slovenia"}, {"SO", "Somalie", "Somalia"}, {"SD", "Soudan", "Sudan"},
    {"SS", "Soudan du Sud", "South Sudan"}, {"LK", "Sri Lanka", "Sri Lanka"}, {"SE", "Suède", "Sweden"},
    {"CH", "Suisse", "Switzerland"}, {"SR", "Suriname", "Suriname"},
    {"SJ", "Svalbard et Jan Mayen", "Svalbard & Jan Mayen"}, {"SY", "Syrie", "Syria"},
    {"TJ", "Tadjikistan", "Tajikistan"}, {"TW", "Taïwan", "Taiwan"}, {"TZ", "Tanzanie", "Tanzania"},
    {"TD", "Tchad", "Chad"}, {"CZ", "Tchéquie", "Czechia"},
    {"TF", "Terres australes françaises", "French Southern Territories"},
    {"IO", "Territoire britannique de l’océan Indien", "British Indian Ocean Territory"},
    {"PS", "Territoires palestiniens", "Palestinian Territories"}, {"TH", "Thaïlande", "Thailand"},
    {"TL", "Timor oriental", "Timor-Leste"}, {"TG", "Togo", "Togo"}, {"TK", "Tokelau", "Tokelau"},
    {"TO", "Tonga", "Tonga"}, {"TT", "Trinité-et-Tobago", "Trinidad & Tobago"}, {"TN", "Tunisie", "Tunisia"},
    {"TM", "Turkménistan", "Turkmenistan"}, {"TR", "Turquie", "Türkiye"}, {"TV", "Tuvalu", "Tuvalu"},
    {"UA", "Ukraine", "Ukraine"}, {"UY", "Uruguay", "Uruguay"}, {"VU", "Vanuatu", "Vanuatu"},
    {"VE", "Venezuela", "Venezuela"}, {"VN", "Viêt Nam", "Vietnam"}, {"WF", "Wallis-et-Futuna", "Wallis & Futuna"},
    {"YE", "Yémen", "Yemen"}, {"ZM", "Zambie", "Zambia"}, {"ZW", "Zimbabwe", "Zimbabwe"},
};
enum { COUNTRIES = sizeof countries / sizeof *countries };

static struct str name_of(const struct country *country, enum lang lang)
{
    return str_of(lang == LANG_FR ? country->fr : country->en);
}

struct sorting {
    struct str folded;
    const struct country *country;
};

static int by_name(const void *a, const void *b)
{
    const struct sorting *one = a, *other = b;
    return str_cmp(one->folded, other->folded);
}

struct possibilities country_possibilities(struct arena *arena, enum lang lang)
{
    struct sorting *order = ARENA_ARRAY(arena, COUNTRIES, struct sorting);
    for (size_t i = 0; i < COUNTRIES; i++)
        order[i] = (struct sorting){str_fold(arena, name_of(&countries[i], lang)), &countries[i]};
    qsort(order, COUNTRIES, sizeof *order, by_name);
    struct possibilities list = {.p = ARENA_ARRAY(arena, COUNTRIES, struct possibility), .n = COUNTRIES};
    for (size_t i = 0; i < COUNTRIES; i++)
        list.p[i] = (struct possibility){.value = str_of(order[i].country->code),
                                         .text = name_of(order[i].country, lang)};
    return list;
}

struct str country_name(struct str code, enum lang lang)
{
    for (size_t i = 0; i < COUNTRIES; i++)
        if (str_eq(code, str_of(countries[i].code)))
            return name_of(&countries[i], lang);
    return code;
}
