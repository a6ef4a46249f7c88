// What the generators refuse, with the file and line that they name, and what they make of good input.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

const { TPLGEN, POGEN, EMBED } = process.env;
const made = [];
after(() => { for (const d of made) rmSync(d, { recursive: true }); });

function run(tool, files) {
  const dir = mkdtempSync(join(tmpdir(), 'generators-'));
  made.push(dir);
  mkdirSync(join(dir, 'in'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, 'in', name)), { recursive: true });
    writeFileSync(join(dir, 'in', name), text);
  }
  const r = spawnSync(tool, ['in', 'out.h', 'out.c', 'out.d'], { cwd: dir, encoding: 'utf8' });
  const out = (name) => readFileSync(join(dir, name), 'utf8');
  return { ok: r.status === 0, error: r.stderr, h: () => out('out.h'), c: () => out('out.c'), d: () => out('out.d') };
}

const template = (body) => run(TPLGEN, { 'x.html': `{{view struct x}}\n${body}\n`, 'part.html': '{{view none}}\npart\n' });

test('templates that are refused, at their line', () => {
  for (const [body, line, words] of [
    ['{{if v.a}}', 2, 'no {{end}}'],
    ['a\n{{for s in v.s}}\nb', 3, 'no {{end}}'],
    ['{{end}}', 2, 'without'],
    ['{{else}}', 2, 'without'],
    ['{{if v.a}}{{else}}{{else}}{{end}}', 2, 'belongs to an {{if}}'],
    ['{{for s in v.s}}{{else}}{{end}}', 2, 'belongs to an {{if}}'],
    ['{{for v in v.s}}{{end}}', 2, 'new name'],
    ['{{for s in v.s}}{{for s in v.s}}{{end}}{{end}}', 2, 'new name'],
    ['{{for s of v.s}}{{end}}', 2, 'is written'],
    ['\n<p {{v.a}}>', 3, 'quoted attribute'],
    ['<p class={{v.a}}>', 2, 'quoted attribute'],
    ['<p class=a{{v.a}}>', 2, 'unquoted'],
    ['<h{{v.level}}>', 2, "tag's name"],
    ['<script>{{v.a}}</script>', 2, 'inside <script>'],
    ['<SCRIPT>x={{t a.b}}</SCRIPT>', 2, 'inside <script>'],
    ['<style>p{}</style>', 2, 'Content-Security-Policy'],
    ['<p style="color:red">', 2, 'Content-Security-Policy'],
    ['<p onclick="x()">', 2, 'Content-Security-Policy'],
    ['<p ONCLICK="x()">', 2, 'Content-Security-Policy'],
    ['<a href="{{t a.b}}">', 2, 'address'],
    ['<a href="/x/{{v.a}}">', 2, 'href holds'],
    ['<a href="javascript:{{v.a}}">', 2, 'href holds'],
    ['<a HREF="/x/{{v.a}}">', 2, 'href holds'],
    ['<form action="/x?{{v.a}}">', 2, 'action holds'],
    ['<a href="x{{url "/a"}}">', 2, 'must begin'],
    ['<a href="{{url v.a}}">', 2, 'literal part'],
    ['<a href="{{url "//evil"}}">', 2, 'literal part'],
    ['<a href="{{url "/a b"}}">', 2, 'percent-encoded'],
    ['<a href="{{if v.a}}">{{end}}', 2, 'branch begun'],
    ['{{if v.a}}<p {{end}}>', 2, 'branch begun'],
    ['{{if v.a}}<p title="{{else}}<p title="{{end}}">', 2, 'branch begun'],
    ['<p', 2, 'ends inside'],
    ['<p title="x', 2, 'ends inside'],
    ['a < b', 2, '&lt;'],
    ['<!-- open', 2, 'not closed'],
    ['{{v.a', 2, 'not closed'],
    ['{{v.a; evil()}}', 2, "';'"],
    ['{{v.}}', 2, "field's name"],
    ['{{}}', 2, 'missing'],
    ['{{use nothing}}', 2, 'no template nothing.html'],
    ['{{use part v.a}}', 2, 'takes no view'],
    ['{{use x}}', 2, 'needs a view'],
    ['<p {{use part}}>', 2, 'in text'],
    ['{{t a.b n}}', 2, 'name=value'],
    ['{{t v->key}}', 2, 'message key'],
    ['{{view none}}', 2, 'first line'],
    ['{{if (v.a}}x{{t a.b n=(v.n}}{{end}}', 2, 'bracket'],
  ]) {
    const r = template(body);
    assert.ok(!r.ok, `accepted: ${body}`);
    assert.ok(r.error.startsWith(`in/x.html:${line}: `) && r.error.includes(words), `${body} → ${r.error}`);
  }
});

test('a template begins with its view', () => {
  for (const text of ['', '<p>', '{{view planning}}', '{{view struct a b}}', ' {{view none}}', '{{view none}} x\n', '{{view struct a;}}'])
    assert.match(run(TPLGEN, { 'x.html': text }).error, /^in\/x\.html:1: /, text);
  assert.match(run(TPLGEN, { 'Bad-name.html': '{{view none}}\n' }).error, /file name/);
});

