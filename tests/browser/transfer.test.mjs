// Payment by transfer (CRT-4), transfers to receive and the bank's statements (OPS-5), refunds after a monument's
// cancellation (ORD-4): from the buyer's click to the accountant's.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { AGENCY, SCHOOL, assertAccessible, closeBrowser, newPage, until } from './kit.mjs';
import { assertSound, freeSlot, hold, newestOrder, order, orderState, payAt, send, startShop, untilState, validate,
  wordsOf } from './purchase_kit.mjs';
import { demoStaff, freshCode, staffSignIn } from './staff_kit.mjs';

const OURS = 'FR7699999000010001234567809';
let guichet;
let agency;
let school;
let desk;
let accountant;
let book = 0;

before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn(AGENCY);
  school = await guichet.signIn(SCHOOL);
  desk = await staffSignIn(guichet, demoStaff(guichet, 'customer-service'));
  accountant = await staffSignIn(guichet, demoStaff(guichet, 'accountant'));
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

/* ---- steps ---- */

const rfOf = (text) => wordsOf(text).match(/RF\d\d(?: [0-9A-Z]{1,4})+/)[0];

async function askForTransfer(client, persons = 20) {
  await hold(guichet, client, 'conciergerie', persons, { cart: true, ahead: 20 });
  const answer = await validate(client, { paiement: 'virement' });
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 600));
  assert.match(answer.location, /\/commandes\/[0-9A-Z-]+$/);
  return newestOrder(client);
}

async function answerRequest(ref, answer, reason = 'bon de commande reçu') {
  const page = await desk.get(`/fr/service/virements/${ref}`);
  return send(desk, page, '/reponse', { reponse: answer, motif: reason });
}

async function record(ref, amount, changes = {}) {
  const page = await desk.get(`/fr/service/virements/${ref}`);
  return send(desk, page, '/recu', { montant: amount, reference: 'VIR 77', motif: 'relevé du jour', ...changes });
}

async function totalOf(client, ref) {
  const { text } = await client.get(`/fr/commandes/${ref}`);
  return wordsOf(text.match(/class="total__amount">(.*?)<\/span>/s)[1]).replace(' €', '').replace(/\s/g, '');
}

