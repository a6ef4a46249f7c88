// The sample documents through other people's readers: poppler for text and pictures, zbar for codes, veraPDF for
// PDF/UA. DOC_SAMPLE names the program that writes them (meson sets it):
// DOC_SAMPLE=build/tests/doc/doc_sample node --test tests/doc/check.mjs
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = process.env.DOC_SAMPLE;
assert.ok(program && existsSync(program), 'DOC_SAMPLE must name the built doc_sample');

const folder = mkdtempSync(join(tmpdir(), 'guichet-doc-'));
after(() => rmSync(folder, { recursive: true, force: true }));
execFileSync(program, [join(folder, 'first')]);
const at = name => join(folder, 'first', name);
const documents = readdirSync(join(folder, 'first')).filter(name => name.endsWith('.pdf'));

const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
// Poppler sets marks of direction around Arabic and Hebrew; they are no part of the text.
const textOf = (name, ...options) =>
    run('pdftotext', ...options, at(name), '-').replace(/[\u202a-\u202e\u200e\u200f]/g, '');
const pagesOf = name => textOf(name, '-layout').split('\f').slice(0, -1);
const wordsOf = text => text.replace(/[\s\u00a0\u202f]+/g, ' ');

test('the same data gives the same bytes', () => {
    execFileSync(program, [join(folder, 'second')]);
    assert.equal(documents.length, 10);
    for (const name of documents)
        assert.deepEqual(readFileSync(join(folder, 'second', name)), readFileSync(at(name)), name);
});

test('documents stay small', () => {
    const size = name => readFileSync(at(name)).length;
    assert.ok(size('ticket-group.pdf') < 120_000, `35 tickets: ${size('ticket-group.pdf')} bytes`);
    assert.ok(size('ticket-undated.pdf') < 40_000, `2 tickets: ${size('ticket-undated.pdf')} bytes`);
    assert.ok(size('invoice-3.pdf') < 40_000);
    assert.ok(size('manual.pdf') < 250_000);
});