test('templates become C that names their lines', () => {
  const r = template('<p>a</p><p>b</p>\n{{v.title}}\n{{if v.n > 2 && has v.name}}{{v.list[v.n].x}}{{end}}');
  assert.ok(r.ok, r.error);
  assert.match(r.h(), /void tpl_x\(struct buf \*out, const struct page \*page, const struct x \*v\);/);
  assert.match(r.h(), /void tpl_part\(struct buf \*out, const struct page \*page\);/);
  assert.match(r.c(), /buf_put\(out, "<p>a<\/p><p>b<\/p>\\n", 17\);\n#line 3 "in\/x\.html"\n    TPL_OUT\(out, page, v->title\);/);
  assert.match(r.c(), /if \(v->n > 2 && TPL_HAS\(v->name\)\)/);
  assert.match(r.c(), /TPL_OUT\(out, page, v->list\[v->n\]\.x\)/);
  assert.equal(r.d(), 'out.h: in in/part.html in/x.html\n');
});

test('names in strings, fields and longer words are left alone', () => {
  const r = template('{{f("v.a", v.v, v.page, nov.a, \'v\')}}{{for s in v.list}}{{s}}{{s.s}}{{g(&s)}}{{s_index}}{{end}}');
  assert.ok(r.ok, r.error);
  assert.ok(r.c().includes(`f("v.a", v->v, v->page, nov.a, 'v')`));
  assert.ok(r.c().includes('TPL_OUT(out, page, (*s));') && r.c().includes('s->s') && r.c().includes('g(&(*s))') && r.c().includes('s_index)'));
});

const po = (fr, en = fr, more = {}) => run(POGEN, { 'fr/a.po': fr, 'en/a.po': en, ...more });
const msg = (key, text) => `msgid "${key}"\nmsgstr "${text}"\n`;

test('messages that are refused, at their line', () => {
  for (const [fr, en, words] of [
    [msg('a.b', 'x'), '', 'in/fr/a.po:1: "a.b" is missing in English'],
    ['', msg('a.b', 'x'), 'in/en/a.po:1: "a.b" is missing in French'],
    [msg('a.b', 'x {n}'), msg('a.b', 'x'), 'other arguments'],
    [msg('a.b', '{n} {m}'), msg('a.b', '{n} {k}'), 'other arguments'],
    [msg('a.b', 'x') + msg('a.b', 'y'), undefined, 'in/fr/a.po:3: "a.b" is also at in/fr/a.po:1'],
    [msg('a.b', 'x') + msg('a_b', 'y'), undefined, 'same C name MSG_a_b'],
    [msg('A', 'x'), undefined, 'lower-case'],
    [msg('a-b', 'x'), undefined, 'may hold only'],
    [msg('a.b', ''), undefined, 'has no text'],
    [msg('a.b', 'x }'), undefined, "'}'"],
    [msg('a.b', 'x {N}'), undefined, 'argument is written'],
    [msg('a.b', 'x {'), undefined, 'argument is written'],
    ['msgid "a"\nmsgid_plural "a"\nmsgstr[0] "x"\nmsgstr[1] ""\n', undefined, 'no plural text'],
    ['msgid "a.b"\nmsgstr x\n', undefined, 'in/fr/a.po:2: expected a quoted'],
    ['msgid "a.b"\nmsgstr "x\n', undefined, 'does not end'],
    ['msgid "a.b"\nmsgstr "x" y\n', undefined, 'after the closing quote'],
    ['msgid "a.b"\nmsgstr "\\x"\n', undefined, 'unknown escape'],
    ['nonsense\n', undefined, 'in/fr/a.po:1: expected msgid'],
    ['"alone"\n', undefined, 'belongs to nothing'],
  ]) {
    const r = po(fr, en);
    assert.ok(!r.ok, `accepted: ${fr}`);
    assert.ok(r.error.includes(words), `${fr} → ${r.error}`);
  }
});

test('a key is unique over all files of a language', () => {
  const r = po(msg('a.b', 'x'), undefined, { 'fr/b.po': msg('a.b', 'y'), 'en/b.po': '' });
  assert.match(r.error, /in\/fr\/b\.po:1: "a\.b" is also at in\/fr\/a\.po:1/);
});

test('messages become an enum, their arguments constants, their text escaped once', () => {
  const r = po('# why\nmsgid ""\nmsgstr "header"\n\n' + msg('z.last', 'a « b » {who}') + 'msgid "a.b"\nmsgid_plural "a.b"\nmsgstr[0] "un"\nmsgstr[1] "<{n}> "\n"suite??="\n');
  assert.ok(r.ok, r.error);
  assert.match(r.h(), /MSG_none,\s+MSG_a_b,\s+MSG_z_last,\s+MSG_COUNT/);
  assert.match(r.h(), /MSGARGS_a_b = 1,\s+MSGARG_a_b__n = 0,\s+MSGARGS_z_last = 1,\s+MSGARG_z_last__who = 0,/);
  assert.ok(r.c().includes('{"<{n}> suite\\?\\?=", 14}, {"&lt;{n}&gt; suite\\?\\?=", 20}'));
  assert.match(r.d(), /^out\.h: in\/fr in\/fr\/a\.po in\/en in\/en\/a\.po\n$/);
});

test('assets: types, versions that follow the content, names that fit', () => {
  const one = run(EMBED, { 'css/a.css': 'p{}', 'js/b-c.js': '"?"\n', 'README': 'left out' });
  assert.ok(one.ok, one.error);
  assert.match(one.h(), /ASSET_css_a_css,\s+ASSET_js_b_c_js,\s+ASSET_COUNT/);
  assert.match(one.c(), /"text\/css; charset=utf-8"/);
  const version = (r) => r.c().match(/\/assets\/css\/a\.css\\\?v=([0-9a-f]{8})/)[1];
  assert.notEqual(version(one), version(run(EMBED, { 'css/a.css': 'p{ }' })));
  assert.equal(version(one), version(run(EMBED, { 'css/a.css': 'p{}', 'css/z.css': '' })));
  assert.match(run(EMBED, { 'a b.css': '' }).error, /an asset's name/);
  assert.ok(run(EMBED, {}).ok);
});
