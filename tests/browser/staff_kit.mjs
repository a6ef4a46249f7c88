// The operator's people in tests: the demonstration's accounts, one a role, and a phone that makes codes.
import assert from 'node:assert/strict';
import { Client, fieldValue, linkIn } from './kit.mjs';
import { totp } from './totp.mjs';

// { email, password, secret } of a role of the demonstration, from what `guichet demo` prints.
export function demoStaff(guichet, role) {
  const password = guichet.printed.match(/service\/connexion\s+password: (\S+)/)?.[1];
  const [, email, secret] = guichet.printed.match(new RegExp(`^\\s+${role}\\s+(\\S+@\\S+)\\s+([A-Z2-7]{16,})$`, 'm')) ?? [];
  assert.ok(password && secret, `the demonstration prints no account «${role}»`);
  return { email, password, secret };
}

// A code that was not used before: the clock goes on to the next step of thirty seconds.
export async function freshCode(guichet, account) {
  const step = Math.floor(guichet.clock.now() / 30);
  if (account.step >= step) await guichet.clock.advance(30 * (account.step - step + 1) + 1);
  account.step = Math.floor(guichet.clock.now() / 30);
  return totp(account.secret, guichet.clock.now());
}

export async function staffPassword(guichet, account) {
  const client = new Client(guichet.url);
  await client.get('/fr/service/connexion');
  const answer = await client.post('/fr/service/connexion', { courriel: account.email, motdepasse: account.password });
  return { client, answer, step: fieldValue(answer.text, 'etape') };
}

// An HTTP client of one of the operator's people, signed in with password and code.
export async function staffSignIn(guichet, account) {
  const { client, answer, step } = await staffPassword(guichet, account);
  assert.equal(answer.status, 200, `password of ${account.email}: ${answer.status}`);
  const entered = await client.post('/fr/service/connexion/code', { etape: step, code: await freshCode(guichet, account) });
  assert.equal(entered.status, 303, `code of ${account.email}: ${entered.status}`);
  return client;
}

export const secretOn = (text) => text.match(/<code class="factor-secret"[^>]*>([^<]*)/)[1].replaceAll(' ', '');
export const recoveryCodes = (text) => [...text.matchAll(/<li><code>([^<]+)<\/code>/g)].map((m) => m[1]);

// Follows an invitation of the operator's people to the end: { client, account, codes }.
export async function staffSetUp(guichet, link, email) {
  const client = new Client(guichet.url);
  const account = { email, password: 'un monument très visité' };
  assert.equal((await client.get(link)).status, 200);
  const enrol = await client.post(link, { prenom: 'Dominique', nom: 'Martel', motdepasse: account.password });
  assert.equal(enrol.status, 200);
  account.secret = secretOn(enrol.text);
  const codes = await client.post('/fr/service/connexion/installation',
    { etape: fieldValue(enrol.text, 'etape'), code: await freshCode(guichet, account) });
  assert.equal(codes.status, 200);
  return { client, account, enrol, codes: recoveryCodes(codes.text) };
}

// Invites one of the operator's people by an administrator's client, and sets the access up.
let invited = 0;
export async function staffOfRole(guichet, administrator, role, monuments = []) {
  const email = `${role}.${++invited}@reseau.example`;
  await administrator.get('/fr/service/personnes/inviter');
  const answer = await administrator.post('/fr/service/personnes/inviter',
    [['courriel', email], ['langue', 'fr'], ['role', role], ...monuments.map((id) => ['monuments', String(id)])]);
  assert.equal(answer.status, 303, `inviting ${role}: ${answer.status}`);
  const mail = await guichet.mail((m) => m.to === email, 'the invitation');
  return staffSetUp(guichet, linkIn(mail, 'invitation'), email);
}
