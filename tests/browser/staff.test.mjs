// The operator's side: signing in with two steps, its people, invitations, and what a role does not see.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, Client, closeBrowser, fieldValue, linkIn, newPage, startServer, assertAccessible, words } from './kit.mjs';
import { demoStaff, freshCode, recoveryCodes, secretOn, staffOfRole, staffPassword, staffSetUp, staffSignIn } from './staff_kit.mjs';

let guichet;
let administrator;
let boss;

before(async () => {
  guichet = await startServer({ options: ['--quiet'] });
  boss = demoStaff(guichet, 'administrator');
  administrator = await staffSignIn(guichet, boss);
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

test('ACC-6: the operator’s people need a code after the password; each code works once', async () => {
  const visitor = new Client(guichet.url);
  const away = await visitor.get('/fr/service/personnes');
  assert.equal(away.status, 303);
  assert.equal(away.location, '/fr/service/connexion?retour=%2Ffr%2Fservice%2Fpersonnes');
  const { client, answer, step } = await staffPassword(guichet, boss);
  assert.equal(answer.status, 200);
  assert.equal((await client.get('/fr/service')).status, 303, 'the password alone opens nothing');
  const code = await freshCode(guichet, boss);
  const wrong = await client.post('/fr/service/connexion/code', { etape: step, code: code === '000000' ? '111111' : '000000' });
  assert.equal(wrong.status, 422);
  const entered = await client.post('/fr/service/connexion/code', { etape: step, code });
  assert.equal(entered.status, 303);
  const home = await client.get('/fr/service');
  assert.equal(home.status, 200);
  assert.match(words(home.text), /Administration du réseau/);
  const again = await staffPassword(guichet, boss);
  assert.equal((await again.client.post('/fr/service/connexion/code', { etape: again.step, code })).status, 422, 'a code twice');
});

test('ACC-6: the cookies of the two sides do not open each other’s doors', async () => {
  const customer = await guichet.signIn(AGENCY);
  assert.equal((await customer.get('/fr/service')).status, 303);
  customer.cookies.set('guichet_service', customer.cookies.get('guichet_session'));
  assert.equal((await customer.get('/fr/service')).status, 303);
  const staff = new Client(guichet.url);
  staff.cookies.set('guichet_session', administrator.cookies.get('guichet_service'));
  assert.equal((await staff.get('/fr/client')).status, 303);
});

test('OPS-7: inviting, first sign-in with set-up and recovery codes, disabling', async () => {
  const { client, account, enrol, codes } = await staffOfRole(guichet, administrator, 'customer-service');
  assert.match(enrol.text, /<svg/, 'the QR code');
  assert.equal(codes.length, 10);
  const home = await client.get('/fr/service');
  assert.match(words(home.text), /Service clients/);
  assert.doesNotMatch(home.text, /service\/personnes/);
  const recovery = await staffPassword(guichet, account);
  assert.equal((await recovery.client.post('/fr/service/connexion/code', { etape: recovery.step, code: codes[0] })).status, 303);
  const used = await staffPassword(guichet, account);
  assert.equal((await used.client.post('/fr/service/connexion/code', { etape: used.step, code: codes[0] })).status, 422);
  const list = await administrator.get('/fr/service/personnes');
  const id = list.text.match(new RegExp(`personnes/(\\d+)">[^<]*</a></th>\\s*<td[^>]*>${account.email}`))[1];
  assert.equal((await administrator.post(`/fr/service/personnes/${id}/desactiver`)).status, 303);
  assert.equal((await client.get('/fr/service')).status, 303, 'the session ended');
  assert.equal((await staffPassword(guichet, account)).answer.status, 422);
  assert.equal((await administrator.post(`/fr/service/personnes/${id}/reactiver`)).status, 303);
  assert.equal((await staffPassword(guichet, account)).answer.status, 200);
});

test('OPS-7: a monument manager needs a monument; an invitation works once', async () => {
  await administrator.get('/fr/service/personnes/inviter');
  const refused = await administrator.post('/fr/service/personnes/inviter',
    { courriel: 'sans.monument@reseau.example', langue: 'fr', role: 'monument-manager' });
  assert.equal(refused.status, 422);
  assert.match(words(refused.text), /au moins un monument/);
  const form = await administrator.get('/fr/service/personnes/inviter');
  const monument = form.text.match(/name="monuments" value="(\d+)"/)[1];
  const { account } = await staffOfRole(guichet, administrator, 'monument-manager', [monument]);
  const mail = await guichet.mail((m) => m.to === account.email);
  assert.equal((await new Client(guichet.url).get(linkIn(mail, 'invitation'))).status, 404, 'used');
});

test('OPS-7: roles without the task are told that the page does not exist', async () => {
  const { client } = await staffOfRole(guichet, administrator, 'gate-agent',
    [(await administrator.get('/fr/service/personnes/inviter')).text.match(/name="monuments" value="(\d+)"/)[1]]);
  const accountant = (await staffOfRole(guichet, administrator, 'accountant')).client;
  for (const address of ['/fr/service/personnes', '/fr/service/personnes/inviter', '/fr/service/personnes/1']) {
    assert.equal((await client.get(address)).status, 404, address);
    assert.equal((await accountant.get(address)).status, 404, address);
  }
  await client.get('/fr/service');
  assert.equal((await client.post('/fr/service/personnes/1/desactiver')).status, 404);
  assert.equal((await client.post('/fr/service/personnes/inviter', { courriel: 'x@reseau.example', langue: 'fr', role: 'administrator' })).status, 404);
});

test('ACC-6: pages of the operator’s side are accessible in every look', async () => {
  const page = await newPage(guichet, { bypassCSP: true });
  await page.goto('/fr/service/connexion');
  await assertAccessible(page);
  await page.goto('/en/service/connexion');
  await page.getByLabel('E-mail address').fill(boss.email);
  await page.getByLabel('Password', { exact: true }).fill(boss.password);
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Code').fill('000 001');
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await assertAccessible(page, 'wrong code');
  await page.getByLabel('Code').fill(await freshCode(guichet, boss));
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/service');
  for (const address of ['/en/service', '/fr/service/personnes', '/fr/service/personnes/inviter', '/fr/service/personnes/1', '/fr/service/nulle-part']) {
    await page.goto(address);
    await assertAccessible(page);
  }
  const email = 'axe@reseau.example';
  await administrator.get('/fr/service/personnes/inviter');
  await administrator.post('/fr/service/personnes/inviter', { courriel: email, langue: 'fr', role: 'accountant' });
  await page.context().clearCookies();
  await page.goto(linkIn(await guichet.mail((m) => m.to === email), 'invitation'));
  await assertAccessible(page, 'invitation');
  await page.getByLabel('Prénom').fill('Alix');
  await page.getByLabel('Nom', { exact: true }).fill('Axe');
  await page.getByLabel('Choisissez un mot de passe').fill('une phrase pour entrer');
  await page.getByRole('button', { name: 'Continuer' }).click();
  const secret = secretOn(await page.content());
  await assertAccessible(page, 'set-up');
  await page.getByLabel('Code', { exact: true }).fill(await freshCode(guichet, { secret }));
  await page.getByRole('button', { name: 'Activer' }).click();
  await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
  await assertAccessible(page, 'recovery codes');
  assert.deepEqual(page.complaints, []);
});
