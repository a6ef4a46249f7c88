-- A monument as its own people keep it: facts, group rules, prices (OPS-2).

-- name: monument_work_all :many
-- why: the monuments of the operator's side, also those that are not published
-- max: 2000
-- out: id int, slug text, name text, city text, sale_mode text, published int, search_text text
SELECT id, slug, name, city, sale_mode, published, search_text FROM monument;

-- name: monument_work_flags :one
-- in: id int
-- out: published int
SELECT published FROM monument WHERE id = :id;

-- name: monument_put :exec
-- in: id int, name text, city text, department text, region text, kind text, description_fr text, description_en text
-- in: latitude_e4 int, longitude_e4 int, hours_summer text, hours_winter text, closing_days text, contact_email text
-- in: contact_phone text, published int, search_text text
UPDATE monument
   SET name = :name, city = :city, department = :department, region = :region, kind = :kind,
       description_fr = :description_fr, description_en = :description_en, latitude_e4 = :latitude_e4,
       longitude_e4 = :longitude_e4, hours_summer = :hours_summer, hours_winter = :hours_winter,
       closing_days = :closing_days, contact_email = :contact_email, contact_phone = :contact_phone,
       published = :published, search_text = :search_text
 WHERE id = :id;

-- name: group_rule_put :exec
-- in: monument_id int, min_persons int, guide_waives_minimum int, max_persons int, option_days int?
-- in: confirm_days_before int, confirm_minute int, sales_close_minutes int, school_online int
INSERT INTO group_rule (monument_id, min_persons, guide_waives_minimum, max_persons, option_days, confirm_days_before,
                        confirm_minute, sales_close_minutes, school_online)
VALUES (:monument_id, :min_persons, :guide_waives_minimum, :max_persons, :option_days, :confirm_days_before,
        :confirm_minute, :sales_close_minutes, :school_online)
ON CONFLICT (monument_id) DO UPDATE
   SET min_persons = excluded.min_persons, guide_waives_minimum = excluded.guide_waives_minimum,
       max_persons = excluded.max_persons, option_days = excluded.option_days,
       confirm_days_before = excluded.confirm_days_before, confirm_minute = excluded.confirm_minute,
       sales_close_minutes = excluded.sales_close_minutes, school_online = excluded.school_online;

-- name: tariff_history :many
-- why: every price that ever was or will be
-- max: 2000
-- in: monument_id int
-- out: id int, code text, audience text, min_persons int, amount_cents int, vat_code text, valid_from int, valid_to int?
SELECT id, code, audience, min_persons, amount_cents, vat_code, valid_from, valid_to
  FROM tariff WHERE monument_id = :monument_id
 ORDER BY audience, code, valid_from;

-- name: tariff_kind :many
-- why: the prices of one kind, by their day
-- max: 500
-- in: monument_id int, audience text, code text
-- out: id int, min_persons int, amount_cents int, vat_code text, valid_from int, valid_to int?
SELECT id, min_persons, amount_cents, vat_code, valid_from, valid_to
  FROM tariff WHERE monument_id = :monument_id AND audience = :audience AND code = :code
 ORDER BY valid_from;

-- name: tariff_one :one
-- in: id int, monument_id int
-- out: code text, audience text, min_persons int, amount_cents int, vat_code text, valid_from int, valid_to int?
SELECT code, audience, min_persons, amount_cents, vat_code, valid_from, valid_to
  FROM tariff WHERE id = :id AND monument_id = :monument_id;

-- name: tariff_add :one
-- in: monument_id int, code text, audience text, min_persons int, amount_cents int, vat_code text, valid_from int
-- in: valid_to int?
-- out: id int
INSERT INTO tariff (monument_id, code, audience, min_persons, amount_cents, vat_code, valid_from, valid_to)
VALUES (:monument_id, :code, :audience, :min_persons, :amount_cents, :vat_code, :valid_from, :valid_to)
RETURNING id;

-- name: tariff_end_put :exec
-- in: id int, valid_to int?
UPDATE tariff SET valid_to = :valid_to WHERE id = :id;

-- name: tariff_drop :exec
-- why: only one that never applied
-- in: id int, monument_id int, today int
DELETE FROM tariff WHERE id = :id AND monument_id = :monument_id AND valid_from > :today;

-- name: monument_add :one
-- why: a new monument of an import
-- in: slug text, name text, city text, department text, region text, kind text, description_fr text
-- in: description_en text, latitude_e4 int, longitude_e4 int, hours_summer text, hours_winter text, closing_days text
-- in: sale_mode text, contact_email text, contact_phone text, search_text text
-- out: id int
INSERT INTO monument (slug, name, city, department, region, kind, description_fr, description_en, latitude_e4,
                      longitude_e4, hours_summer, hours_winter, closing_days, sale_mode, contact_email, contact_phone,
                      search_text)
VALUES (:slug, :name, :city, :department, :region, :kind, :description_fr, :description_en, :latitude_e4,
        :longitude_e4, :hours_summer, :hours_winter, :closing_days, :sale_mode, :contact_email, :contact_phone,
        :search_text)
RETURNING id;

-- name: monument_of_slug :one
-- why: an import finds what it brought before, also what is not published
-- in: slug text
-- out: id int, sale_mode text, contact_email text, contact_phone text, published int
SELECT id, sale_mode, contact_email, contact_phone, published FROM monument WHERE slug = :slug;

-- name: monument_mode_put :exec
-- in: id int, sale_mode text
UPDATE monument SET sale_mode = :sale_mode WHERE id = :id;

-- name: monument_has_slots :one
-- why: a monument with slots does not change how it sells
-- in: monument_id int
-- out: n int
SELECT count(*) FROM (SELECT 1 AS one FROM slot WHERE monument_id = :monument_id LIMIT 1) s;

-- name: vat_regime_add :exec
-- in: code text, category text, rate_bp int, mention_fr text, mention_en text
INSERT INTO vat_regime (code, category, rate_bp, mention_fr, mention_en)
VALUES (:code, :category, :rate_bp, :mention_fr, :mention_en)
ON CONFLICT (code) DO NOTHING;
