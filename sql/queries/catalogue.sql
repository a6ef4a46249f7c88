-- The catalogue: cards, facets, one monument with its rule and its prices (CAT-1 to CAT-3). What people read in
-- alphabetical order is sorted in C by its folded form: the own orders of the engines differ.

-- name: catalogue_facet_regions :many
-- why: the filter of regions, each with its number of monuments
-- out: value text, count int
SELECT region, COUNT(*) FROM monument WHERE published = 1 GROUP BY region;

-- name: catalogue_facet_kinds :many
-- why: the filter of kinds, the most frequent first
-- out: value text, count int
SELECT kind, COUNT(*) FROM monument WHERE published = 1 GROUP BY kind ORDER BY COUNT(*) DESC, kind;

-- name: catalogue_facet_modes :many
-- why: the filter «bookable by slot or not» (CAT-1)
-- out: value text, count int
SELECT sale_mode, COUNT(*) FROM monument WHERE published = 1 GROUP BY sale_mode ORDER BY sale_mode DESC;

-- name: catalogue_id :one
-- why: the addresses of pages carry the slug, everything else the id
-- in: slug text
-- out: id int
SELECT id FROM monument WHERE slug = :slug AND published = 1;

-- name: catalogue_by_id :one
-- why: one monument with its rule, from a visit
-- in: id int
-- out: id int, slug text, name text, city text, department text, region text, kind text, description_fr text,
-- out: description_en text, latitude_e4 int, longitude_e4 int, hours_summer text, hours_winter text, closing_days text,
-- out: sale_mode text, contact_email text, contact_phone text, min_persons int?, guide_waives_minimum int?,
-- out: max_persons int?, option_days int?, confirm_days_before int?, confirm_minute int?, sales_close_minutes int?,
-- out: school_online int?, search_text text
SELECT m.id, m.slug, m.name, m.city, m.department, m.region, m.kind, m.description_fr, m.description_en, m.latitude_e4,
       m.longitude_e4, m.hours_summer, m.hours_winter, m.closing_days, m.sale_mode, m.contact_email, m.contact_phone,
       r.min_persons, r.guide_waives_minimum, r.max_persons, r.option_days, r.confirm_days_before, r.confirm_minute,
       r.sales_close_minutes, r.school_online, m.search_text
  FROM monument m LEFT JOIN group_rule r ON r.monument_id = m.id
 WHERE m.id = :id;

-- name: catalogue_find :many
-- why: the words are patterns over folded text («% chateau%»), «%» when there is no such word; no filter gives all
-- in: word1 text, word2 text, word3 text, word4 text, region text, kind text, mode text
-- out: id int, slug text, name text, city text, department text, region text, kind text, description_fr text,
-- out: description_en text, latitude_e4 int, longitude_e4 int, hours_summer text, hours_winter text, closing_days text,
-- out: sale_mode text, contact_email text, contact_phone text, min_persons int?, guide_waives_minimum int?,
-- out: max_persons int?, option_days int?, confirm_days_before int?, confirm_minute int?, sales_close_minutes int?,
-- out: school_online int?, search_text text
SELECT m.id, m.slug, m.name, m.city, m.department, m.region, m.kind, m.description_fr, m.description_en, m.latitude_e4,
       m.longitude_e4, m.hours_summer, m.hours_winter, m.closing_days, m.sale_mode, m.contact_email, m.contact_phone,
       r.min_persons, r.guide_waives_minimum, r.max_persons, r.option_days, r.confirm_days_before, r.confirm_minute,
       r.sales_close_minutes, r.school_online, m.search_text
  FROM monument m LEFT JOIN group_rule r ON r.monument_id = m.id
 WHERE m.published = 1
   AND m.search_text LIKE :word1 ESCAPE '!' AND m.search_text LIKE :word2 ESCAPE '!'
   AND m.search_text LIKE :word3 ESCAPE '!' AND m.search_text LIKE :word4 ESCAPE '!'
   AND (:region = '' OR m.region = :region)
   AND (:kind = '' OR m.kind = :kind)
   AND (:mode = '' OR m.sale_mode = :mode);

-- name: catalogue_tariffs_from :many
-- why: the prices of one monument from a day on: those of today and those announced
-- in: monument_id int, day int
-- out: id int, monument_id int, code text, audience text, min_persons int, amount_cents int, vat_code text,
-- out: valid_from int, valid_to int?
SELECT id, monument_id, code, audience, min_persons, amount_cents, vat_code, valid_from, valid_to
  FROM tariff
 WHERE monument_id = :monument_id AND (valid_to IS NULL OR valid_to >= :day)
 ORDER BY audience, min_persons, valid_from;

-- name: catalogue_tariffs_all :many
-- why: the prices of every monument that are valid on a day, for the manual
-- in: day int
-- out: id int, monument_id int, code text, audience text, min_persons int, amount_cents int, vat_code text,
-- out: valid_from int, valid_to int?
-- max: 5000
SELECT id, monument_id, code, audience, min_persons, amount_cents, vat_code, valid_from, valid_to
  FROM tariff
 WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day)
 ORDER BY monument_id, audience, min_persons, valid_from;
