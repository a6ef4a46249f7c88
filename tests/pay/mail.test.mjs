// The mail room judged by others' code: composed messages read by mailparser, sending received by smtp-server, with its
// refusals, silences and certificates.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const program = process.env.GUICHET_MAIL_MAIN ?? new URL('../../build/tests/pay/mail_main', import.meta.url).pathname;

const message = {
  from: 'billets@guichet.example', fromName: 'Guichet – billets', to: 'camille@agence.example',
  toName: 'Élodie "la grande" Œuvré', replyTo: 'service@guichet.example', envelopeFrom: 'bounce+K7Q2@guichet.example',
  subject: 'Confirmation : Sainte-Chapelle, 25 personnes, le 3 décembre 2026 à 10 h 30 — commande K7Q2',
  text: 'Bonjour Élodie,\n\n.point\nFrom ici\n' + 'très '.repeat(60) + '\n=20 fin',
  html: '<p>Bonjour &amp; merci — <a href="https://guichet.example/?a=1&amp;b=2">billets</a></p>\n<p>' + 'é'.repeat(300) + '</p>',
  messageId: 'confirmation.K7Q2.1@guichet.example', date: 1795000000,
  attachments: [
    { name: 'billets.pdf', type: 'application/pdf', hex: Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31) % 256)).toString('hex') },
    { name: 'Sainte-Chapelle – été «25» 入場券.csv', type: 'text/csv; charset=utf-8', hex: Buffer.from('n°;code\n1;é\n').toString('hex') },
  ],
};

function run(args, input) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks = [];
    child.stdout.on('data', (c) => chunks.push(c));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out: Buffer.concat(chunks) }));
    child.stdin.end(JSON.stringify(input));
  });
}

async function send(port, { tls = 'none', ca = '-', user = '-', timeout = 20000, host = 'localhost', mail = message } = {}) {
  const { out } = await run(['smtp', host, String(port), tls, ca, user, String(timeout)], mail);
  return out.toString().trim().split('\n').map((line) => JSON.parse(line));
}

// A server with its messages; `options` go to smtp-server.
async function sink(options = {}) {
  const got = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'], logger: false, disableReverseLookup: true,
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (c) => chunks.push(c));
      stream.on('end', () => {
        got.push({ bytes: Buffer.concat(chunks), from: session.envelope.mailFrom.address, user: session.user,
          to: session.envelope.rcptTo.map((r) => r.address), secure: session.secure });
        done(null, 'taken');
      });
    }, ...options,
  });
  server.on('error', () => {});
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { got, port: server.server.address().port, close: () => new Promise((resolve) => server.close(resolve)) };
}

