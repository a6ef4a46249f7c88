// `guichet user`: the operator's people from the command line, as a new network begins with it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startServer } from './kit.mjs';

let guichet;
before(async () => { guichet = await startServer({ options: ['--quiet'] }); });
after(() => guichet.stop());

const user = (...words) => guichet.command('user', ...words);

// RFC 6238, written here a second time.
function totp(secret, seconds) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac.at(-1) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

test('OPS-7: user add makes an administrator, who is listed and gets a link once', async () => {
  const added = await user('add', '--role', 'administrator', '--email', 'first@network.example', '--lang', 'en');
  assert.equal(added.code, 0, added.out);
  assert.match(added.out, new RegExp(`${guichet.url}/en/equipe/invitation/[\\w-]{43}\\n`));
  assert.match((await user('list')).out, /^administrator +first@network\.example +invited/m);
  const again = await user('add', '--role', 'administrator', '--email', 'First@Network.example');
  assert.equal(again.code, 1);
  assert.match(again.out, /has an account already/);
  assert.match((await user('link', '--email', 'first@network.example')).out, /\/en\/equipe\/invitation\//);
});

test('OPS-7: a gate agent needs a monument that exists', async () => {
  const words = ['add', '--role', 'gate-agent', '--email', 'gate@network.example'];
  assert.match((await user(...words)).out, /needs at least one --monument/);
  assert.match((await user(...words, '--monument', 'tour-eiffel')).out, /there is no «tour-eiffel»/);
  assert.equal((await user(...words, '--monument', 'conciergerie', '--monument', 'arc-de-triomphe')).code, 0);
  assert.match((await user('list')).out, /^gate-agent +gate@network\.example .*arc-de-triomphe, conciergerie$/m);
});

test('OPS-7: who leaves is disabled, and may come back; the last administrator stays', async () => {
  assert.equal((await user('disable', '--email', 'gate@network.example')).code, 0);
  assert.match((await user('list')).out, /^gate-agent +gate@network\.example +disabled/m);
  assert.equal((await user('enable', '--email', 'gate@network.example')).code, 0);
  assert.match((await user('list')).out, /^gate-agent +gate@network\.example +invited/m);
  const last = await user('disable', '--email', 'administration@reseau.example');
  assert.equal(last.code, 1);
  assert.match(last.out, /keeps at least one administrator/);
  assert.match((await user('disable', '--email', 'nobody@network.example')).out, /there is no «nobody@network\.example»/);
});

test('OPS-7: wrong words are answered with the usage', async () => {
  for (const words of [[], ['make'], ['code']]) assert.equal((await user(...words)).code, 2, words.join(' '));
  assert.match((await user('add', '--role', 'king', '--email', 'a@b.example')).out, /no such role/);
  assert.match((await user('add', '--rank', 'king')).out, /not understood/);
  assert.match((await user('add', '--role')).out, /needs a value/);
  assert.match((await user('add', '--role', 'accountant', '--email', 'nobody')).out, /not an e-mail address/);
});

test('ACC-6: the code of a secret is the one that any app shows', async () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  await guichet.clock.advance(0);
  const shown = async () => (await user('code', secret)).out.trim();
  const possible = () => [-1, 0, 1].map((step) => totp(secret, guichet.clock.now() + 30 * step));
  assert.equal(totp(secret, 59), '287082'); // the standard's own example
  assert.ok(possible().includes(await shown()));
  await guichet.clock.advance(86400);
  assert.ok(possible().includes(await shown()));
  assert.equal((await user('code', 'SHORT')).code, 1);
});

test('ACC-6: the demonstration names one of the operator’s people for each role', async () => {
  const { out } = await user('list');
  for (const role of ['administrator', 'customer-service', 'monument-manager', 'gate-agent', 'accountant'])
    assert.match(out, new RegExp(`^${role} +\\S+@reseau\\.example +active`, 'm'));
});
