// «Membres» and «Sécurité» of customers: several people in one organisation, and an optional second factor.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, Client, SCHOOL, assertAccessible, closeBrowser, fieldValue, linkIn, signedInPage, startServer, words } from './kit.mjs';
import { freshCode, recoveryCodes, secretOn } from './staff_kit.mjs';

let guichet;
let manager;

before(async () => {
  guichet = await startServer({ options: ['--quiet'] });
  manager = await guichet.signIn(AGENCY);
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

async function invite(email, role) {
  await manager.get('/fr/client/membres');
  return manager.post('/fr/client/membres', { courriel: email, role, langue: 'fr' });
}

// Invites, accepts and signs in: { client, account }.
async function join(email, role) {
  assert.equal((await invite(email, role)).status, 303);
  const link = linkIn(await guichet.mail((m) => m.to === email, 'the invitation'), 'invitation');
  const guest = new Client(guichet.url);
  assert.equal((await guest.get(link)).status, 200);
  const account = { email, password: 'groupes et musées réunis' };
  const answer = await guest.post(link, { prenom: 'Lou', nom: 'Carpentier', telephone: '01 99 00 12 12', motdepasse: account.password });
  assert.equal(answer.status, 303);
  return { client: await guichet.signIn(account), account, link };
}

async function idOf(email) {
  const { text } = await manager.get('/fr/client/membres');
  return text.slice(text.indexOf(email)).match(/membres\/(\d+)\/role/)[1];
}

test('ACC-5: a manager invites by mail; the link works once; the newcomer has the role’s rights', async () => {
  const { client, link } = await join('lou@voyages-lumiere.example', 'read-only');
  assert.equal((await new Client(guichet.url).get(link)).status, 404, 'the link was used');
  const { text } = await client.get('/fr/client');
  assert.match(words(text), /Voyages/i);
  assert.doesNotMatch(text, /client\/membres/, 'no tab that leads nowhere');
  const refused = await client.get('/fr/client/membres');
  assert.equal(refused.status, 403);
  assert.match(words(refused.text), /Votre rôle ne le permet pas/);
  assert.equal((await client.post('/fr/client/membres', { courriel: 'a@b.example', role: 'manager', langue: 'fr' })).status, 403);
});

test('ACC-5: refusals: known addresses, the last manager, another organisation’s members', async () => {
  assert.equal((await invite(AGENCY.email, 'booker')).status, 422);
  assert.equal((await invite('quelqu.un@nouveau.example', 'administrator')).status, 422, 'not a role of organisations');
  const own = await idOf(AGENCY.email);
  await manager.get(`/fr/client/membres/${own}/role`);
  const last = await manager.post(`/fr/client/membres/${own}/role`, { role: 'booker' });
  assert.equal(last.status, 422);
  assert.match(words(last.text), /au moins un gestionnaire/);
  assert.equal((await manager.post(`/fr/client/membres/${own}/retirer`)).status, 422);
  const school = await guichet.signIn(SCHOOL);
  await school.get('/fr/client/membres');
  assert.equal((await school.get(`/fr/client/membres/${own}/retirer`)).status, 404);
  assert.equal((await school.post(`/fr/client/membres/${own}/role`, { role: 'booker' })).status, 404);
});

test('ACC-5: an invitation is cancelled; a role changes at once; who is removed is out at once', async () => {
  assert.equal((await invite('peut.etre@voyages-lumiere.example', 'booker')).status, 303);
  const link = linkIn(await guichet.mail((m) => m.to === 'peut.etre@voyages-lumiere.example'), 'invitation');
  const list = await manager.get('/fr/client/membres');
  const cancel = list.text.match(/\/fr\/client\/membres\/invitations\/\d+\/annuler/)[0];
  assert.equal((await manager.post(cancel)).status, 303);
  assert.equal((await new Client(guichet.url).get(link)).status, 404);
  const { client, account } = await join('sacha@voyages-lumiere.example', 'booker');
  const id = await idOf(account.email);
  await manager.get(`/fr/client/membres/${id}/role`);
  assert.equal((await manager.post(`/fr/client/membres/${id}/role`, { role: 'manager' })).status, 303);
  assert.equal((await client.get('/fr/client/membres')).status, 200);
  assert.equal((await manager.get(`/fr/client/membres/${id}/retirer`)).status, 200);
  assert.equal((await manager.post(`/fr/client/membres/${id}/retirer`)).status, 303);
  assert.equal((await client.get('/fr/client')).status, 303, 'signed out');
  assert.doesNotMatch((await manager.get('/fr/client/membres')).text, /sacha@/);
});

async function withPassword(account) {
  const client = new Client(guichet.url);
  await client.get('/fr/connexion');
  const answer = await client.post('/fr/connexion', { courriel: account.email, motdepasse: account.password, retour: '/fr/client/securite' });
  return { client, answer, step: fieldValue(answer.text, 'etape'), back: fieldValue(answer.text, 'retour') };
}

test('ACC-6: a customer turns the second factor on, signs in with it, and turns it off', async () => {
  const { client, account } = await join('dana@voyages-lumiere.example', 'booker');
  await client.get('/fr/client/securite');
  assert.equal((await client.post('/fr/client/securite/activer', { motdepasse: 'pas le bon du tout' })).status, 422);
  const setup = await client.post('/fr/client/securite/activer', { motdepasse: account.password });
  assert.equal(setup.status, 200);
  account.secret = secretOn(setup.text);
  assert.equal((await client.post('/fr/client/securite/confirmer', { code: '' })).status, 422);
  const codes = await client.post('/fr/client/securite/confirmer', { code: await freshCode(guichet, account) });
  assert.equal(codes.status, 200);
  assert.equal(recoveryCodes(codes.text).length, 10);
  const second = await withPassword(account);
  assert.equal(second.answer.status, 200);
  assert.equal((await second.client.get('/fr/client')).status, 303, 'the password alone opens nothing');
  assert.equal((await second.client.post('/fr/connexion/code', { etape: second.step, code: 'ABCDE-FGHJK' })).status, 422);
  const entered = await second.client.post('/fr/connexion/code',
    { etape: second.step, retour: second.back, code: recoveryCodes(codes.text)[3] });
  assert.equal(entered.status, 303);
  assert.equal(entered.location, '/fr/client/securite');
  const page = await second.client.get('/fr/client/securite');
  assert.match(words(page.text), /9 codes de secours/);
  const off = await second.client.post('/fr/client/securite/desactiver', { 'code-fin': await freshCode(guichet, account) });
  assert.equal(off.status, 303);
  assert.equal((await withPassword(account)).answer.status, 303, 'the password is enough again');
});

test('ACC-5, ACC-6: the pages are accessible in every look', async () => {
  await invite('attend@voyages-lumiere.example', 'accountant');
  const page = await signedInPage(guichet, { bypassCSP: true });
  const own = await idOf(AGENCY.email);
  for (const address of ['/fr/client/membres', '/en/client/membres', `/fr/client/membres/${own}/role`, `/en/client/membres/${own}/retirer`, '/fr/client/securite']) {
    await page.goto(address);
    await assertAccessible(page);
  }
  await page.getByLabel('Votre mot de passe').fill(AGENCY.password);
  await page.getByRole('button', { name: 'Préparer la double authentification' }).click();
  await page.getByRole('button', { name: 'Activer' }).waitFor();
  await assertAccessible(page, 'set-up');
  await page.context().clearCookies();
  await page.goto(linkIn(await guichet.mail((m) => m.to === 'attend@voyages-lumiere.example'), 'invitation'));
  await assertAccessible(page, 'invitation');
  assert.deepEqual(page.complaints, []);
});
