#!/bin/sh
# Mistakes in sql/ must stop the build with the file and line; each case is a file and the message that it must give.
set -eu
sqlgen=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/queries" "$dir/schema"
failed=0
cases=0

run_queries() {
    "$sqlgen" queries "$dir/queries" "$dir/q.h" "$dir/q.c" store/q.h "$dir/q.d" 2>"$dir/errors"
}

# refused WHERE MESSAGE: standard input is a file of queries that must be refused there, with these words.
refused() {
    cat >"$dir/queries/case.sql"
    cases=$((cases + 1))
    if run_queries; then
        echo "accepted, but should say: $2"
        failed=1
    elif ! grep -qF "case.sql:$1: error: " "$dir/errors" || ! grep -qF -e "$2" "$dir/errors"; then
        echo "should say at line $1: $2"
        echo "but says: $(cat "$dir/errors")"
        failed=1
    fi
}

accepted() {
    cat >"$dir/queries/case.sql"
    cases=$((cases + 1))
    if ! run_queries; then
        cat "$dir/errors"
        failed=1
    fi
}

holds() {
    if ! grep -qF -e "$1" "$dir/q.c" "$dir/q.h"; then
        echo "is not made: $1"
        failed=1
    fi
}

refused 5 'the parameter «:b» is not in the in: list of «x»' <<'SQL'
-- name: x :exec
-- in: a int
UPDATE t
   SET a = :a
 WHERE b = :b;
SQL
refused 2 'the parameter «b» is never used' <<'SQL'
-- name: x :exec
-- in: a int, b int
UPDATE t SET a = :a;
SQL
refused 4 '«x» already stands at' <<'SQL'
-- name: x :exec
DELETE FROM t;

-- name: x :exec
DELETE FROM t;
SQL
refused 3 '«a» is named twice' <<'SQL'
-- name: x :exec
-- in: a int
-- in: a int
UPDATE t SET a = :a;
SQL
refused 1 '«x» gives 2 columns, out: names 1' <<'SQL'
-- name: x :one
-- out: a int
SELECT a, f(b, c) FROM t;
SQL
refused 1 'leaves the columns of «x» unknown' <<'SQL'
-- name: x :many
-- out: a int
SELECT t.* FROM t;
SQL
refused 1 'needs an out: list' <<'SQL'
-- name: x :many
SELECT a FROM t;
SQL
refused 1 'gives rows: it is :one or :many' <<'SQL'
-- name: x :exec
DELETE FROM t RETURNING a;
SQL
refused 1 'has an out: list but no RETURNING' <<'SQL'
-- name: x :one
-- out: a int
UPDATE t SET a = 1;
SQL
refused 1 '«:one», «:many» or «:exec» is expected' <<'SQL'
-- name: x
SELECT a FROM t;
SQL
refused 2 'a type is expected' <<'SQL'
-- name: x :exec
-- in: a integer
UPDATE t SET a = :a;
SQL
refused 2 'a comma is expected' <<'SQL'
-- name: x :exec
-- in: a int b int
UPDATE t SET a = :a, b = :b;
SQL
refused 2 'is a word of C' <<'SQL'
-- name: x :exec
-- in: default int
UPDATE t SET a = :default;
SQL
refused 2 '«inn:» is not known' <<'SQL'
-- name: x :exec
-- inn: a int
UPDATE t SET a = 1;
SQL
refused 2 'SQLite has no «::»' <<'SQL'
-- name: x :exec
UPDATE t SET a = 1::bigint;
SQL
refused 2 'one statement a name' <<'SQL'
-- name: x :exec
DELETE FROM t;
DELETE FROM u;
SQL
refused 2 'parameters are written :name' <<'SQL'
-- name: x :exec
DELETE FROM t WHERE a = ?1;
SQL
refused 2 'parameters are written :name' <<'SQL'
-- name: x :exec
DELETE FROM t WHERE a = $1;
SQL
refused 3 'a quote is not closed' <<'SQL'
-- name: x :exec
DELETE FROM t
 WHERE a = 'it''s;