for (const name of ['ticket-group', 'ticket-scripts', 'ticket-undated', 'ticket-crowded'])
    test(`every code of ${name} is read back`, () => {
        const expected = readFileSync(at(`${name}.codes`), 'utf8').trim().split('\n');
        run('pdftoppm', '-r', '100', '-gray', at(`${name}.pdf`), join(folder, name));
        const pictures = readdirSync(folder).filter(file => file.startsWith(`${name}-`)).sort();
        assert.equal(pictures.length, expected.length, 'a page a ticket');
        const read = pictures.map(file =>
            run('zbarimg', '--nodbus', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', join(folder, file)).trim());
        assert.deepEqual(read, expected);
    });

test('poppler finds no fault, tags, a title, and embedded fonts that map to text', () => {
    for (const name of documents) {
        const info = spawnSync('pdfinfo', [at(name)], { encoding: 'utf8' });
        assert.equal(info.stderr, '', name);
        assert.match(info.stdout, /Tagged:\s+yes/, name);
        assert.match(info.stdout, /Title:\s+\S/, name);
        const fonts = run('pdffonts', at(name)).trim().split('\n').slice(2);
        assert.ok(fonts.length >= 2, name);
        for (const font of fonts)
            assert.match(font, /\bCID TrueType\s+Identity-H\s+yes yes yes\b/, `${name}: ${font}`);
    }
});

test('a ticket says all that it must', () => {
    const pages = pagesOf('ticket-group.pdf');
    assert.equal(pages.length, 35);
    pages.forEach((page, i) => {
        const text = wordsOf(page);
        for (const words of ['Sainte-Chapelle', 'samedi 12 décembre 2026', '10 h 30', 'Voyages Œcuménique & Fils SARL',
            'Hélène Lefèvre-Ÿsaÿe', 'Les amis de la Franche-Comté', 'GU-7K3M9', `${i + 1} / 35`,
            `26114800${String(i + 1).padStart(4, '0')}`])
            assert.ok(text.includes(words), `page ${i + 1} lacks «${words}»: ${text}`);
        assert.equal(text.includes('Justificatif professionnel'), i === 0);
        assert.ok(text.includes(i === 0 ? 'gratuit' : '11,00 €'));
    });
    const [undated] = pagesOf('ticket-undated.pdf');
    assert.match(wordsOf(undated), /Valable jusqu’au.*23 novembre 2029/);
    assert.ok(!undated.includes('Heure'));
});

test('names of any script come out as they went in', () => {
    const pages = pagesOf('ticket-scripts.pdf').map(wordsOf);
    ['王小明', 'محمد بن عبد الله', 'Wang-Ómarsson', 'Αλέξανδρος Παπαδόπουλος', 'דוד בן־גוריון', 'สมชาย ใจดี',
        'श्रीमती इन्दिरा शर्मा', 'Nguyễn Thị Minh Khai, Łukasz Żółć, Šárka', '佐藤 さくら', 'لينا'].forEach((name, i) =>
        assert.ok(pages[i].includes(name), `page ${i + 1} lacks «${name}»: ${pages[i]}`));
    assert.ok(pages[0].includes('上海春秋国际旅行社（集团）有限公司'));
    assert.ok(pages[0].includes('شركة الأمل للسياحة والسفر'));
});

test('an invoice of 80 lines keeps its lines, pages and sums', () => {
    const pages = pagesOf('invoice-80.pdf');
    const text = wordsOf(pages.join('\n'));
    assert.equal(text.match(/ (275|0),00 € hors champ|hors champ (275|0),00 €/g).length, 80);
    pages.forEach((page, i) => {
        assert.ok(wordsOf(page).includes(`Page ${i + 1} / ${pages.length}`));
        assert.equal(page.includes('Suite page suivante'), i + 1 < pages.length);
    });
    for (const words of ['Facture', 'F2026-000123', 'SIRET 999 000 029 00010', 'Total 550,00 €', 'article 256 B',
        'Payée par carte bancaire'])
        assert.ok(text.includes(words), words);
    const proForma = wordsOf(textOf('invoice-pro-forma.pdf', '-layout'));
    for (const words of ['Facture pro forma', 'Total à payer 550,00 €', 'BIC TRPUFRP1', 'RF91 2026 0004 217'])
        assert.ok(proForma.includes(words), words);
    assert.ok(!proForma.includes('hors champ') && !proForma.includes('Payée'));
});

test('MON-2: a confirmation is one page that says all that it must', () => {
    const [page, ...more] = pagesOf('confirmation.pdf');
    assert.deepEqual(more, []);
    for (const words of ['Confirmation de réservation', 'K7Q2-XD4M', 'Abbaye de Cluny', 'samedi 12 décembre 2026', '10:30',
        'Valable uniquement le samedi 12 décembre 2026 à 10:30.', '25 personnes', 'Hélène Lefèvre-Ÿsaÿe', '王小明',
        'commande GU-7K3M9', 'groupes@monuments.example'])
        assert.ok(wordsOf(page).includes(words), words);
    assert.equal(pagesOf('confirmation-crowded.pdf').length, 1);
    const structure = run('pdfinfo', '-struct', at('confirmation.pdf'));
    assert.equal(structure.match(/^\s+H1/gm).length, 1);
    assert.equal(structure.match(/^\s+LI\b/gm).length, 6);
});

test('the structure of a table and the order of reading', () => {
    const structure = run('pdfinfo', '-struct', at('invoice-3.pdf'));
    assert.equal(structure.match(/^\s+TR/gm).length, 4 + 2, 'heading and three lines; heading and one VAT line');
    assert.equal(structure.match(/^\s+TH/gm).length, 5 + 3);
    const ticket = run('pdfinfo', '-struct-text', at('ticket-undated.pdf'));
    const order = ['Château d’Azay-le-Rideau', 'Valable jusqu’au', 'Figure', 'Plein tarif', 'Conditions',
        'groupes@monuments.example'];
    const places = order.map(words => ticket.indexOf(words));
    assert.ok(places.every(place => place >= 0), String(places));
    assert.deepEqual([...places].sort((a, b) => a - b), places);
});

test('the manual has every monument, and its contents name the right pages', () => {
    const pages = pagesOf('manual.pdf').map(wordsOf);
    const contents = pages.filter(page => / n° \d+ \d+ /.test(page)).join(' ');
    for (let i = 1; i <= 101; i++) {
        const [, number] = contents.match(new RegExp(` n° ${i} (\\d+)(?= )`)) ?? [];
        assert.ok(number, `monument ${i} is not in the contents`);
        assert.ok(pages[number - 1].includes(`n° ${i} `), `monument ${i} is not on page ${number}`);
        assert.ok(pages[number - 1].includes(`reservation-${i}@monuments.example`));
    }
    assert.ok(wordsOf(textOf('manual.pdf')).includes('groupe accompagné d’un guide quelle que soit sa taille'));
});

const jar = join(here, '../node_modules/@opendataloader/pdf/lib/opendataloader-pdf-cli.jar');
const jaxb = ['jaxb-api', 'jaxb-core', 'jaxb-runtime'].map(name => `/usr/share/java/${name}.jar`);
const veraPdf = files =>
    spawnSync('java', ['-cp', [jar, ...jaxb].join(':'), join(here, 'PdfUa.java'), ...files], { encoding: 'utf8' });

test('veraPDF finds every document valid PDF/UA-1, and a spoilt one not', () => {
    for (const needed of [jar, ...jaxb])
        assert.ok(existsSync(needed), `${needed} is missing: npm ci in tests/, Debian package libjaxb-java`);
    const spoilt = join(folder, 'spoilt.pdf');
    const bytes = readFileSync(at('ticket-undated.pdf'), 'latin1');
    assert.ok(bytes.includes('<pdfuaid:part>1<'));
    writeFileSync(spoilt, bytes.replace('<pdfuaid:part>1<', '<pdfuaid:part>7<'), 'latin1');
    const { stdout, stderr } = veraPdf([...documents.map(at), spoilt]);
    for (const name of documents)
        assert.match(stdout, new RegExp(`^${name}: valid`, 'm'), stdout + stderr);
    assert.match(stdout, /^spoilt\.pdf: NOT VALID/m);
});
