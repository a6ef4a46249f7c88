// The words of the product: French typography, and signs that a reader never sees in good print.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';

const i18n = new URL('../../i18n/', import.meta.url);

// Every text of a language: { where, text }.
async function texts(lang) {
  const folder = new URL(`${lang}/`, i18n);
  const found = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.po')) continue;
    const po = await readFile(new URL(name, folder), 'utf8');
    let key = '';
    for (const [number, line] of po.split('\n').entries()) {
      key = line.match(/^msgid "(.+)"$/)?.[1] ?? key;
      const text = line.match(/^msgstr(?:\[\d\])? "(.*)"$/)?.[1];
      if (key && text !== undefined) found.push({ where: `${lang}/${name}:${number + 1} ${key}`, text });
    }
  }
  assert.ok(found.length > 300, `${found.length} texts of ${lang}`);
  return found;
}

const breaking = (found, pattern) => found.filter(({ text }) => pattern.test(text)).map(({ where, text }) => `${where}: ${text}`);

test('French has a space that does not break before : ; ? ! » and after «', async () => {
  const fr = await texts('fr');
  assert.deepEqual(breaking(fr, / [:;?!»]|« /), [], 'a space that breaks');
  assert.deepEqual(breaking(fr, /[\p{L}\p{N})}»][;?!»]|«[^\u00a0]|[\p{L})}»]:(?!\/\/)/u), [], 'no space');
});

test('apostrophes, quotes and dots are those of print', async () => {
  for (const lang of ['fr', 'en'])
    assert.deepEqual(breaking(await texts(lang), /\p{L}'\p{L}|\\"|\.\.\.|  /u), []);
});

test('English has no French signs', async () => {
  assert.deepEqual(breaking(await texts('en'), /[«»]| [:;?!]/), []);
});