SQL
refused 2 'a comment is not closed' <<'SQL'
-- name: x :exec
DELETE FROM t /* for ever;
SQL
refused 2 'SQL before the first' <<'SQL'
-- a file
DELETE FROM t;
SQL
refused 1 'has no SQL' <<'SQL'
-- name: x :exec
-- why: nothing
SQL
refused 1 'brackets of «x» do not match' <<'SQL'
-- name: x :exec
DELETE FROM t WHERE (a = 1;
SQL
refused 1 'is no SELECT, INSERT, UPDATE or DELETE' <<'SQL'
-- name: x :exec
VACUUM;
SQL
refused 3 'max: needs a number' <<'SQL'
-- name: x :many
-- out: a int
-- max: 10 rows; abort()
SELECT a FROM t;
SQL
refused 4 'stand before the SQL' <<'SQL'
-- name: x :one
SELECT a
  FROM t
-- out: a int
SQL

accepted <<'SQL'
-- A file with a remark */ that ends nothing.

-- name: first :one
-- why: a reason */ that must not end the comment
-- in: key text,
-- in: at int?
-- out: a int?, b blob?
SELECT DISTINCT a, (SELECT max(b) FROM u WHERE c IN (1, 2)) -- :not this; nor ?1
  FROM t /* nor :this */
 WHERE "k:ey" = ':no' || :key AND at >= :at AND :key <> '';

-- name: second :many
-- max: LIMIT_LIST * 2
-- out: a text
WITH RECURSIVE w (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM w)
INSERT INTO t (a) SELECT x, y FROM w RETURNING a -- with a remark behind
SQL
holds "FROM t WHERE \\\"k:ey\\\" = ':no' || ?1 AND at \""
holds "\">= ?2 AND ?1 <> ''\""
holds "\">= \$2 AND \$1 <> ''\""
holds 'struct maybe_int at;'
holds 'struct maybe_str b;'
holds 'enum err q_first(struct db *db, struct arena *arena, struct first_in in, struct first_row *ret_row, '
holds 'struct first_row *ret_row, bool *ret_found, struct fault *fault);'
holds 'enum err q_second(struct db *db, struct arena *arena, struct second_list *ret_list, struct fault *fault);'
holds 'const int db_statement_count = 2;'
grep -qF "$dir/queries/case.sql" "$dir/q.d" || { echo "the dependency file names no queries"; failed=1; }

# A folder that is empty, or is not there, is no mistake.
rm "$dir/queries/case.sql"
run_queries || { cat "$dir/errors"; failed=1; }
rmdir "$dir/queries"
run_queries || { cat "$dir/errors"; failed=1; }

schema() {
    "$sqlgen" schema "$dir/schema" "$dir/s.c" "$dir/s.d" 2>"$dir/errors"
}
schema_says() {
    cases=$((cases + 1))
    if schema || ! grep -qF -e "$1" "$dir/errors"; then
        echo "the schema should say: $1; but: $(cat "$dir/errors")"
        failed=1
    fi
}
sum_of() {
    schema || { cat "$dir/errors" >&2; exit 1; }
    sed -n 's/.*\.sum = //p' "$dir/s.c"
}
schema || { cat "$dir/errors"; failed=1; }
printf 'CREATE TABLE t (\n a {number}) {table};\n' >"$dir/schema/0001_a.sql"
schema_says '0001_a.sql:2: error: «{number}'
printf "CREATE TABLE t (a {int}, b TEXT DEFAULT '{x}') {table}; -- {y}\n" >"$dir/schema/0001_a.sql"
plain=$(sum_of)
grep -qF "a INTEGER, b TEXT DEFAULT '{x}') STRICT;" "$dir/s.c" || { echo "SQLite's words are wrong"; failed=1; }
grep -qF "a BIGINT, b TEXT DEFAULT '{x}') ;" "$dir/s.c" || { echo "PostgreSQL's words are wrong"; failed=1; }
printf "CREATE TABLE t (\n  a {int}, /* new */ b TEXT DEFAULT '{x}') {table};\n" >"$dir/schema/0001_a.sql"
[ "$plain" = "$(sum_of)" ] || { echo "remarks and blanks change the sum"; failed=1; }
printf "CREATE TABLE t (a {int}, b TEXT DEFAULT '{z}') {table};\n" >"$dir/schema/0001_a.sql"
[ "$plain" != "$(sum_of)" ] || { echo "a change does not change the sum"; failed=1; }
cp "$dir/schema/0001_a.sql" "$dir/schema/0003_c.sql"
schema_says 'a file 0002_….sql is expected here'

echo "$cases cases"
exit $failed