const cents = (text) => Math.round(Number(text.replace(',', '.')) * 100);
const euros = (n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`;

// A camt.053 statement whose balances add up.
function statement(lines, iban = OURS) {
  const number = ++book;
  const sum = lines.reduce((total, line) => total + line.amount, 0);
  const day = new Date(guichet.clock.now() * 1000).toISOString().slice(0, 10);
  const entries = lines.map(({ amount, text, payer = 'VOYAGES LUMIERE' }, i) => `<Ntry><NtryRef>${number}-${i}</NtryRef>
<Amt Ccy="EUR">${euros(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt>
<ValDt><Dt>${day}</Dt></ValDt><AcctSvcrRef>S${number}-${i}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>
<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>${payer}</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`);
  const balance = (code, amount) => `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${euros(amount)}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M${number}</MsgId><CreDtTm>${day}T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>ST${number}</Id><ElctrncSeqNb>${number}</ElctrncSeqNb>
<CreDtTm>${day}T20:00:00Z</CreDtTm><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>${balance('OPBD', 100000)}
${balance('CLBD', 100000 + sum)}${entries.join('')}</Stmt></BkToCstmrStmt></Document>`;
}

async function sendFile(client, bytes, name = 'releve.xml') {
  await client.get('/fr/service/releves');
  const body = new FormData();
  body.append('csrf', client.csrf);
  body.append('fichier', new Blob([bytes], { type: 'application/xml' }), name);
  return client.send('/fr/service/releves', { method: 'POST', body });
}

/* ---- CRT-4 ---- */

let first;

test('CRT-4: who may not yet asks; customer service allows one order, and the pro forma goes out', async () => {
  const ref = first = await askForTransfer(agency);
  const waiting = wordsOf((await agency.get(`/fr/commandes/${ref}`)).text);
  assert.match(waiting, /Votre demande de virement attend une réponse/);
  assert.doesNotMatch(waiting, /IBAN/, 'no bank details before it is allowed');
  assert.equal((await agency.get(`/fr/commandes/${ref}/proforma.pdf`)).status, 404);
  assert.equal((await desk.get('/fr/service/virements')).text.includes(ref), true);
  assert.equal((await answerRequest(ref, 'oui', '')).status, 422, 'a reason is needed');
  assert.equal((await answerRequest(ref, 'oui')).status, 303);
  const page = await agency.get(`/fr/commandes/${ref}`);
  assert.match(wordsOf(page.text), /à régler par virement/);
  assert.match(wordsOf(page.text), /FR76 9999 9000 0100 0123 4567 809/);
  assert.match(page.text, /<figure class="transfer__code"><svg/);
  const mail = await guichet.mail((m) => m.to === AGENCY.email && m.text.includes(ref) && /virement est attendu/.test(m.subject));
  assert.match(mail.text, /RF\d\d/);
  assert.equal(mail.attachments[0].filename, `proforma-${ref}.pdf`);
  const pdf = await agency.get(`/fr/commandes/${ref}/proforma.pdf`);
  assert.equal(pdf.status, 200);
  assert.equal(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
  assert.equal((await school.get(`/fr/commandes/${ref}/proforma.pdf`)).status, 404, 'another organisation');
});

test('OPS-5: «reçu» confirms the order and sends its tickets; the same form twice counts once', async () => {
  const page = await desk.get(`/fr/service/virements/${first}`);
  const amount = await totalOf(agency, first);
  const wrong = await send(desk, page, '/recu', { montant: 'beaucoup', motif: 'relevé' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="beaucoup"/, 'what was typed is kept');
  for (let i = 0; i < 2; i += 1)
    assert.equal((await send(desk, page, '/recu', { montant: amount, motif: 'relevé du jour' })).status, 303);
  await untilState(agency, first, 'Payée');
  await guichet.mail((m) => m.text.includes(first) && m.attachments.some((a) => /billets-/.test(a.filename)), 'the tickets');
  const after = await desk.get(`/fr/service/virements/${first}`);
  assert.equal([...after.text.matchAll(/class="reach">/g)].length, 1, 'one receipt');
  await assertSound(guichet);
});

test('CRT-4: allowed for an account, the customer chooses «Virement»', async () => {
  const [, id] = (await desk.get(`/fr/service/recherche?q=${AGENCY.email}`)).text.match(/service\/organisations\/(\d+)"/);
  const form = await desk.get(`/fr/service/organisations/${id}/virement`);
  assert.equal((await send(desk, form, '/virement', { motif: '' })).status, 422);
  assert.equal((await send(desk, form, '/virement', { motif: 'client régulier' })).status, 303);
  await hold(guichet, agency, 'conciergerie', 20, { cart: true, ahead: 20 });
  const validation = wordsOf((await agency.get('/fr/validation')).text);
  assert.match(validation, /Vous recevez une facture pro forma/);
  assert.equal((await validate(agency, { paiement: 'virement' })).status, 303);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${await newestOrder(agency)}`)).text), /IBAN/);
});

test('VIS-1: school groups at the Arc pay by card or by transfer, without asking', async () => {
  const slot = await freeSlot(guichet, school, 'arc-de-triomphe', 20, { ahead: 20 });
  const held = await school.post('/fr/monuments/arc-de-triomphe/panier',
    { debut: slot.start, personnes: '20', public: 'school', cle: slot.key });
  assert.equal(held.status, 303, wordsOf(held.text).slice(0, 300));
  const validation = await school.get('/fr/validation');
  assert.match(wordsOf(validation.text), /Vous recevez une facture pro forma/);
  assert.equal((await validate(school, { paiement: 'virement' })).status, 303);
  assert.match(wordsOf((await school.get(`/fr/commandes/${await newestOrder(school)}`)).text), /à régler par virement/);
});