function refusal(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

let folder;
before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'guichet-mail-'));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`],
  { stdio: 'ignore' });
});
after(() => rmSync(folder, { recursive: true }));

async function check(bytes) {
  const mail = await simpleParser(bytes);
  assert.equal(mail.subject, message.subject);
  assert.deepEqual(mail.from.value, [{ address: message.from, name: message.fromName }]);
  assert.deepEqual(mail.to.value, [{ address: message.to, name: message.toName }]);
  assert.equal(mail.replyTo.value[0].address, message.replyTo);
  assert.equal(mail.messageId, `<${message.messageId}>`);
  assert.equal(mail.date.getTime(), message.date * 1000);
  assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
  assert.equal(mail.text.trimEnd(), message.text);
  assert.equal(mail.html.trimEnd(), message.html);
  assert.deepEqual(mail.attachments.map((a) => [a.filename, a.contentType, a.content.toString('hex'), a.contentDisposition]),
    message.attachments.map((a) => [a.name, a.type.split(';')[0], a.hex, 'attachment']));
}

test('a composed message is read back whole', async () => {
  const { code, out } = await run(['compose'], message);
  assert.equal(code, 0);
  const lines = out.toString('latin1').split('\r\n');
  assert.ok(lines.every((line) => line.length <= 76 && !/[\r\n\x80-\xff]/.test(line)));
  await check(out);
  assert.deepEqual((await run(['compose'], message)).out, out, 'the same message gives the same bytes');
});

test('nothing a customer types becomes a header or a recipient', async () => {
  const evil = { ...message, toName: 'A\r\nBcc: x@example.org', subject: 'B\r\n\r\nBody', fromName: '", <x@example.org>' };
  const mail = await simpleParser((await run(['compose'], evil)).out);
  assert.equal(mail.bcc, undefined);
  assert.deepEqual(mail.to.value.map((v) => v.address), [message.to]);
  assert.deepEqual(mail.from.value, [{ address: message.from, name: '", <x@example.org>' }]);
  assert.equal(mail.subject, 'B    Body');
  assert.equal((await run(['compose'], { ...message, to: 'a@b.example\r\nBcc: x@example.org' })).code, 1);
});

test('sends twice over one kept connection, with the bounce address as sender', async () => {
  let connections = 0;
  const server = await sink({ onConnect(session, done) { connections++; done(); } });
  const outcomes = await send(server.port);
  await server.close();
  assert.deepEqual(outcomes.map((o) => o.result), ['sent', 'sent']);
  assert.equal(connections, 1);
  assert.equal(server.got.length, 2);
  assert.equal(server.got[0].from, message.envelopeFrom);
  assert.deepEqual(server.got[0].to, [message.to]);
  await check(server.got[1].bytes);
});

for (const [code, result] of [[451, 'temporary'], [421, 'temporary'], [550, 'permanent'], [552, 'permanent']]) {
  for (const step of ['onMailFrom', 'onRcptTo']) {
    test(`${code} at ${step} is ${result}`, async () => {
      const server = await sink({ [step]: (address, session, done) => done(refusal(code, 'no thanks')) });
      const [first] = await send(server.port);
      await server.close();
      assert.equal(first.result, result);
      assert.equal(first.code, code);
      assert.match(first.detail, /no thanks/);
      assert.equal(server.got.length, 0);
    });
  }
  test(`${code} after the last byte is ${result}`, async () => {
    const server = await sink({ onData(stream, session, done) { stream.resume(); stream.on('end', () => done(refusal(code, 'not this'))); } });
    const [first] = await send(server.port);
    await server.close();
    assert.deepEqual([first.result, first.code], [result, code]);
  });
}

test('no answer after the last byte is uncertain', async () => {
  const server = await sink({ onData(stream, session) { stream.resume(); stream.on('end', () => drop()); } });
  const drop = () => { for (const c of sockets) c.destroy(); };
  const sockets = new Set();
  // A proxy, because smtp-server gives no hold of its sockets.
  const proxy = net.createServer((client) => {
    const upstream = net.connect(server.port, '127.0.0.1');
    client.pipe(upstream).pipe(client);
    for (const s of [client, upstream]) { sockets.add(s); s.on('error', () => {}); }
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const [first] = await send(proxy.address().port);
  proxy.close();
  await server.close();
  assert.equal(first.result, 'uncertain');
});

test('nobody listens: temporary', async () => {
  const closed = net.createServer();
  await new Promise((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  const [first] = await send(port);
  assert.equal(first.result, 'temporary');
  assert.equal(first.code, 0);
});

test('a host that never greets: temporary', async () => {
  const mute = net.createServer(() => {});
  await new Promise((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const [first] = await send(mute.address().port, { timeout: 300 });
  mute.close();
  assert.equal(first.result, 'temporary');
});

function secure(options) {
  return sink({ disabledCommands: [], authOptional: true, key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`),
    onAuth: (auth, session, done) => (auth.username === 'guichet' && auth.password === 'guichet'
      ? done(null, { user: auth.username }) : done(new Error('who?'))), ...options });
}

for (const [tls, options] of [['starttls', {}], ['implicit', { secure: true }]]) {
  test(`${tls}: verified certificate and sign-in`, async () => {
    const server = await secure(options);
    const [first] = await send(server.port, { tls, ca: `${folder}/cert.pem`, user: 'guichet' });
    const [refused] = await send(server.port, { tls, ca: `${folder}/cert.pem`, user: 'stranger' });
    const [unknown] = await send(server.port, { tls, user: 'guichet' });
    await server.close();
    assert.equal(first.result, 'sent');
    assert.equal(refused.result, 'temporary', 'a wrong password is not the message\'s fault');
    assert.equal(unknown.result, 'temporary');
    assert.deepEqual(server.got.map((m) => [m.secure, m.user]), [[true, 'guichet'], [true, 'guichet']]);
  });
}

test('STARTTLS required and not offered: nothing is sent', async () => {
  const server = await sink();
  const [first] = await send(server.port, { tls: 'starttls', ca: `${folder}/cert.pem` });
  await server.close();
  assert.equal(first.result, 'temporary');
  assert.equal(server.got.length, 0);
});

test('settings that would betray: refused', async () => {
  assert.deepEqual(await send(25, { host: 'mail.example' }), [{ error: 'input' }]);
  assert.deepEqual(await send(25, { host: 'localhost/x' }), [{ error: 'input' }]);
});
