-- The demonstration network (src/service/demo.c). The rows that customers make too are added by their own statements.

-- name: demo_monument_count :one
-- why: the seed does nothing where there is data already
-- out: n int
SELECT COUNT(*) FROM monument;

-- name: demo_legal_text_add :exec
-- why: terms, privacy and accessibility in both languages
-- in: kind text, version text, lang text, effective_at int, body text
INSERT INTO legal_text (kind, version, lang, effective_at, body)
VALUES (:kind, :version, :lang, :effective_at, :body)
ON CONFLICT (kind, version, lang) DO NOTHING;

-- name: demo_vat_regime_add :exec
-- why: admissions of a public body are outside VAT
-- in: code text, category text, rate_bp int, mention_fr text, mention_en text
INSERT INTO vat_regime (code, category, rate_bp, mention_fr, mention_en)
VALUES (:code, :category, :rate_bp, :mention_fr, :mention_en)
ON CONFLICT (code) DO NOTHING;

-- name: demo_monument_add :one
-- why: one row of monuments.csv
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

-- name: demo_group_rule_add :exec
-- why: the table of the FAQ (PLA-3)
-- in: monument_id int, min_persons int, guide_waives_minimum int, max_persons int, option_days int?
-- in: confirm_days_before int, confirm_minute int, sales_close_minutes int, school_online int
INSERT INTO group_rule (monument_id, min_persons, guide_waives_minimum, max_persons, option_days, confirm_days_before,
                        confirm_minute, sales_close_minutes, school_online)
VALUES (:monument_id, :min_persons, :guide_waives_minimum, :max_persons, :option_days, :confirm_days_before,
        :confirm_minute, :sales_close_minutes, :school_online);

-- name: demo_tariff_add :exec
-- why: prices with validity dates
-- in: monument_id int, code text, audience text, min_persons int, amount_cents int, vat_code text, valid_from int
-- in: valid_to int?
INSERT INTO tariff (monument_id, code, audience, min_persons, amount_cents, vat_code, valid_from, valid_to)
VALUES (:monument_id, :code, :audience, :min_persons, :amount_cents, :vat_code, :valid_from, :valid_to);

-- name: demo_monument_manager :one
-- why: who takes the bookings by telephone
-- in: monument_id int
-- out: staff_id int
SELECT s.id FROM staff s JOIN staff_monument m ON m.staff_id = s.id
 WHERE m.monument_id = :monument_id AND s.role = 'monument-manager' ORDER BY s.id LIMIT 1;