test('CRT-4: a visit that is near cannot be paid by transfer', async () => {
  await hold(guichet, agency, 'conciergerie', 10, { cart: true, ahead: 2 });
  const page = await agency.get('/fr/validation');
  assert.match(wordsOf(page.text), /trop proche pour un virement/);
  assert.match(page.text, /value="virement"\s+disabled/);
  assert.equal((await validate(agency, { paiement: 'virement' })).status, 422);
  const again = await agency.get('/fr/panier');
  assert.equal((await send(agency, again, '/retirer')).status, 303);
});

test('CRT-4: a buyer gives the order up, and the places return', async () => {
  const ref = await askForTransfer(agency);
  assert.equal((await send(agency, await agency.get(`/fr/commandes/${ref}`), '/renoncer')).status, 303);
  assert.match(await orderState(agency, ref), /Expirée|Non payée|expirée/i);
  await assertSound(guichet);
});

/* ---- OPS-5 ---- */

test('OPS-5: part, over and double payments are states that customer and desk see', async () => {
  const ref = await askForTransfer(agency);
  const total = cents(await totalOf(agency, ref));
  assert.equal((await record(ref, euros(total - 5000))).status, 303);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${ref}`)).text), /Nous avons reçu .* sur/);
  const mail = await guichet.mail((m) => m.text.includes(ref) && /virement incomplet/.test(m.subject));
  assert.match(mail.text, /Il reste 50,00/);
  assert.equal((await record(ref, '60,00')).status, 303);
  assert.equal(await orderState(agency, ref), 'Payée');
  const page = wordsOf((await agency.get(`/fr/commandes/${ref}`)).text);
  assert.match(page, /10,00 € à vous rembourser/);
  assert.match(page, /trop-perçu/);
  assert.equal((await record(ref, '60,00')).status, 303);
  assert.match(wordsOf((await desk.get('/fr/service/remboursements')).text), /trop-perçu.*payé deux fois/);
  await assertSound(guichet);
});

test('OPS-5: a statement settles what is exact, proposes what is near, and counts nothing twice', async () => {
  const [exact, near, amountOnly] = [await askForTransfer(agency), await askForTransfer(agency), await askForTransfer(agency)];
  const refs = {};
  for (const ref of [exact, near, amountOnly]) refs[ref] = rfOf((await agency.get(`/fr/commandes/${ref}`)).text);
  const total = cents(await totalOf(agency, exact));
  const file = statement([{ amount: total, text: `VIREMENT ${refs[exact]} MERCI` },
    { amount: total - 1000, text: refs[near] }, { amount: total, text: 'GROUPE DE DECEMBRE' }]);
  assert.equal((await sendFile(accountant, file)).status, 303);
  await untilState(agency, exact, 'Payée');
  assert.match(await orderState(agency, near), /attente/i);
  assert.match(await orderState(agency, amountOnly), /attente/i, 'never by amount alone');
  assert.equal((await sendFile(accountant, file)).status, 303);
  const page = await accountant.get('/fr/service/releves');
  const text = wordsOf(page.text);
  assert.match(text, /Ce relevé était déjà enregistré/);
  assert.match(text, /Rapprochements proposés.*Référence trouvée, montant incomplet/);
  assert.match(text, /Sans commande.*GROUPE DE DECEMBRE/);
  const entries = [...page.text.matchAll(/\/service\/releves\/(\d+)"/g)].map(([, id]) => id);
  assert.equal(entries.length, 2);
  const proposed = await accountant.get(`/fr/service/releves/${entries[0]}`);
  assert.equal((await send(accountant, proposed, entries[0], { decision: 'accepter', motif: '' })).status, 422);
  assert.equal((await send(accountant, proposed, entries[0], { decision: 'accepter', motif: 'frais de banque' })).status, 303);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${near}`)).text), /Nous avons reçu/);
  const loose = await accountant.get(`/fr/service/releves/${entries[1]}`);
  const nobody = await send(accountant, loose, entries[1], { decision: 'affecter', commande: 'XXXX', motif: 'essai' });
  assert.equal(nobody.status, 422);
  assert.equal((await send(accountant, loose, entries[1],
    { decision: 'affecter', commande: amountOnly.toLowerCase(), motif: 'le client a appelé' })).status, 303);
  await untilState(agency, amountOnly, 'Payée');
  await assertSound(guichet);
});

test('OPS-5: a file that is not ours, or damaged, is refused whole', async () => {
  const other = await sendFile(accountant, statement([{ amount: 100, text: 'X' }], 'FR7630006000011234567890189'));
  assert.equal(other.status, 422);
  assert.match(wordsOf(other.text), /n’est pas celui de notre compte/);
  const cut = await sendFile(accountant, statement([{ amount: 100, text: 'X' }]).slice(0, 900));
  assert.equal(cut.status, 422);
  assert.match(wordsOf(cut.text), /Rien n’a été enregistré/);
});

test('OPS-5: the buyer is reminded before the deadline; after it the places return and the buyer is told', async () => {
  const ref = await askForTransfer(agency);
  await guichet.clock.advance(8 * 86400);
  await guichet.mail((m) => m.text.includes(ref) && /virement attendu au plus tard/.test(m.subject), 'the reminder');
  await guichet.clock.advance(3 * 86400);
  await guichet.mail((m) => m.text.includes(ref) && /places rendues/.test(m.subject), 'the end');
  agency = await guichet.signIn(AGENCY);
  school = await guichet.signIn(SCHOOL);
  desk = await staffSignIn(guichet, demoStaff(guichet, 'customer-service'));
  accountant = await staffSignIn(guichet, demoStaff(guichet, 'accountant'));
  assert.doesNotMatch(await orderState(agency, ref), /attente/i);
  await assertSound(guichet);
});

/* ---- ORD-4 ---- */

test('ORD-4: a visit paid by card goes back through the provider, once, with a credit note', async () => {
  await hold(guichet, agency, 'conciergerie', 20, { cart: true, ahead: 20 });
  const placed = await order(agency);
  await payAt(placed.payAt);
  await untilState(agency, placed.ref, 'Payée');
  const form = await desk.get(`/fr/service/remboursements/commandes/${placed.ref}`);
  const line = form.text.match(/name="(ligne-\d+)"/)[1];
  assert.equal((await send(desk, form, placed.ref, { [line]: '99', motif: 'tempête', combien: 'partie' })).status, 422);
  assert.equal((await send(desk, form, placed.ref, { [line]: '5', motif: '', combien: 'partie' })).status, 422);
  for (let i = 0; i < 2; i += 1)
    assert.equal((await send(desk, form, placed.ref, { [line]: '5', motif: 'tempête', combien: 'partie' })).status, 303);
  const rest = await desk.get(`/fr/service/remboursements/commandes/${placed.ref}`);
  assert.equal((await send(desk, rest, placed.ref, { motif: 'tempête', combien: 'tout' })).status, 303);
  const refunds = await until(async () => {
    const all = (await guichet.book()).refunds ?? [];
    return all.length >= 2 && all;
  }, { what: 'two refunds in the provider’s book' });
  assert.equal(refunds.length, 2);
  const page = await until(async () => {
    const one = await agency.get(`/fr/commandes/${placed.ref}`);
    return (wordsOf(one.text).match(/Remboursé /g) ?? []).length >= 2 && one;
  }, { what: 'both refunds on the order’s page' });
  const notes = [...page.text.matchAll(/href="([^"]*\/avoirs\/AV\d{4}-\d{6}\.pdf)"/g)].map(([, address]) => address);
  assert.equal(notes.length, 2);
  const pdf = await agency.get(notes[0]);
  assert.equal(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
  assert.equal((await school.get(notes[0])).status, 404);
  const mail = await guichet.mail((m) => m.text.includes(placed.ref) && /^Remboursement/.test(m.subject));
  assert.match(mail.attachments[0].filename, /^avoir-AV/);
  await assertSound(guichet);
});

test('ORD-4: a transfer goes back by transfer; the accountant says when', async () => {
  const ref = await askForTransfer(agency);
  assert.equal((await record(ref, await totalOf(agency, ref))).status, 303);
  const form = await desk.get(`/fr/service/remboursements/commandes/${ref}`);
  assert.equal((await send(desk, form, ref, { motif: 'monument fermé', combien: 'tout' })).status, 303);
  const list = await accountant.get('/fr/service/remboursements');
  const row = list.text.split('<tr>').find((one) => one.includes(ref) && one.includes('/remboursements/virements/'));
  const [, address] = row.match(/href="([^"]*\/remboursements\/virements\/\d+)"/);
  const page = await accountant.get(address);
  assert.equal((await send(accountant, page, address, { date: '2031-01-01', reference: 'VIR 12' })).status, 422);
  assert.equal((await send(accountant, page, address, { reference: 'VIR 12' })).status, 303);
  await guichet.mail((m) => m.text.includes(ref) && /Remboursement parti/.test(m.subject), 'the news that it left');
  assert.match(wordsOf((await agency.get(`/fr/commandes/${ref}`)).text), /Remboursé/);
  await assertSound(guichet);
});

/* ---- who may, and how it looks ---- */

test('OPS-7: who has nothing to do with money learns nothing of it', async () => {
  for (const role of ['administrator', 'monument-manager', 'gate-agent']) {
    const client = await staffSignIn(guichet, demoStaff(guichet, role));
    for (const address of ['virements', `virements/${first}`, 'releves', 'releves/1', 'remboursements',
      `remboursements/commandes/${first}`, 'remboursements/paiements/1', 'organisations/1/virement'])
      assert.equal((await client.get(`/fr/service/${address}`)).status, 404, `${role}: ${address}`);
  }
  assert.equal((await accountant.get('/fr/service/organisations/1/virement')).status, 404, 'the accountant allows nobody');
  assert.equal((await agency.get('/fr/service/virements')).status, 303);
});

test('OPS-5: the pages are accessible in every look', async () => {
  const waits = await askForTransfer(agency);
  const page = await newPage(guichet, { bypassCSP: true });
  const account = demoStaff(guichet, 'customer-service');
  await page.goto('/fr/service/connexion');
  await page.getByLabel('Adresse e-mail').fill(account.email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await guichet.clock.advance(61);
  await page.getByLabel('Code').fill(await freshCode(guichet, account));
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL('**/service');
  const shots = process.env.SHOTS;
  if (shots) await mkdir(shots, { recursive: true });
  let n = 0;
  const look = async (address) => {
    await page.goto(address);
    await assertAccessible(page, address);
    if (!shots) return;
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${shots}/${String(n).padStart(2, '0')}-${width}.png`, fullPage: true });
    }
    n += 1;
  };
  for (const address of ['/fr/service/virements', '/en/service/virements', `/fr/service/virements/${waits}`,
    '/fr/service/releves', '/fr/service/remboursements', `/fr/service/remboursements/commandes/${first}`,
    '/fr/service/organisations/1/virement'])
    await look(address);
  const due = await page.goto('/fr/service/remboursements').then(() => page.locator('a[href*="/remboursements/paiements/"]').first().getAttribute('href'));
  await look(due);
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  const buyer = await newPage(guichet, { bypassCSP: true });
  await buyer.goto('/fr/connexion');
  await buyer.getByLabel('Adresse e-mail').fill(AGENCY.email);
  await buyer.getByLabel('Mot de passe', { exact: true }).fill(AGENCY.password);
  await buyer.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await buyer.waitForURL((url) => !url.pathname.endsWith('/connexion'));
  await hold(guichet, agency, 'conciergerie', 12, { cart: true, ahead: 20 });
  for (const address of [`/fr/commandes/${waits}`, `/en/commandes/${waits}`, '/fr/validation']) {
    await buyer.goto(address);
    await assertAccessible(buyer, address);
    if (!shots) continue;
    for (const width of [1280, 390]) {
      await buyer.emulateMedia({ colorScheme: 'light' });
      await buyer.setViewportSize({ width, height: 900 });
      await buyer.screenshot({ path: `${shots}/${String(n).padStart(2, '0')}-${width}.png`, fullPage: true });
    }
    n += 1;
  }
  assert.deepEqual(buyer.complaints, []);
  await buyer.context().close();
});
